"""Probes go out and bring back evidence: frozen facts, total, never an opinion."""
