"""Small worlds to count: a rule set of six rules, assets, verdicts, mandates."""

from collections.abc import Iterable, Sequence
from datetime import date

from ipv6check.compliance.standing import take_standing
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Attestation, Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import NameEvidence
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.mandate import Mandate, Period, Requirement
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.standing import Standing
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import Vantage
from ipv6check.model.verdict import Status, Verdict

TODAY = date(2025, 6, 1)
P, F, U, N = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE

MEASURED = ("DNS001", "ADR001", "TCP001", "TLS001", "HTTP001")
_NAMED = frozenset({Kind.DOMAIN, Kind.SERVICE, Kind.APPLICATION, Kind.DEVICE})
_PAPER = frozenset({Kind.SOFTWARE, Kind.DEVICE, Kind.NETWORK})


def _check(code: str, *, kinds: frozenset[Kind], paper: bool = False, web: bool = False) -> Check:
    return Check(
        rule=Rule(code=code, name=code.lower(), since="0.1", tags=frozenset({"t"})),
        needs=(DocumentEvidence,) if paper else (NameEvidence,),
        kinds=kinds,
        judge=lambda *_: Verdict(rule=code, status=Status.UNKNOWN, tag="t"),
        protocols=frozenset({Protocol.HTTPS}) if web else frozenset(),
    )


CHECKS = (
    *(_check(code, kinds=_NAMED) for code in ("DNS001", "ADR001", "TCP001", "TLS001")),
    _check("HTTP001", kinds=_NAMED - {Kind.DEVICE}, web=True),
    _check("DEV001", kinds=frozenset({Kind.DEVICE})),
    _check("ICM001", kinds=_NAMED),
    _check("DEV002", kinds=frozenset({Kind.DEVICE}), paper=True),
    _check("NET001", kinds=frozenset({Kind.NETWORK}), paper=True),
    _check("ATT001", kinds=_PAPER, paper=True),
    _check("HST001", kinds=frozenset({Kind.SOFTWARE})),
    _check("OFF001", kinds=_NAMED),
    _check("OFF002", kinds=frozenset({Kind.DEVICE, Kind.NETWORK}), paper=True),
)

SCAN = Scan(
    id="s1",
    started=1748736000.0,
    state=ScanState.COMPLETE,
    tool_version="0",
    ruleset="1",
    policy="default",
    policy_digest="",
    inventory="i",
    inventory_digest="",
    seed=1,
    vantage=Vantage(name="v"),
)

WEB = Requirement(require=MEASURED, partial_if=("DNS001",))
PAPER = Attestation(document="A-1", signer="Lê Văn A", date=date(2025, 3, 1))


def asset(
    name: str,
    kind: Kind = Kind.SERVICE,
    *,
    agency: str = "",
    tags: tuple[str, ...] = (),
    paper: Attestation | None = None,
    protocol: Protocol | None = Protocol.HTTPS,
    role: str = "",
) -> Asset:
    """An asset with one target, or none."""
    targets = () if protocol is None else (Target(host=f"{name}.test", port=443, protocol=protocol),)
    return Asset(id=name, kind=kind, name=name, agency=agency, tags=tags, attestation=paper, targets=targets, role=role)


def verdicts(**statuses: Status) -> tuple[Verdict, ...]:
    """Verdicts by rule code."""
    return tuple(Verdict(rule=code, status=status, tag="t") for code, status in statuses.items())


def web(*statuses: Status) -> tuple[Verdict, ...]:
    """Verdicts of the five measured rules in their order; one status stands for all."""
    five = statuses * 5 if len(statuses) == 1 else statuses
    return verdicts(**dict(zip(MEASURED, five, strict=True)))


def mandate(checks: dict[str, Requirement] | None = None, **fields: object) -> Mandate:
    """A mandate over services unless told otherwise."""
    fields.setdefault("period", Period(deadline=date(2025, 12, 31)))
    return Mandate(id="m", title={"en": "M"}, checks=checks or {"service": WEB}, **fields)


def stand(
    under: Mandate,
    results: Iterable[tuple[Asset, Sequence[Verdict]]],
    *,
    agencies: Iterable[Agency] = (),
    today: date = TODAY,
    scan: Scan = SCAN,
) -> Standing:
    """The standing with every asset kept."""
    return take_standing(under, scan, agencies, results, today, checks=CHECKS, keep_assets=True)


def readiness(under: Mandate, one: Asset, found: Sequence[Verdict], *, today: date = TODAY) -> str:
    """The readiness of a single asset."""
    return stand(under, [(one, found)], today=today).assets[0].readiness.value


AGENCIES = (
    Agency(id="vn", names={"vi": "Việt Nam"}, level="state"),
    Agency(id="p", names={"vi": "Tỉnh"}, level="province", parent="vn"),
    Agency(id="q", names={"vi": "Tỉnh khác"}, level="province", parent="vn"),
    Agency(id="p/d", names={"vi": "Sở"}, parent="p"),
    Agency(id="p/h", names={"vi": "Huyện"}, level="district", parent="p"),
)
OWNED = [
    (asset("a", agency="p"), web(P)),
    (asset("b", agency="p/d"), web(F)),
    (asset("c", agency="p/h"), web(P)),
    (asset("d", agency="q"), web(U)),
    (asset("e"), web(P)),
]
