"""What a page loads from elsewhere, and whether IPv6 leads there."""

from typing import ClassVar

from ipv6check.model.dns import Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.record import Record


class Resource(Record, gc=False, frozen=True, kw_only=True):
    """One host that a page loads from, for what, and the first such URL.

    ``own``: it lies under the same registrable name as the target (public suffix list). ``aaaa`` is its look-up;
    ``barred`` the reason why none of its addresses may be contacted from outside, else empty.
    """

    host: str
    kinds: tuple[str, ...]
    url: str
    own: bool
    aaaa: Lookup
    barred: str = ""


class ResourceEvidence(Evidence, tag="resources/1", gc=False, frozen=True, kw_only=True):
    """The hosts of a page's scripts, styles, images, frames, fonts and media, as its HTML names them.

    ``page`` is the URL that was read, empty where no page came back over IPv6. ``cut``: the page was longer than what
    is read, or names more hosts than are looked up. ``literals`` are URLs at an IPv4 address.
    """

    page: str = ""
    resources: tuple[Resource, ...] = ()
    literals: tuple[str, ...] = ()
    cut: bool = False


class Knock(Record, gc=False, frozen=True, kw_only=True):
    """One connection to a host that a page loads from: TCP, and TLS where the page asks for it; nothing is requested.
    ``failure`` is None if it came about."""

    host: str
    address: str
    port: int
    phase: Phase
    failure: Failure | None = None


class KnockEvidence(Evidence, tag="knocks/1", gc=False, frozen=True, kw_only=True):
    """Whether the hosts of a page that have IPv6 addresses answer there, each tried once in a scan whatever the number
    of pages. ``v4`` has one IPv4 address of those that did not answer, where the scan looks at IPv4. A host at a port
    that is neither 80, 443 nor the target's is in neither."""

    needs_confirmation: ClassVar[bool] = True

    v6: tuple[Knock, ...] = ()
    v4: tuple[Knock, ...] = ()
