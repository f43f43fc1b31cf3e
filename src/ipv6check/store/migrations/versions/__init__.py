"""One file a step. A released step is never changed: databases in the field have gone through it."""
