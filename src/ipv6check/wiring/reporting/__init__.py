"""From stored results to what reports say: standings, their past, and whether a report still holds."""
