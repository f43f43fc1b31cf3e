"""Policies: thresholds, time limits, tries and pacing as files."""
