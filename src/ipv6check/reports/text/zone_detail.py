"""Zones, hints and reverse names of one asset for a terminal: every server address and what it answered."""

from collections.abc import Iterable, Iterator

from ipv6check.model.mail import SendersEvidence
from ipv6check.model.zone import BindingEvidence, Chain, Reverse, ReverseEvidence, ServerTest, ZoneReport, ZonesEvidence
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages


def zones_lines(evidence: ZonesEvidence, messages: Messages) -> Iterator[str]:
    """The name's own zone, those of its aliases, those of its mail exchangers."""
    for role, reports in (
        ("", (evidence.zone,) if evidence.zone else ()),
        ("CNAME ", evidence.aliases),
        ("MX ", evidence.mail),
    ):
        for report in reports:
            yield from _report(report, role, messages)
    for one in evidence.exchangers:
        found = ", ".join(one.addresses) or messages.word("dns", one.aaaa.value)
        yield f"MX {one.preference} {inert(one.host)}: AAAA {inert(found)}"


def _report(report: ZoneReport, role: str, messages: Messages) -> Iterator[str]:
    said = f"DS {messages.word('dns', report.ds.value)}, DNSKEY {messages.word('dns', report.dnskey.value)}"
    yield f"{role}zone {inert(report.zone)} ← {inert(report.parent) or '.'}: {said}"
    for server in report.servers:
        glue, own = ", ".join(server.glue6) or "–", ", ".join(server.own6) or messages.word("dns", server.aaaa.value)
        yield f"    NS {inert(server.name)}: AAAA {own}; glue {glue}"
    for test in report.tests:
        yield f"    {test.address} ({inert(', '.join(test.names))}): {_test(test, messages)}"
    yield f"    IPv6: {_chain(report.chain, messages)}"


def _test(test: ServerTest, messages: Messages) -> str:
    if test.barred:
        return messages.word("address", test.barred)
    told = f"UDP {messages.word('dns', test.udp.value)}, TCP {messages.word('dns', test.tcp.value)}"
    return f"{told}, SOA {inert(test.soa)}" if test.soa else told


def _chain(chain: Chain, messages: Messages) -> str:
    path = " → ".join((".", *(inert(zone) for zone in chain.path)))
    if chain.undecided:
        return f"{path}: {messages.word('dns', chain.undecided)}"
    if chain.reason is not None:
        return f"{path} ✗ {inert(chain.broken)}: {messages.word('dns', chain.reason.value)} ({inert(chain.operator)})"
    return f"{path} ✓"


def binding_lines(evidence: BindingEvidence) -> Iterator[str]:
    """The hints of an HTTPS record."""
    if evidence.hints:
        yield f"HTTPS {inert(evidence.name)}: ipv6hint {inert(', '.join(evidence.hints))}"


def reverse_lines(evidence: ReverseEvidence, messages: Messages) -> Iterator[str]:
    """Every address with its names."""
    return _reverse(evidence.addresses, messages)


def senders_lines(evidence: SendersEvidence, messages: Messages) -> Iterator[str]:
    """What the SPF record passes over IPv6, what it says of the mail exchangers, and the senders' names."""
    covers = ", ".join(evidence.covers) or "–"
    why = f" ({messages.word('dns', evidence.cause)})" if evidence.cause.startswith("spf_") else ""
    yield f"SPF {inert(evidence.name)}: IPv6 {inert(covers)}; * {evidence.result}{why}; {evidence.lookups}/10"
    for host in evidence.hosts:
        said = ", ".join(f"{one.address} {one.result}" for one in (*host.v6, *host.v4))
        yield f"    MX {inert(host.host)}: {said}"
    yield from (f"    {line}" for line in _reverse(evidence.senders, messages))


def _reverse(addresses: Iterable[Reverse], messages: Messages) -> Iterator[str]:
    for one in addresses:
        names = ", ".join(map(inert, one.names)) or messages.word("dns", one.outcome.value)
        yield f"PTR {one.address}: {names}{' ✓' if one.confirmed else ''}"
