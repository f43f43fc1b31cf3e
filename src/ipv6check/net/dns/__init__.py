"""Look-ups: the vantage's resolvers, authoritative servers asked straight, messages and zones."""
