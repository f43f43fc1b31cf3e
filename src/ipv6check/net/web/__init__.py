"""HTTP over a pinned endpoint, and what a page says."""
