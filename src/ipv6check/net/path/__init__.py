"""Echo, packet sizes and hops: what the way to an address does."""
