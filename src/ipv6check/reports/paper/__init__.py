"""Formal documents: PDF, and Word files that an office goes on writing."""
