"""Plans which probes the wanted checks need, runs them in a bounded pool, paces and confirms, and yields events.

The engine knows neither the store nor the screen.
"""
