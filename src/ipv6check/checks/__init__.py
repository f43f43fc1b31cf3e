"""Judgements: one file a rule, each a pure function from evidence and policy to a verdict."""
