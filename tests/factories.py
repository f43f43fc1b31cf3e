"""Evidence of a target on which nothing is wrong, and the pieces to damage it with."""

from datetime import date

from ipv6check.model.asset import Attestation
from ipv6check.model.check import Check
from ipv6check.model.contact import (
    Attempt,
    Barred,
    Certificate,
    Comparison,
    Contact,
    EchoEvidence,
    EchoReply,
    EndpointEvidence,
    HttpReply,
)
from ipv6check.model.dns import AuthorityEvidence, DnsOutcome, Lookup, NameEvidence, ServerAnswer, TwinEvidence
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.http3 import Announced, Http3Evidence
from ipv6check.model.imported import (
    HostEvidence,
    ImportedEvidence,
    Listening,
    Provenance,
    Sighting,
    Socket,
    Source,
)
from ipv6check.model.mail import ExchangerTest, MailEvidence, SendersEvidence
from ipv6check.model.path import Hop as PathHop
from ipv6check.model.path import Path, PathEnd, PathEvidence, Told
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.resources import Knock, KnockEvidence, Resource, ResourceEvidence
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import (
    BindingEvidence,
    Chain,
    Reverse,
    ReverseEvidence,
    ServerTest,
    ZoneReport,
    ZoneServer,
    ZonesEvidence,
)

AT = 1_780_000_000.0
HOST = "www.example.vn"
V6 = "2a00:1450::80"
V6_B = "2a00:1450::81"
V4 = "93.184.216.34"
POLICY = Policy()
ALIKE = Comparison()


def lookup(*records: str, rdtype: str = "AAAA", outcome: DnsOutcome = DnsOutcome.ANSWER, **more: object) -> Lookup:
    """A look-up of HOST that brought ``records``."""
    return Lookup(**{"name": HOST, "rdtype": rdtype, "outcome": outcome, "records": records} | more)


def no(outcome: DnsOutcome, rdtype: str = "AAAA", **more: object) -> Lookup:
    """A look-up of HOST that brought nothing."""
    return lookup(rdtype=rdtype, outcome=outcome, **more)


def name(aaaa: Lookup | None = None, a: Lookup | None = None, host: str = HOST) -> NameEvidence:
    """HOST with one address of each family, unless told otherwise."""
    return NameEvidence(observed_at=AT, name=host, aaaa=aaaa or lookup(V6), a=a or lookup(V4, rdtype="A"))


def literal(address: str) -> NameEvidence:
    """A target that is an address, for which nobody was asked."""
    six = ":" in address
    return name(
        lookup(*([address] if six else []), outcome=DnsOutcome.NOT_ASKED),
        lookup(*([] if six else [address]), rdtype="A", outcome=DnsOutcome.NOT_ASKED),
        host=address,
    )


def served(
    address: str = V6, *, status: int = 200, port: int = 443, certificate: str = "aa", **more: object
) -> Contact:
    """An address that went through TCP, TLS and HTTP at the first try; ``more`` are fields of the HTTP reply."""
    reply = {"status": status, "content_type": "text/html", "body_sha256": "11"} | more
    return Contact(
        address=address,
        port=port,
        attempts=(Attempt(at=AT, phase=Phase.HTTP, tcp_ms=10.0, tls_ms=20.0, http_ms=30.0),),
        certificate=Certificate(sha256=certificate, not_after=AT + 86_400),
        http=HttpReply(**reply),
        samples_ms=(10.0,),
    )


def failed(
    failure: Failure = Failure.TIMEOUT, address: str = V6, *, phase: Phase = Phase.TCP, port: int = 443, tries: int = 3
) -> Contact:
    """An address whose every try ended in ``failure`` at ``phase``."""
    connected = phase not in (Phase.ROUTE, Phase.TCP)
    attempt = Attempt(at=AT, phase=phase, failure=failure, tcp_ms=10.0 if connected else None)
    bad = failure.is_certificate
    return Contact(
        address=address,
        port=port,
        attempts=(attempt,) * tries,
        certificate=Certificate(sha256="bb", not_after=AT - 86_400, verified=False) if bad else None,
        samples_ms=(10.0,) if connected else (),
    )


def untried(address: str = V6) -> Contact:
    """An address nobody contacted."""
    return Contact(address=address, port=443)


def sampled_ms(address: str, *samples: float) -> Contact:
    """An address with these connect times."""
    attempt = Attempt(at=AT, phase=Phase.HTTP, tcp_ms=samples[0])
    return Contact(
        address=address, port=443, attempts=(attempt,), http=HttpReply(status=200), samples_ms=tuple(samples)
    )


