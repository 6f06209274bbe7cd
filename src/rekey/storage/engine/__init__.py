"""Statements, connections and errors of the two engines, SQLite and PostgreSQL."""
