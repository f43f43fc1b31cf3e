"""Services that a person names for our own use: an agent, an inventory, a channel, a collector."""
