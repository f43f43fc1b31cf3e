"""Inventories from where they live: what other systems know, as drafts of assets."""
