"""Exact counts and codes for programs: JSON with its schemas, CSV."""
