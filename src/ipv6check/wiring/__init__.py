"""The composition root: the one place that builds real objects from settings."""
