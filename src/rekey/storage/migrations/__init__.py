"""Alembic's scripts; `versions` holds one file for each revision."""