def endpoint(
    *v6: Contact,
    v4: tuple[Contact, ...] | None = None,
    barred: dict[str, str] | None = None,
    comparison: Comparison | None = ALIKE,
    **more: object,
) -> EndpointEvidence:
    """The target at ``v6`` and at a healthy IPv4 address; ``barred`` maps addresses to the reason."""
    return EndpointEvidence(
        observed_at=AT,
        target=f"https://{HOST}:443/",
        v6=v6,
        v4=(served(V4),) if v4 is None else v4,
        barred=tuple(Barred(address=address, reason=reason) for address, reason in (barred or {}).items()),
        comparison=comparison,
        **more,
    )


def echo(*replies: EchoReply, means: str = "dgram") -> EchoEvidence:
    """Echo replies of the target."""
    return EchoEvidence(observed_at=AT, host=HOST, replies=replies, means=means)


def twin(aaaa: Lookup | None = None, a: Lookup | None = None, twin_name: str = "example.vn") -> TwinEvidence:
    """The apex twin of HOST."""
    return TwinEvidence(
        observed_at=AT, name=HOST, twin=twin_name, aaaa=aaaa or lookup(V6), a=a or lookup(V4, rdtype="A")
    )


def authority(*pairs: tuple[DnsOutcome, DnsOutcome], found: DnsOutcome = DnsOutcome.ANSWER) -> AuthorityEvidence:
    """The zone's servers; a pair is what one answered to A and to AAAA."""
    servers = tuple(
        ServerAnswer(server=f"ns{number}.example.vn", address=f"2a00:1450::5{number}", a=a, aaaa=aaaa)
        for number, (a, aaaa) in enumerate(pairs)
    )
    return AuthorityEvidence(observed_at=AT, name=HOST, zone="example.vn", found=found, servers=servers)


def ns_test(number: int = 1, family: int = 6, **more: object) -> ServerTest:
    """An address of ``nsNUMBER.example.vn`` that answers everything."""
    address = f"2a00:1450::5{number}" if family == 6 else f"93.184.216.5{number}"
    facts: dict[str, object] = {
        "address": address,
        "names": (f"ns{number}.example.vn",),
        "udp": DnsOutcome.ANSWER,
        "tcp": DnsOutcome.ANSWER,
        "soa": "example.vn ns1.example.vn root.example.vn 1",
        "servers": ("ns1.example.vn", "ns2.example.vn"),
        "data": (V6,),
    }
    return ServerTest(**(facts | more))


def ns(number: int = 1, **more: object) -> ZoneServer:
    """``nsNUMBER.example.vn``, listed by both sides with the same addresses."""
    v6, v4 = (f"2a00:1450::5{number}",), (f"93.184.216.5{number}",)
    facts: dict[str, object] = {"in_parent": True, "in_child": True, "glue6": v6, "glue4": v4, "own6": v6, "own4": v4}
    facts |= {"aaaa": DnsOutcome.ANSWER, "a": DnsOutcome.ANSWER}
    return ZoneServer(name=f"ns{number}.example.vn", **(facts | more))


def zone_report(*tests: ServerTest, servers: tuple[ZoneServer, ...] | None = None, **more: object) -> ZoneReport:
    """``example.vn`` with two dual-stack servers on which nothing is wrong, signed, reached over IPv6."""
    facts: dict[str, object] = {
        "zone": "example.vn",
        "organisation": "example.vn",
        "parent": "vn",
        "listed": DnsOutcome.ANSWER,
        "referral": DnsOutcome.ANSWER,
        "sample": HOST,
        "ds": DnsOutcome.ANSWER,
        "dnskey": DnsOutcome.ANSWER,
        "chain": Chain(path=("vn", "example.vn")),
    }
    every = (ns_test(1), ns_test(2), ns_test(1, 4), ns_test(2, 4))
    return ZoneReport(servers=(ns(1), ns(2)) if servers is None else servers, tests=tests or every, **(facts | more))


def zones(report: ZoneReport | None = None, **more: object) -> ZonesEvidence:
    """HOST in ``example.vn``, an alias to nowhere, without mail."""
    facts: dict[str, object] = {"name": HOST, "found": DnsOutcome.ANSWER, "mail_found": DnsOutcome.NODATA}
    return ZonesEvidence(observed_at=AT, zone=report or zone_report(), **(facts | more))


