"""One HTML file that needs nothing beside it, and the index of a set of them."""
