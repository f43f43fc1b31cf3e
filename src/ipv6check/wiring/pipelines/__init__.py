"""Looks at a few targets at once, nothing stored: here, at a vantage elsewhere, or for others."""
