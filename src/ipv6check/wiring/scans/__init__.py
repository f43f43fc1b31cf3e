"""Scans of an inventory into the store, and stored evidence judged again."""
