"""Redirect chains, hop by hop."""

from enum import StrEnum
from typing import ClassVar

from ipv6check.model.contact import HttpReply
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure
from ipv6check.model.record import Record


class HopOutcome(StrEnum):
    """How one hop ended."""

    FOLLOWED = "followed"
    FINAL = "final"
    NO_AAAA = "no_aaaa"
    IPV4_LITERAL = "ipv4_literal"
    BLOCKED_ADDRESS = "blocked_address"
    BLOCKED_URL = "blocked_url"
    DNS_UNKNOWN = "dns_unknown"
    UNREACHABLE = "unreachable"
    LOOP = "loop"
    TOO_MANY = "too_many"


class Hop(Record, gc=False, frozen=True, kw_only=True):
    """One URL of a chain, what it answered, and the literal IPv6 address that was asked."""

    url: str
    outcome: HopOutcome
    status: int = 0
    address: str = ""
    failure: Failure | None = None
    detail: str = ""


class RedirectEvidence(Evidence, tag="redirect/1", gc=False, frozen=True, kw_only=True):
    """The chain from the target's URL over IPv6 only; empty where the first hop was never answered over IPv6.

    The last hop carries the reason the walk ended. ``downgraded``: a hop went from https to http. ``tries`` counts
    whole walks, the latest of which is kept. ``landed`` is the reply of the page a redirect led to, None if there was
    no redirect or it led nowhere.
    """

    needs_confirmation: ClassVar[bool] = True

    url: str
    hops: tuple[Hop, ...] = ()
    downgraded: bool = False
    tries: int = 1
    landed: HttpReply | None = None
