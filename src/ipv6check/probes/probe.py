"""What a probe is."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from ipv6check.model.asset import View
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.record import Record
from ipv6check.model.target import Target
from ipv6check.net.api import Net

E = TypeVar("E", bound=Evidence)

Seen = Mapping[type[Evidence], Evidence]


class Subject(Record, frozen=True, kw_only=True):
    """The target with what a probe must know of its assets: their view, and the wish to bypass caches."""

    target: Target
    view: View = View.PUBLIC
    fresh: bool = False
    families: tuple[int, ...] = (6, 4)


class Probe(Protocol[E]):
    """One job on the wire.

    ``yields`` is the evidence type it makes, ``needs`` what must be in ``seen`` first. A probe that retries finds
    its own earlier evidence in ``seen`` and makes one further try per undecided address.
    """

    yields: type[E]
    needs: tuple[type[Evidence], ...]

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> E:
        """Go out once; total."""
