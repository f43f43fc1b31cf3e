"""Laying values that people wrote over a policy, with every fault and where it stands."""

import difflib
import math
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any, NamedTuple, TypeVar

import msgspec

from ipv6check.model.policy import Policy, Timeouts

_SHARES = frozenset({"content_similarity", "jitter"})
_AT_LEAST_ONE = frozenset({"max_addresses", "latency_samples", "concurrency"})
_ABOVE_ZERO = frozenset({"budget_s", *Timeouts.__struct_fields__})
_MOST_TRIES = 10


class Fault(NamedTuple):
    """One value that cannot be used; ``location`` are the keys as written, from the top of what was laid over."""

    location: tuple[str, ...]
    message: str


S = TypeVar("S", bound=msgspec.Struct)


def override(policy: Policy, values: Mapping[str, object]) -> tuple[Policy, tuple[Fault, ...]]:
    """``policy`` with ``values`` laid over it, and what could not be used.

    Keys are nested or dotted (``thresholds.max_addresses``); numbers may be text. A faulty value changes nothing.
    """
    faults: list[Fault] = []
    for location, path, value in _leaves(values, (), ()):
        policy, problem = _set(policy, path, value, "")
        if problem:
            faults.append(Fault(location, problem))
    return policy, tuple(faults)


def _leaves(
    values: Mapping[str, object], location: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], object]]:
    """Where each value stands, the names of structs and field that lead to it, and the value."""
    for key, value in values.items():
        place, names = (*location, key), (*path, *key.split("."))
        if isinstance(value, Mapping):
            yield from _leaves(value, place, names)
        else:
            yield place, names, value


def _set(base: S, path: tuple[str, ...], value: object, above: str) -> tuple[S, str]:
    """``base`` with one value replaced, or unchanged and what is wrong."""
    types = {field.name: field.type for field in msgspec.structs.fields(base)}
    head, *rest = path
    name = f"{above}{head}"
    if head not in types:
        near = difflib.get_close_matches(head, types, n=1)
        return base, f"{name} is not a known policy value" + (f"; did you mean {near[0]!r}?" if near else "")
    present = getattr(base, head)
    new: Any
    if isinstance(present, msgspec.Struct):
        if not rest:
            return base, f"{name} must be a mapping of fields"
        new, problem = _set(present, tuple(rest), value, f"{name}.")
        return msgspec.structs.replace(base, **{head: new}), problem
    if rest:
        return base, f"{name} is one value and has no parts"
    new, problem = _typed(head, types[head], value)
    return (base, f"{name} {problem}") if problem else (msgspec.structs.replace(base, **{head: new}), "")


def _typed(name: str, wanted: object, value: object) -> tuple[object, str]:
    """The value in the field's type, and what is wrong with it, or nothing."""
    try:
        found = msgspec.convert(value, wanted, strict=False)
    except msgspec.ValidationError:
        return None, f"must be {_described(wanted)}"
    numbers = [one for one in (found if isinstance(found, tuple) else (found,)) if isinstance(one, int | float)]
    if not all(math.isfinite(number) and number >= 0 for number in numbers):
        return None, "must not be negative, and must be finite"
    if name in _ABOVE_ZERO and not all(numbers):
        return None, "must be greater than 0"
    if name in _AT_LEAST_ONE and any(number < 1 for number in numbers):
        return None, "must be at least 1"
    if name in _SHARES and any(number > 1 for number in numbers):
        return None, "must be a share from 0 to 1"
    if isinstance(found, tuple) and len(found) > _MOST_TRIES and numbers:
        return None, f"must not have more than {_MOST_TRIES} entries"
    if name == "dns_udp" and not found:
        return None, "must have at least one entry"
    if name == "treat_as_global" and isinstance(found, tuple) and not all(map(_is_prefix, found)):
        return None, "must be a list of prefixes without host bits, such as 2001:db8::/32"
    return found, ""


def _is_prefix(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _described(wanted: object) -> str:
    if wanted is int:
        return "a whole number"
    if wanted is str:
        return "text"
    if wanted == tuple[float, ...]:
        return "a list of numbers"
    if wanted == tuple[str, ...]:
        return "a list of text"
    return "a number"
