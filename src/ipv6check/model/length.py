"""Lengths of time as people write them: ``90s``, ``15m``, ``6h``, ``2d``, ``1w``."""

import re

_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_SHAPE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)([smhdw])")


def seconds_of(text: str) -> float:
    """Seconds. ValueError for anything else than a number with a unit."""
    match = _SHAPE.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is no length of time; write a number and a unit, such as 90s, 15m, 6h or 2d")
    return float(match[1]) * _UNITS[match[2]]
