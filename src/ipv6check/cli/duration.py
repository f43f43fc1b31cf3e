"""Lengths of time as people write them."""

import re

from ipv6check.model.trouble import Trouble

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}
_SHAPE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h|)")


def seconds(text: str, option: str) -> float:
    """``90``, ``90s``, ``10m`` or ``1h`` in seconds. Raises Trouble for anything else, and for nothing at all."""
    match = _SHAPE.fullmatch(text.strip().lower())
    value = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if value <= 0:
        raise Trouble(f"{option} {text}: must be a length of time such as 30s, 10m or 1h")
    return value
