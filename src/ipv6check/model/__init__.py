"""Values that every other layer speaks in: frozen, typed, JSON-codable, and free of I/O."""
