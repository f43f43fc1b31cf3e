"""What the DNS said: one look-up, and the evidence built from look-ups."""

from enum import StrEnum

from ipv6check.model.evidence_base import Evidence
from ipv6check.model.record import Record


class DnsOutcome(StrEnum):
    """How one question ended. Only NODATA and NXDOMAIN prove that a record does not exist (RFC 2308).

    RECURSED: a resolver answered a question without recursion that was meant for an authoritative server, as one does
    that a network puts in between; nothing follows about the server.
    """

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    NOTIMP = "notimp"
    FORMERR = "formerr"
    OTHER_RCODE = "other_rcode"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    LAME = "lame"
    RECURSED = "recursed"
    CHAIN_LOOP = "chain_loop"
    CHAIN_TOO_LONG = "chain_too_long"
    DISAGREEMENT = "disagreement"
    LOCAL_ERROR = "local_error"
    NOT_ASKED = "not_asked"

    @property
    def proves_absence(self) -> bool:
        """True if the record does not exist for certain: NODATA, NXDOMAIN, or a CNAME chain that never ends."""
        return self in (DnsOutcome.NODATA, DnsOutcome.NXDOMAIN, DnsOutcome.CHAIN_LOOP, DnsOutcome.CHAIN_TOO_LONG)

    @property
    def is_known(self) -> bool:
        """True if the outcome says something about the name, not about the attempt to ask."""
        return self is DnsOutcome.ANSWER or self.proves_absence


class Lookup(Record, gc=False, frozen=True, kw_only=True):
    """The end of one question: ``records`` in answer order without duplicates, CNAME targets in ``chain``.

    ``queries`` counts the datagrams and TCP queries it took. ``bogus``: SERVFAIL, but answered with checking
    disabled (CD=1, RFC 4035 section 3.2.2). ``stated``: nobody was asked, the addresses were given by hand before the
    DNS has them, so nothing follows about the DNS. ``synthesised``: every address lies in the resolver's NAT64 prefix
    and embeds an A record (RFC 6147). ``single_resolver``: nobody confirmed an absence. ``ignored`` counts
    answers dropped because id, question or shape did not match.
    """

    name: str
    rdtype: str
    outcome: DnsOutcome
    records: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    ttl: int = 0
    took_ms: float = 0.0
    queries: int = 0
    resolver: str = ""
    over_tcp: bool = False
    bogus: bool = False
    synthesised: bool = False
    stated: bool = False
    single_resolver: bool = False
    ignored: int = 0
    votes: tuple[str, ...] = ()


class NameEvidence(Evidence, tag="name/1", gc=False, frozen=True, kw_only=True):
    """A and AAAA of one name as the vantage's resolvers gave them."""

    name: str
    aaaa: Lookup
    a: Lookup


class TwinEvidence(Evidence, tag="twin/1", gc=False, frozen=True, kw_only=True):
    """A and AAAA of a web name's www or apex twin; ``twin`` is empty where there is none to expect."""

    name: str
    twin: str
    aaaa: Lookup | None = None
    a: Lookup | None = None


class ServerAnswer(Record, gc=False, frozen=True, kw_only=True):
    """What one authoritative server, asked directly, said to A and then to AAAA of the same name."""

    server: str
    address: str
    a: DnsOutcome
    aaaa: DnsOutcome


class AuthorityEvidence(Evidence, tag="authority/1", gc=False, frozen=True, kw_only=True):
    """RFC 4074 pairs: every authoritative server of the name's zone, asked A and then AAAA.

    ``found`` tells how the search for the zone cut ended; ``servers`` is empty unless it is ANSWER.
    ``name`` is the name that was asked: the host itself, or another name of the same zone asked earlier.
    """

    name: str
    zone: str
    found: DnsOutcome
    servers: tuple[ServerAnswer, ...] = ()
