"""What mail exchangers said over both families."""

from typing import ClassVar

from ipv6check.model.contact import Barred, Contact
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.record import Record


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
