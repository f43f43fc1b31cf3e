"""Inventories and evidence from other systems."""