def smtp(address: str = V6, starttls: str = "yes") -> Contact:
    """An address that answers SMTP."""
    facts = (("esmtp", "yes"), ("starttls", starttls))
    attempt = Attempt(at=AT, phase=Phase.EXCHANGE, tcp_ms=10.0, http_ms=20.0)
    return Contact(address=address, port=25, attempts=(attempt,), reply="220 mx", facts=facts)


def exchanger(*contacts: Contact, host: str = "mx1.example.vn", **more: object) -> ExchangerTest:
    """A mail exchanger, spoken to at these addresses."""
    return ExchangerTest(
        **{
            "host": host,
            "preference": 10,
            "aaaa": DnsOutcome.ANSWER,
            "a": DnsOutcome.ANSWER,
            "v6": tuple(one for one in contacts if one.family == 6),
            "v4": tuple(one for one in contacts if one.family == 4),
        }
        | more
    )


def mail(*exchangers: ExchangerTest, found: DnsOutcome = DnsOutcome.ANSWER) -> MailEvidence:
    """The mail exchangers of HOST."""
    return MailEvidence(observed_at=AT, name=HOST, found=found, exchangers=exchangers, total=len(exchangers))


def senders(*named: Reverse, **more: object) -> SendersEvidence:
    """HOST takes mail, and its SPF record passes senders over IPv6."""
    facts: dict[str, object] = {
        "mail": DnsOutcome.ANSWER,
        "found": DnsOutcome.ANSWER,
        "result": "fail",
        "covers": (f"{V6}/128",),
        "names_v4": True,
    }
    return SendersEvidence(observed_at=AT, name=HOST, senders=named, **(facts | more))


def binding(
    *hints: str,
    outcome: DnsOutcome = DnsOutcome.ANSWER,
    aaaa: tuple[Lookup, ...] | None = None,
    http3: tuple[str, ...] = (),
) -> BindingEvidence:
    """The HTTPS record of HOST with these hints for HOST itself, and what it says of HTTP/3."""
    return BindingEvidence(
        observed_at=AT,
        name=HOST,
        outcome=outcome,
        hints=tuple(f"{HOST} {hint}" for hint in hints),
        aaaa=(lookup(V6),) if aaaa is None else aaaa,
        http3=http3,
    )


def reverse(*addresses: Reverse) -> ReverseEvidence:
    """Reverse names of HOST's addresses."""
    return ReverseEvidence(observed_at=AT, name=HOST, addresses=addresses)


def redirect(*hops: Hop, downgraded: bool = False) -> RedirectEvidence:
    """The chain from HOST."""
    return RedirectEvidence(observed_at=AT, url=f"https://{HOST}/", hops=hops, downgraded=downgraded)


def hop(outcome: HopOutcome, *, address: str = V6, **more: object) -> Hop:
    """One hop."""
    return Hop(url=f"https://{HOST}/", outcome=outcome, address=address, **more)


def resource(host: str, aaaa: Lookup | None = None, *, own: bool = True, barred: str = "") -> Resource:
    """A host that the page loads a script from; with an AAAA record unless told otherwise."""
    url = f"https://{host}/x.js"
    return Resource(host=host, kinds=("script",), url=url, own=own, aaaa=aaaa or lookup(V6), barred=barred)


def resources(*found: Resource, **more: object) -> ResourceEvidence:
    """What the page of HOST loads from elsewhere."""
    return ResourceEvidence(**{"observed_at": AT, "page": f"https://{HOST}/", "resources": found} | more)


def path(end: PathEnd, *hops: PathHop, address: str = V6, **more: object) -> Path:
    """A path to an address by SYNs to port 443."""
    return Path(**{"address": address, "means": "tcp", "port": 443, "hops": hops, "end": end} | more)


def path_hop(limit: int, told: Told = Told.HOP_LIMIT, address: str = "2a00:1450:ffff::1") -> PathHop:
    """A hop that answered."""
    return PathHop(limit=limit, told=told, address=address, rtt_ms=1.5)


def paths(*found: Path, wanted: tuple[str, ...] = (V6,)) -> PathEvidence:
    """The paths to addresses of HOST that did not connect."""
    return PathEvidence(observed_at=AT, target=f"https://{HOST}:443/", wanted=wanted, paths=found)


def attestation(**more: object) -> Attestation:
    """A paper signed in January 2026."""
    return Attestation(
        **{"document": "12/XN", "signer": "Director", "reviewer": "Auditor", "date": date(2026, 1, 10)} | more
    )


