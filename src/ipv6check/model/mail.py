"""What mail exchangers said over both families."""

from typing import ClassVar

from ipv6check.model.contact import Barred, Contact
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.record import Record
from ipv6check.model.zone import Reverse


class ExchangerTest(Record, gc=False, frozen=True, kw_only=True):
    """One mail exchanger, spoken to on port 25: every IPv6 address up to the policy's number, and IPv4 to compare.

    ``implicit``: there is no MX record, and the name itself takes its mail if any comes (RFC 5321 section 5.1).
    ``aaaa`` and ``a`` tell how the look-ups of its addresses ended; NOT_ASKED for a host that opted out, and for A
    where there is nothing to compare with. ``sampled``: there were more addresses. ``tries`` counts the rounds of
    connections, whichever name they were made for.
    """

    host: str
    preference: int
    implicit: bool = False
    aaaa: DnsOutcome = DnsOutcome.NOT_ASKED
    a: DnsOutcome = DnsOutcome.NOT_ASKED
    v6: tuple[Contact, ...] = ()
    v4: tuple[Contact, ...] = ()
    barred: tuple[Barred, ...] = ()
    sampled: bool = False
    tries: int = 0


class MailEvidence(Evidence, tag="mail/1", gc=False, frozen=True, kw_only=True):
    """SMTP at the mail exchangers of a name, up to EHLO and a TLS handshake; each host once a scan.

    ``found`` tells how the MX look-up ended (a null MX is NODATA); ``total`` is the number of exchangers, of which the
    preferred ones are in ``exchangers``.
    """

    needs_confirmation: ClassVar[bool] = True

    name: str
    found: DnsOutcome
    exchangers: tuple[ExchangerTest, ...] = ()
    total: int = 0


class SpfSaid(Record, gc=False, frozen=True, kw_only=True):
    """What the SPF record says about one address (a word of ``SpfResult``), and the word why if it is an error."""

    address: str
    result: str
    cause: str = ""


class SpfHost(Record, gc=False, frozen=True, kw_only=True):
    """A mail exchanger and what SPF says of its addresses: those of IPv6, and of IPv4 one that passes, else the first.
    ``v4`` is empty where every IPv6 address passes, since then nothing is compared."""

    host: str
    v6: tuple[SpfSaid, ...] = ()
    v4: tuple[SpfSaid, ...] = ()


class SendersEvidence(Evidence, tag="senders/1", gc=False, frozen=True, kw_only=True):
    """The SPF record of a name that takes mail (RFC 7208), and the IPv6 addresses that send for it as far as it tells.

    ``mail`` is how the MX look-up ended, ``found`` that of the record; NOT_ASKED where there is no MX record.
    ``result`` and ``cause`` are what the record says of an address that it does not name; ``none`` without a record.
    ``covers`` are IPv6 networks that pass (``all`` for everybody), ``names_v4`` that some of IPv4 do, ``depends`` that
    some of that could not be told without a message. ``senders`` are the reverse names of single IPv6 addresses that
    the name's own record passes.
    """

    needs_confirmation: ClassVar[bool] = True
    answers_prove: ClassVar[bool] = True

    name: str
    mail: DnsOutcome = DnsOutcome.NOT_ASKED
    found: DnsOutcome = DnsOutcome.NOT_ASKED
    result: str = "none"
    cause: str = ""
    lookups: int = 0
    voids: int = 0
    covers: tuple[str, ...] = ()
    names_v4: bool = False
    depends: bool = False
    hosts: tuple[SpfHost, ...] = ()
    senders: tuple[Reverse, ...] = ()
