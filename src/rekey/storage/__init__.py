"""The only room that speaks SQL: one set of tables and statements for SQLite and PostgreSQL."""
