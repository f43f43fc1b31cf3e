"""What was found out about a DNS zone: its delegation, its servers address by address, and the way to it over IPv6."""

from enum import StrEnum
from typing import ClassVar

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.record import Record


class Direct(Record, gc=False, frozen=True, kw_only=True):
    """What one authoritative server said to one question asked without recursion.

    ``outcome`` is ANSWER, NODATA or NXDOMAIN only with authority (AA=1); without it LAME, also for a referral, whose
    zone, servers and glue (``NAME ADDRESS``) are kept. ``soa`` is ``APEX MNAME RNAME SERIAL``. ``edns``: the reply
    had an OPT record. ``truncated``: it came cut short over UDP. ``queries`` counts the packets with questions.
    """

    outcome: DnsOutcome
    records: tuple[str, ...] = ()
    alias: str = ""
    soa: str = ""
    referral: str = ""
    servers: tuple[str, ...] = ()
    glue: tuple[str, ...] = ()
    edns: bool = False
    truncated: bool = False
    queries: int = 0


class ZoneServer(Record, gc=False, frozen=True, kw_only=True):
    """One name server as the parent's referral and as the zone itself list it, with its glue and its own addresses.

    ``aaaa`` and ``a`` tell how the look-ups of its addresses ended; NOT_ASKED for A where the scan leaves IPv4 alone.
    """

    name: str
    in_parent: bool
    in_child: bool
    glue6: tuple[str, ...] = ()
    glue4: tuple[str, ...] = ()
    aaaa: DnsOutcome = DnsOutcome.NOT_ASKED
    a: DnsOutcome = DnsOutcome.NOT_ASKED
    own6: tuple[str, ...] = ()
    own4: tuple[str, ...] = ()


class ServerTest(Record, gc=False, frozen=True, kw_only=True):
    """One address of the zone's servers, asked directly: SOA over UDP, NS over TCP, AAAA of a name of the zone.

    ``names`` are all servers that have this address. ``barred`` is why it was not contacted. ``plain`` is the SOA
    question without EDNS, asked only where the one with EDNS brought nothing; else NOT_ASKED. ``data`` is the sorted
    AAAA answer, or one word; ``varies``: it was another when asked again.
    """

    address: str
    names: tuple[str, ...]
    barred: str = ""
    udp: DnsOutcome = DnsOutcome.NOT_ASKED
    tcp: DnsOutcome = DnsOutcome.NOT_ASKED
    plain: DnsOutcome = DnsOutcome.NOT_ASKED
    truncated: bool = False
    soa: str = ""
    servers: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    varies: bool = False

    @property
    def is_v6(self) -> bool:
        """True for an IPv6 address."""
        return ":" in self.address

    @property
    def answers(self) -> bool:
        """True if SOA came with authority over UDP, or where EDNS is not understood without it."""
        return DnsOutcome.ANSWER in (self.udp, self.plain)


class Break(StrEnum):
    """Why a zone cannot be reached by a resolver that has only IPv6."""

    NO_AAAA = "no_aaaa"
    GLUE_MISSING = "glue_missing"
    SERVERS_SILENT = "servers_silent"
    SERVERS_LAME = "servers_lame"
    SERVER_NAMES_UNREACHABLE = "server_names_unreachable"
    ADDRESS_UNUSABLE = "address_unusable"


class Chain(Record, gc=False, frozen=True, kw_only=True):
    """The walk from the root to the zone over IPv6 alone. ``path`` are the zones passed.

    ``broken`` is the first zone that cannot be reached (``.`` for the root), with the reason, its servers, and its
    operator as its SOA record names him; ``through`` is the zone behind which its servers' names lie unreachable.
    ``undecided`` is a word for what went wrong on our side (``budget``, ``no_root``, ``no_ipv6``, ``local_error``),
    and nothing else is told then.
    """

    path: tuple[str, ...] = ()
    broken: str = ""
    reason: Break | None = None
    servers: tuple[str, ...] = ()
    through: str = ""
    operator: str = ""
    undecided: str = ""
    queries: int = 0

    @property
    def is_whole(self) -> bool:
        """True if the zone was reached."""
        return not self.broken and not self.undecided


