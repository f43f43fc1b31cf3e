"""What runs by itself: scans on time, alerts, and metrics for whoever asks."""
