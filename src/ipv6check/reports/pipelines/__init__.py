"""What CI systems read, and the outcome of a check for whoever reads their logs."""
