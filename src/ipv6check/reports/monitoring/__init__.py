"""Metrics, states, alerts, and the files that run ipv6check on a machine."""
