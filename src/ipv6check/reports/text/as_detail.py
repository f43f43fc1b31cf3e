"""One asset in full for a terminal: every attempt, what it brought back, each verdict, and what to do."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from ipv6check.compliance.ladder import place_of
from ipv6check.model.asset import Asset
from ipv6check.model.contact import Attempt, Contact, EchoEvidence, EndpointEvidence
from ipv6check.model.dns import AuthorityEvidence, Lookup, NameEvidence, TwinEvidence
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.http3 import Http3Evidence
from ipv6check.model.imported import HostEvidence, ImportedEvidence
from ipv6check.model.mail import MailEvidence, SendersEvidence
from ipv6check.model.networks import NO_NETWORKS, Networks
from ipv6check.model.path import PathEvidence
from ipv6check.model.redirect import RedirectEvidence
from ipv6check.model.resources import KnockEvidence, ResourceEvidence
from ipv6check.model.scan import Scan
from ipv6check.model.standing import AssetStanding
from ipv6check.model.verdict import Status, Verdict
from ipv6check.model.zone import BindingEvidence, ReverseEvidence, ZonesEvidence
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.text.as_trace import path_lines
from ipv6check.reports.text.imported_detail import host_lines, sighting_lines
from ipv6check.reports.text.verdict_detail import readiness_line, verdict_lines
from ipv6check.reports.text.zone_detail import binding_lines, reverse_lines, senders_lines, zones_lines

_TYPES: tuple[type, ...] = (
    NameEvidence,
    TwinEvidence,
    EndpointEvidence,
    Http3Evidence,
    RedirectEvidence,
    ResourceEvidence,
    KnockEvidence,
    EchoEvidence,
    PathEvidence,
    AuthorityEvidence,
    ZonesEvidence,
    MailEvidence,
    SendersEvidence,
    BindingEvidence,
    ReverseEvidence,
    DocumentEvidence,
    HostEvidence,
    ImportedEvidence,
)


def render(
    asset: Asset,
    verdicts: Sequence[Verdict],
    evidence: dict[str, tuple[AnyEvidence, ...]],
    history: Sequence[tuple[Scan, tuple[Verdict, ...]]],
    language: str,
    networks: Networks = NO_NETWORKS,
    standing: AssetStanding | None = None,
    mandate: str = "",
) -> Iterator[str]:
    """Lines of text; ``evidence`` is by target key, ``networks`` name the routers of paths. ``standing`` is what the
    asset counts as under ``mandate``, if that can be told."""
    messages = Messages(language)
    origin = f"  {inert(asset.origin.file)}:{asset.origin.line}" if asset.origin else ""
    yield f"{inert(asset.id)}  {messages.word('kind', asset.kind.value)}  {inert(asset.name)}{origin}"
    if standing is not None:
        yield readiness_line(standing, mandate, messages)
    for key, found in evidence.items():
        yield ""
        yield inert(key)
        for one in sorted(found, key=_place):
            yield from (f"  {line}" for line in _evidence(one, messages, networks))
    yield ""
    place = place_of(asset, verdicts)
    if place is not None:
        more = "" if place.settled else f" ({messages.word('ladder', 'open')})"
        rung = messages.word("ladder", place.rung.value)
        yield f"{messages.word('ladder', 'title')}: {rung}{more}  {place.rule}".rstrip()
    yield from verdict_lines(verdicts, standing, messages)
    if len(history) > 1:
        yield ""
        for scan, earlier in history:
            failed = ", ".join(one.rule for one in earlier if one.status is Status.FAIL) or "–"
            unknown = sum(one.status is Status.UNKNOWN for one in earlier)
            yield f"{_moment(scan.started)}  {scan.id}  {messages.word('status', 'fail')}: {failed}  ({unknown} ?)"


def _place(one: AnyEvidence) -> int:
    """Where a kind of evidence stands; one that has nothing to show here comes last."""
    return _TYPES.index(type(one)) if type(one) in _TYPES else len(_TYPES)


def _evidence(one: AnyEvidence, messages: Messages, networks: Networks) -> Iterator[str]:
    match one:
        case NameEvidence():
            yield from (_lookup(lookup, messages) for lookup in (one.aaaa, one.a))
        case TwinEvidence() if one.twin:
            yield from (_lookup(lookup, messages) for lookup in (one.aaaa, one.a) if lookup is not None)
        case PathEvidence():
            for path in one.paths:
                yield from path_lines(path, networks, messages)
        case AuthorityEvidence() if one.zone:
            for server in one.servers:
                answers = f"A {messages.word('dns', server.a.value)}, AAAA {messages.word('dns', server.aaaa.value)}"
                yield f"NS {inert(one.zone)}: {inert(server.server)} {server.address}: {answers}"
        case EndpointEvidence():
            for contact in (*one.v6, *one.v4, *one.plain_http):
                yield from _contact(contact, messages)
            for barred in one.barred:
                yield f"{barred.address}: {messages.word('address', barred.reason)}"
            if one.comparison:
                yield f"IPv6 ≈ IPv4: {one.comparison.similarity:.3f} (IPv4 ≈ IPv4: {one.comparison.noise:.3f})"
        case Http3Evidence() if one.announced:
            yield f"HTTP/3: {one.announced.value} {inert(one.elsewhere)}".rstrip()
            for contact in (*one.v6, *one.v4):
                yield from _contact(contact, messages)
        case MailEvidence():
            for test in one.exchangers:
                yield f"MX {test.preference} {inert(test.host)}: SMTP"
                for contact in (*test.v6, *test.v4):
                    yield from (f"    {line}" for line in _contact(contact, messages))
        case SendersEvidence() if one.result != "none":
            yield from senders_lines(one, messages)
        case EchoEvidence():
            for reply in one.replies:
                result = (
                    f"{reply.rtt_ms} ms" if reply.failure is None else messages.word("failure", reply.failure.value)
                )
                yield f"echo {reply.address}: {result}"
        case RedirectEvidence() if len(one.hops) > 1:
            for hop in one.hops:
                status = hop.status or ""
                yield f"→ {inert(hop.url)} {status} {hop.address} {hop.outcome.value} {inert(hop.detail)}".rstrip()
        case ResourceEvidence():
            for resource in one.resources:
                yield f"← {inert(resource.host)} ({', '.join(resource.kinds)}): {_records(resource.aaaa, messages)}"
            for literal in one.literals:
                yield f"← {inert(literal)}"
        case KnockEvidence():
            for knock in (*one.v6, *one.v4):
                end = "✓" if knock.failure is None else messages.word("failure", knock.failure.value)
                yield f"← {inert(knock.host)} {knock.address} {knock.port}: {end}"
        case ZonesEvidence():
            yield from zones_lines(one, messages)
        case BindingEvidence():
            yield from binding_lines(one)
        case ReverseEvidence():
            yield from reverse_lines(one, messages)
        case HostEvidence():
            yield from host_lines(one, messages)
        case ImportedEvidence():
            yield from sighting_lines(one, messages)
        case _:
            return


def _records(lookup: Lookup, messages: Messages) -> str:
    return ", ".join(lookup.records) or messages.word("dns", lookup.outcome.value)


def _lookup(lookup: Lookup, messages: Messages) -> str:
    answer = _records(lookup, messages)
    chain = "".join(f" → {inert(name)}" for name in lookup.chain)
    marks = [
        word
        for word, given in (("DNS64", lookup.synthesised), ("DNSSEC bogus", lookup.bogus), ("TCP", lookup.over_tcp))
        if given
    ]
    told = f" ({lookup.resolver}, {lookup.queries} ×, {lookup.took_ms} ms{', ' if marks else ''}{', '.join(marks)})"
    return f"{lookup.rdtype} {inert(lookup.name)}{chain}: {answer}" + (told if lookup.resolver else "")


def _contact(contact: Contact, messages: Messages) -> Iterator[str]:
    host = f"[{contact.address}]" if contact.family == 6 else contact.address
    for attempt in contact.attempts:
        yield f"{_moment(attempt.at)} {host}:{contact.port} {_attempt(attempt, messages)}"
    for attempt in contact.clamped:
        yield f"{_moment(attempt.at)} {host}:{contact.port} TCP MSS ≤ 1220: {_attempt(attempt, messages)}"
    if not contact.attempts:
        yield f"{host}:{contact.port} {messages.word('failure', 'not_contacted')}"
    if contact.http:
        reply = contact.http
        yield f"    HTTP {reply.status} {inert(reply.content_type)} {reply.body_octets} B “{inert(reply.title)}”"
    if contact.reply:
        yield f"    “{inert(contact.reply)}”"
    if contact.facts:
        yield "    " + ", ".join(f"{inert(name)}: {inert(value)}" for name, value in contact.facts)
    if contact.certificate:
        certificate = contact.certificate
        ends = _moment(certificate.not_after) if certificate.not_after else "–"
        names = f"{inert(certificate.subject)} ← {inert(certificate.issuer)}"
        yield f"    {names}, – {ends}, sha256 {certificate.sha256[:16]}"


def _attempt(attempt: Attempt, messages: Messages) -> str:
    timed = [
        f"{name} {value} ms"
        for name, value in (("TCP", attempt.tcp_ms), ("TLS", attempt.tls_ms), ("HTTP", attempt.http_ms))
        if value is not None
    ]
    end = (
        "✓"
        if attempt.failure is None
        else f"✗ {messages.word('phase', attempt.phase.value)}: {messages.word('failure', attempt.failure.value)}"
    )
    detail = f" ({inert(attempt.detail)})" if attempt.detail else ""
    return f"{end}{detail}  {', '.join(timed)}".rstrip()


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
