"""Keeps inventories, scans, verdicts and evidence in SQLite or Postgres; no row and no session leaves it."""
