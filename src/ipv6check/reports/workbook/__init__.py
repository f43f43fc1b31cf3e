"""A spreadsheet with its sheets, charts and filters."""