def document(**more: object) -> DocumentEvidence:
    """What the inventory says, on 1 June 2026."""
    facts = {
        "attestation": attestation(),
        "addresses": (V6,),
        "prefix": "2a00:1450:1::/48",
        "gateway": "2a00:1450:1::1",
    }
    return DocumentEvidence(observed_at=AT, today=date(2026, 6, 1), **facts | more)


PROVENANCE = Provenance(
    source=Source.HOST, vantage="web-1", file="web-1.json", sha256="ab" * 32, taken_at=AT - 3600, tool="ipv6check"
)


def socket(address: str = "::", *, v6only: bool | None = False, owner: str = "nginx", port: int = 443) -> Socket:
    """A TCP socket that waits for peers."""
    return Socket(transport="tcp", address=address, port=port, v6only=v6only if ":" in address else None, owner=owner)


def listening(*sockets: Socket, **more: object) -> Listening:
    """What web-1 has on port 443."""
    fields = {"provenance": PROVENANCE, "host": "web-1", "matched_by": HOST, "wanted": "tcp/443", "has_ipv6": True}
    return Listening(**fields | {"sockets": sockets} | more)


def on_hosts(*listenings: Listening, missing: tuple[str, ...] = ()) -> HostEvidence:
    """The asset's hosts."""
    return HostEvidence(observed_at=AT, listenings=listenings, missing=missing)


def sighting(*addresses: str, source: Source = Source.NEIGHBOURS, **more: object) -> Sighting:
    """The asset seen by a router an hour ago."""
    provenance = Provenance(source=source, vantage="gw-1", file="neigh.txt", sha256="cd" * 32, taken_at=AT - 3600)
    fields = {"provenance": provenance, "seen_at": AT - 3600, "matched_by": HOST, "line": 1}
    return Sighting(**fields | {"addresses": addresses} | more)


def imported(*sightings: Sighting) -> ImportedEvidence:
    """What others saw of the asset."""
    return ImportedEvidence(observed_at=AT, sightings=sightings)


def knock(host: str = "static.example.vn", failure: Failure | None = None, address: str = V6) -> Knock:
    """One connection to a host that a page loads from."""
    phase = Phase.TLS if failure is None else Phase.TCP
    return Knock(host=host, address=address, port=443, phase=phase, failure=failure)


def knocks(*v6: Knock, v4: tuple[Knock, ...] = ()) -> KnockEvidence:
    """What came of the connections."""
    return KnockEvidence(observed_at=AT, v6=v6, v4=v4)


def http3(*v6: Contact, **more: object) -> Http3Evidence:
    """A site that announces HTTP/3 at port 443, and what was found there."""
    return Http3Evidence(**{"observed_at": AT, "announced": Announced.ALT_SVC, "port": 443, "v6": v6} | more)


def healthy() -> dict[type[Evidence], Evidence]:
    """Everything about a target on which nothing is wrong."""
    everything: tuple[Evidence, ...] = (
        name(),
        twin(),
        authority((DnsOutcome.ANSWER, DnsOutcome.ANSWER)),
        endpoint(served()),
        echo(EchoReply(address=V6, rtt_ms=3.0), EchoReply(address=V4, rtt_ms=2.0)),
        redirect(hop(HopOutcome.FINAL, status=200)),
        resources(resource("static.example.vn"), resource("cdn.example.net", own=False)),
        knocks(knock(), knock("cdn.example.net")),
        document(),
        zones(),
        binding(V6),
        reverse(Reverse(address=V6, outcome=DnsOutcome.ANSWER, names=(HOST,), confirmed=True)),
        imported(sighting(V6), sighting("2a00:1450:1::1")),
        on_hosts(listening(socket())),
        paths(wanted=()),
        http3(served()),
        mail(exchanger(smtp(), smtp(V4))),
        senders(Reverse(address=V6, outcome=DnsOutcome.ANSWER, names=(HOST,), confirmed=True)),
    )
    return {type(evidence): evidence for evidence in everything}


def judged(check: Check, *damage: Evidence, policy: Policy = POLICY) -> Verdict:
    """The verdict on healthy evidence with ``damage`` put in its place."""
    seen = healthy() | {type(evidence): evidence for evidence in damage}
    return check.judge(*(seen[need] for need in check.needs), policy)


def said(check: Check, *damage: Evidence, policy: Policy = POLICY) -> str:
    """Status and tag of the verdict, as one text."""
    verdict = judged(check, *damage, policy=policy)
    return f"{verdict.status} {verdict.tag}"
