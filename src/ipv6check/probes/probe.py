"""What a probe is, and what it is told."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from ipv6check.model.asset import View
from ipv6check.model.contact import Barred
from ipv6check.model.dns import Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.record import Record
from ipv6check.model.target import Target
from ipv6check.net.api import Net

E = TypeVar("E", bound=Evidence)

Seen = Mapping[type[Evidence], Evidence]


def nobody(_: str) -> bool:
    """The empty opt-out list."""
    return False


class Subject(Record, frozen=True, kw_only=True):
    """The target, and how to look at it.

    ``fresh`` passes caches by; ``second_look`` tries once more what failed in the network. ``families`` are those
    the scan may send to: a rule that compares needs 4, and a vantage without IPv6 has none. ``is_opted_out`` tells of
    a host name met on the way (a twin, a redirect) that must not even be resolved.
    """

    target: Target
    view: View = View.PUBLIC
    fresh: bool = False
    second_look: bool = False
    families: tuple[int, ...] = (6, 4)
    is_opted_out: Callable[[str], bool] = nobody

    @property
    def internal(self) -> bool:
        """True if the asset may live on ULA or RFC 1918 addresses."""
        return self.view is View.INTERNAL


class Probe(Protocol[E]):
    """One job on the wire.

    ``yields`` is the evidence type it makes, ``needs`` what must be in ``seen`` first. A probe that retries finds
    its own earlier evidence in ``seen`` and makes one further try per undecided address; one that does not derives
    from ``OneTry``.
    """

    yields: type[E]
    needs: tuple[type[Evidence], ...]

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> E:
        """Go out once; total."""

    def wait_s(self, evidence: E, policy: Policy, families: tuple[int, ...]) -> float | None:
        """Seconds that the retry table puts before the next try; None if the evidence is settled."""

    def is_doubtful(self, evidence: E) -> bool:
        """True if it holds a failure that one more try much later may disprove: it gets a second look, and a fail of
        a rule on evidence that ``needs_confirmation`` waits for it."""


class OneTry:
    """The part of a probe whose evidence is settled by one call, and whose failures are looked into by others."""

    def wait_s(self, evidence: Evidence, policy: Policy, families: tuple[int, ...]) -> float | None:
        """Nothing more is owed."""
        return None

    def is_doubtful(self, evidence: Evidence) -> bool:
        """An answer."""
        return False


AnyProbe = Probe[Any]


def contactable(lookup: Lookup, subject: Subject, net: Net) -> tuple[tuple[str, ...], tuple[Barred, ...]]:
    """A look-up's addresses that may be contacted, in answer order, and those that may not, with the reason.

    What a DNS64 resolver made up is neither: it is not the target's.
    """
    if lookup.synthesised:
        return (), ()
    allowed: list[str] = []
    barred: list[Barred] = []
    for address in lookup.records:
        reason = net.dialer.bar(address, internal=subject.internal, zone=subject.target.zone)
        if reason:
            barred.append(Barred(address=address, reason=reason))
        else:
            allowed.append(address)
    return tuple(allowed), tuple(barred)
