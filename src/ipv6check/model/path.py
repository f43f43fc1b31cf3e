"""The way of packets to one address: router by router, how large they may be, and which kinds get through."""

from enum import StrEnum

from ipv6check.model.contact import Barred, Contact
from ipv6check.model.dns import Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure
from ipv6check.model.record import Record


class Told(StrEnum):
    """What came back for a probe: nothing, an answer of the target, or an ICMP error (RFC 4443 section 3; RFC 792 and
    RFC 1812 section 5.2.7.1 for IPv4) by its meaning."""

    NOTHING = "nothing"
    ANSWER = "answer"
    HOP_LIMIT = "hop_limit"
    NO_ROUTE = "no_route"
    ADMIN_PROHIBITED = "admin_prohibited"
    BEYOND_SCOPE = "beyond_scope"
    ADDRESS_UNREACHABLE = "address_unreachable"
    PORT_UNREACHABLE = "port_unreachable"
    SOURCE_POLICY = "source_policy"
    REJECT_ROUTE = "reject_route"
    PACKET_TOO_BIG = "packet_too_big"
    PARAMETER_PROBLEM = "parameter_problem"
    OTHER_ERROR = "other_error"

    @property
    def ends_path(self) -> bool:
        """True if no probe with a larger hop limit can get farther."""
        return self not in (Told.NOTHING, Told.HOP_LIMIT)


class PathEnd(StrEnum):
    """How a path ended. REFUSED: a router or host sent the error that the last hop holds. LOOP: the same routers
    answered again and again. SILENT: nobody answered beyond the last hop. NOT_MEASURED: no probe left this machine."""

    REACHED = "reached"
    REFUSED = "refused"
    LOOP = "loop"
    SILENT = "silent"
    NOT_MEASURED = "not_measured"


class Hop(Record, gc=False, frozen=True, kw_only=True):
    """What a probe with this hop limit brought: who answered (empty: nobody), with what, after how many
    milliseconds."""

    limit: int
    told: Told = Told.NOTHING
    address: str = ""
    rtt_ms: float | None = None


class Path(Record, gc=False, frozen=True, kw_only=True):
    """The hops towards one address by ``means`` (tcp, with its port, or echo), up to the one that ended it; silent
    hops at the end are left out. ``cause`` tells why nothing was measured."""

    address: str
    means: str
    port: int = 0
    hops: tuple[Hop, ...] = ()
    end: PathEnd
    cause: Failure | None = None

    @property
    def last(self) -> Hop | None:
        """The farthest hop that answered."""
        return next((hop for hop in reversed(self.hops) if hop.address), None)


class SizedReply(Record, gc=False, frozen=True, kw_only=True):
    """An echo request whose packet had ``octets``, and what came of it. ``told_by`` sent an ICMP error (PACKET_TOO_BIG
    with the size it can carry in ``mtu``). ``failure``: it was not measured, and why."""

    octets: int
    told: Told = Told.NOTHING
    told_by: str = ""
    mtu: int = 0
    rtt_ms: float | None = None
    failure: Failure | None = None


class HeaderReply(Record, gc=False, frozen=True, kw_only=True):
    """An echo request in fragments (``fragments``, ``small_fragments``) or with a Destination Options header
    (``destination_options``)."""

    header: str
    reply: SizedReply


class AddressTrace(Record, gc=False, frozen=True, kw_only=True):
    """Everything measured on the way to one address: a connection, paths, packet sizes, headers."""

    contact: Contact
    paths: tuple[Path, ...] = ()
    sizes: tuple[SizedReply, ...] = ()
    headers: tuple[HeaderReply, ...] = ()

    @property
    def black_hole(self) -> bool:
        """True if small segments pass and full-size ones are lost without a word."""
        decisive = self.contact.decisive
        return decisive is not None and decisive.failure is Failure.PATH_MTU_BLACK_HOLE


class TargetTrace(Record, gc=False, frozen=True, kw_only=True):
    """A target with the trace of every address looked at, IPv6 before IPv4. ``at`` is UTC seconds since 1970."""

    target: str
    at: float
    aaaa: Lookup
    a: Lookup
    addresses: tuple[AddressTrace, ...] = ()
    barred: tuple[Barred, ...] = ()

    def of(self, family: int) -> tuple[AddressTrace, ...]:
        """The addresses of one family."""
        return tuple(one for one in self.addresses if one.contact.family == family)


class PathEvidence(Evidence, tag="path/1", gc=False, frozen=True, kw_only=True):
    """Paths to the IPv6 addresses of a target that did not connect; empty where all did, or nobody had to ask.

    ``wanted``: addresses that did not connect. A path is measured once for each /64 in a scan, so the address of a path
    may be a neighbour's.
    """

    target: str
    wanted: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()
