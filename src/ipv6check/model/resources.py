"""What a page loads from elsewhere, and whether IPv6 leads there."""

from ipv6check.model.dns import Lookup
from ipv6check.model.evidence_base import Evidence
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