class ZoneReport(Record, gc=False, frozen=True, kw_only=True):
    """One zone, looked at once in a scan whatever the number of names below it.

    ``parent`` is the zone above; ``referral`` tells whether it was asked for the delegation: ANSWER if a referral came,
    NODATA if only servers that hold both zones answered. ``listed`` is the look-up of the zone's own NS records.
    ``ds``, ``dnskey``: NODATA is unsigned; ``bogus``: the resolver refuses the zone's data (RFC 4035 section 5).
    ``organisation`` is the part of the zone's name that somebody registered, empty above it. ``asked_v4`` and
    ``asked_v6`` are False where the scan or its vantage left a family alone, so that no test over it proves nothing.
    """

    zone: str
    organisation: str = ""
    parent: str = ""
    listed: DnsOutcome
    referral: DnsOutcome = DnsOutcome.NOT_ASKED
    servers: tuple[ZoneServer, ...] = ()
    tests: tuple[ServerTest, ...] = ()
    sample: str = ""
    ds: DnsOutcome = DnsOutcome.NOT_ASKED
    dnskey: DnsOutcome = DnsOutcome.NOT_ASKED
    bogus: bool = False
    chain: Chain = Chain(undecided="no_root")
    asked_v4: bool = True
    asked_v6: bool = True
    queries: int = 0


class Exchanger(Record, gc=False, frozen=True, kw_only=True):
    """One MX record's host (A-labels), and how the look-up of its AAAA records ended; NOT_ASKED for one that opted
    out, and for those beyond the first few of many. ``implicit``: there is no MX record, and the name itself takes its
    mail if any comes (RFC 5321 section 5.1)."""

    host: str
    preference: int
    aaaa: DnsOutcome
    addresses: tuple[str, ...] = ()
    implicit: bool = False


class ZonesEvidence(Evidence, tag="zones/1", gc=False, frozen=True, kw_only=True):
    """The zones a name depends on: its own, those of the aliases it goes through, those of its mail exchangers.

    ``found`` tells how the search for the own zone ended, ``mail_found`` the MX look-up (a null MX is NODATA).
    ``lost`` are alias targets, ``mail_lost`` mail exchangers whose zones could not be told. ``exchangers`` are the mail
    exchangers, the preferred ones first; the name itself if it is the top of its zone, with addresses and no MX.
    """

    needs_confirmation: ClassVar[bool] = True
    answers_prove: ClassVar[bool] = True
    name: str
    found: DnsOutcome
    zone: ZoneReport | None = None
    aliases: tuple[ZoneReport, ...] = ()
    lost: tuple[str, ...] = ()
    mail_found: DnsOutcome = DnsOutcome.NOT_ASKED
    mail: tuple[ZoneReport, ...] = ()
    mail_lost: tuple[str, ...] = ()
    exchangers: tuple[Exchanger, ...] = ()


class BindingEvidence(Evidence, tag="binding/1", gc=False, frozen=True, kw_only=True):
    """The HTTPS record of a web name (RFC 9460): ``hints6`` per record that has them, with its target name.

    ``hints`` are ``TARGET ADDRESS``; ``aaaa`` are the look-ups of the targets' AAAA records. ``http3`` are the
    ``TARGET PORT`` of records that offer HTTP/3: ``.`` is the name itself, 0 the port of the question.
    """

    name: str
    outcome: DnsOutcome
    hints: tuple[str, ...] = ()
    aaaa: tuple[Lookup, ...] = ()
    http3: tuple[str, ...] = ()


class Reverse(Record, gc=False, frozen=True, kw_only=True):
    """One address: the names its PTR records give, and whether one of them leads back to it.

    ``forward`` is how the look-up of the deciding name's AAAA ended; ``confirmed`` that it holds the address.
    """

    address: str
    outcome: DnsOutcome
    names: tuple[str, ...] = ()
    forward: DnsOutcome = DnsOutcome.NOT_ASKED
    confirmed: bool = False


class ReverseEvidence(Evidence, tag="reverse/1", gc=False, frozen=True, kw_only=True):
    """PTR and forward-confirmed reverse of a name's IPv6 addresses (RFC 1912 section 2.1). ``found`` is how the look-up
    of the addresses ended."""

    name: str
    found: DnsOutcome = DnsOutcome.ANSWER
    addresses: tuple[Reverse, ...] = ()
