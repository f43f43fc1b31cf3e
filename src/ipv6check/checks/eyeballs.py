"""The choice a client makes between addresses of both families (RFC 8305), on connect times that are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network
from itertools import zip_longest

ATTEMPT_DELAY_MS = 250.0
"""RFC 8305 section 8: from the start of one attempt to the start of the next."""
LEAST_GIVE_UP_S, MOST_GIVE_UP_S = 21, 127
"""How long a system tries an address that does not answer: Windows with 2 retries, Linux with tcp_syn_retries = 6."""
# RFC 6724 section 2.1: blocks ranked behind IPv4, whose precedence is 35.
_BEHIND_IPV4 = tuple(IPv6Network(block) for block in ("fc00::/7", "2002::/16", "2001::/32", "fec0::/10", "3ffe::/16"))
_MAY_BE_BEHIND = ("f", "2002:", "2001::", "2001:0", "3ffe:")  # nearly no address has to be parsed


@dataclass(frozen=True, slots=True)
class Trial:
    """One address: how long its handshake takes, None if it never ends; ``silent`` if nobody says that it fails."""

    address: str
    connect_ms: float | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The address that wins, how much later than alone, and whether IPv4 was tried first."""

    winner: Trial
    wait_ms: float
    ipv4_first: bool


def dead_first(trial: Trial) -> tuple[bool, bool, str]:
    """The order that is worst for a client: silent, refused, then those that connect."""
    return trial.connect_ms is not None, not trial.silent, trial.address


def in_order(v6: Sequence[Trial], v4: Sequence[Trial]) -> tuple[list[Trial], bool]:
    """Addresses in turn, the family that ranks first leading, and whether that is IPv4."""
    ipv4_first = all(_ranks_behind_ipv4(one.address) for one in v6)
    first, second = (v4, v6) if ipv4_first else (v6, v4)
    return [one for pair in zip_longest(first, second) for one in pair if one is not None], ipv4_first


def _ranks_behind_ipv4(address: str) -> bool:
    if not address.startswith(_MAY_BE_BEHIND):
        return False
    return any(IPv6Address(address) in block for block in _BEHIND_IPV4)


def choose(v6: Sequence[Trial], v4: Sequence[Trial]) -> Choice:
    """The first handshake that ends; at least one trial must connect. A refusal takes no time: it is not measured."""
    order, ipv4_first = in_order(v6, v4)
    start = 0.0
    best: tuple[float, float, Trial] | None = None
    for trial in order:
        if best is not None and best[0] <= start:
            break
        if trial.connect_ms is not None and (best is None or start + trial.connect_ms < best[0]):
            best = (start + trial.connect_ms, start, trial)
        start += 0.0 if trial.connect_ms is None and not trial.silent else ATTEMPT_DELAY_MS
    if best is None:
        raise ValueError("no address connects")
    return Choice(winner=best[2], wait_ms=best[1], ipv4_first=ipv4_first)


def sequential_s(v6: Sequence[Trial], v4: Sequence[Trial]) -> tuple[int, int]:
    """Seconds that a client loses which tries one address after the other, all of the better family first: on the
    system that gives up soonest, and on the one that waits longest."""
    _, ipv4_first = in_order(v6, v4)
    silent = 0
    for trial in [*v4, *v6] if ipv4_first else [*v6, *v4]:
        if trial.connect_ms is not None:
            break
        silent += trial.silent
    return silent * LEAST_GIVE_UP_S, silent * MOST_GIVE_UP_S
