"""Values in realistic sizes: one healthy dual-stack web name has 17 verdicts and 6 pieces of evidence."""

from collections.abc import Iterator

from ipv6check.model.asset import Asset, Kind, Origin
from ipv6check.model.contact import (
    Attempt,
    Certificate,
    Comparison,
    Contact,
    EchoEvidence,
    EchoReply,
    EndpointEvidence,
    HttpReply,
)
from ipv6check.model.dns import AuthorityEvidence, DnsOutcome, Lookup, NameEvidence, ServerAnswer, TwinEvidence
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.failure import Phase
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import Vantage
from ipv6check.model.verdict import Status, Verdict
from ipv6check.store.inventories import InventoryFacts

RULES = (
    *("ADR001", "ADR002", "ADR003", "DNS001", "DNS002", "DNS003", "DNS004", "HTTP001", "HTTP002", "HTTP003"),
    *("HTTP004", "HTTP005", "ICM001", "LAT001", "TCP001", "TCP002", "TLS001"),
)
FACTS = InventoryFacts(digest="d" * 64, name="sample", mandate="dual-stack")


def asset(number: int, *, host: str | None = None, **changes: object) -> Asset:
    name = host or f"h{number}.example.vn"
    return Asset(
        **{
            "id": f"asset-{number:07}",
            "kind": Kind.DOMAIN,
            "name": name,
            "agency": f"vn/{number % 5}",
            "targets": (Target(host=name, port=443, protocol=Protocol.HTTPS),),
            "tags": ("portal",) if number % 2 else (),
            "origin": Origin(file="sample.yaml", line=number + 2),
            **changes,
        }
    )


def assets(count: int) -> Iterator[Asset]:
    return (asset(number) for number in range(count))


def scan(scan_id: str = "scan-1", **changes: object) -> Scan:
    return Scan(
        **{
            "id": scan_id,
            "started": 1000.0,
            "state": ScanState.RUNNING,
            "tool_version": "0.1.0",
            "ruleset": "1",
            "policy": "default",
            "policy_digest": "p" * 64,
            "inventory": "sample",
            "inventory_digest": "d" * 64,
            "seed": 7,
            "vantage": Vantage(name="here"),
            "mandate": "dual-stack",
            **changes,
        }
    )


def result(of: Asset, **changes: object) -> AssetResult:
    """The result of a healthy name, everything in it."""
    verdicts = tuple(
        Verdict(rule=rule, status=Status.PASS, tag="all-good", args={"name": of.host, "address": "2001:db8::1"})
        for rule in RULES
    )
    gathered = tuple(TargetEvidence(target=target.key, evidence=evidence_of(of.host)) for target in of.targets)
    return AssetResult(**{"asset": of.id, "at": 1001.5, "verdicts": verdicts, "evidence": gathered, **changes})


def verdict(rule: str, status: Status = Status.PASS, **args: str | int) -> Verdict:
    return Verdict(rule=rule, status=status, tag="tag", args=args)


def evidence_of(host: str) -> tuple[AnyEvidence, ...]:
    return (_name(host), _twin(host), _authority(host), _endpoint(host), _echo(host), _redirect(host))


def _lookup(host: str, rdtype: str, record: str) -> Lookup:
    return Lookup(
        name=host, rdtype=rdtype, outcome=DnsOutcome.ANSWER, records=(record,), ttl=300, took_ms=1.7, queries=1,
        resolver="2001:db8:53::1",
    )  # fmt: skip


def _name(host: str) -> NameEvidence:
    both = {"aaaa": _lookup(host, "AAAA", "2001:db8:1::80"), "a": _lookup(host, "A", "192.0.2.80")}
    return NameEvidence(observed_at=1000.5, took_ms=3.1, name=host, **both)


def _twin(host: str) -> TwinEvidence:
    twin = f"www.{host}"
    both = {"aaaa": _lookup(twin, "AAAA", "2001:db8:1::80"), "a": _lookup(twin, "A", "192.0.2.80")}
    return TwinEvidence(observed_at=1000.5, took_ms=3.1, name=host, twin=twin, **both)


def _authority(host: str) -> AuthorityEvidence:
    said = DnsOutcome.ANSWER
    answers = tuple(ServerAnswer(server=f"ns{n}.vn", address=f"2001:db8:53::{n}", a=said, aaaa=said) for n in (1, 2))
    return AuthorityEvidence(
        observed_at=1000.6, took_ms=9.0, name=host, zone="example.vn", found=DnsOutcome.ANSWER, servers=answers
    )


def _contact(address: str, host: str) -> Contact:
    return Contact(
        address=address,
        port=443,
        attempts=(Attempt(at=1000.7, phase=Phase.HTTP, tcp_ms=0.81, tls_ms=4.02, http_ms=7.77),),
        certificate=Certificate(
            sha256="c" * 64, not_before=9.5e8, not_after=2.0e9, subject=f"CN={host}", issuer="CN=Sample CA",
            names=(host, f"www.{host}"),
        ),
        tls_version="TLSv1.3",
        http=HttpReply(
            status=200, version="1.1", content_type="text/html; charset=utf-8", server="nginx", title="Cổng thông tin",
            body_sha256="b" * 64, body_octets=20480,
        ),
        samples_ms=(0.81,),
    )  # fmt: skip


def _endpoint(host: str) -> EndpointEvidence:
    return EndpointEvidence(
        observed_at=1000.7, took_ms=21.0, target=f"https://{host}:443/",
        v6=(_contact("2001:db8:1::80", host),), v4=(_contact("192.0.2.80", host),), comparison=Comparison(),
    )  # fmt: skip


def _echo(host: str) -> EchoEvidence:
    replies = (EchoReply(address="2001:db8:1::80", rtt_ms=0.3), EchoReply(address="192.0.2.80", rtt_ms=0.3))
    return EchoEvidence(observed_at=1000.8, took_ms=0.5, host=host, replies=replies, means="dgram")


def _redirect(host: str) -> RedirectEvidence:
    hop = Hop(url=f"https://{host}/", outcome=HopOutcome.FINAL, status=200, address="2001:db8:1::80")
    return RedirectEvidence(observed_at=1000.9, took_ms=8.0, url=hop.url, hops=(hop,))
