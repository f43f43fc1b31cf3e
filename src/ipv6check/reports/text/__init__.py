"""For terminals and wikis: reports, single assets, paths, mandates and rules as lines of text."""
