"""What a vantage lets others ask: its file, who may come, what they may have looked at."""
