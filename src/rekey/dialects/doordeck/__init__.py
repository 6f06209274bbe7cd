"""The Doordeck API."""
