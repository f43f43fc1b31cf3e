"""This machine: can it see, does it get out, what does its kernel list."""
