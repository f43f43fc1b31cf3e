"""Mandate files: what must be counted, read with every fault at once."""
