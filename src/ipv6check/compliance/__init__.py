"""Counting: verdicts, a mandate and a day become readiness, rates and a standing. Pure: no SQL, no clock."""
