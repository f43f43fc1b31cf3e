"""A year of a made-up province: weekly scans in a store, with verdicts as the checks would give them. No network.

What happens in it, by asset (scans are numbered from 0):

* ``steady-…``: ready from the first scan on; ``late-…``: not ready, then ready, one after the other over the year;
* ``never-…``: no AAAA record all year; ``dead-…``: ready, and dead from scan ``BREAKS[…]`` on;
* ``flap-…``: ready, but dead in every fifth scan; ``dark-…``: ready, and undecided from scan ``GOES_DARK[…]`` on;
* ``partial-…``: an invalid certificate over IPv6; ``exempt-…``: never ready, and exempt until ``EXEMPT_UNTIL``.

After scan ``MERGES`` the two districts are one: their agencies end, the communes below them answer to the new one, and
the assets are listed under it with the ids they had. One asset is gone then, and one is new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from ipv6check.checks.registry import CHECKS, RULES, RULESET
from ipv6check.mandates.load import load_mandate
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind, Origin
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.mandate import Mandate
from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import SelfTest, Vantage
from ipv6check.model.verdict import Verdict
from ipv6check.policies.load import load_policy, policy_digest
from ipv6check.store.inventories import InventoryFacts
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from tests.factories import endpoint, failed, healthy, judged, name, no

FIRST = date(2025, 1, 6)
WEEKS = 52
MERGES = 26
BREAKS, GOES_DARK = (40, 49, 50), (40, 49)
"""With three failed scans to confirm, after the last scan (51) the first two dead ones are confirmed and the third is
not; the first dark one is unknown, the second shown by an older result."""
EXEMPT_UNTIL = FIRST + timedelta(weeks=30, days=3)

_POLICY = load_policy("default")
_WEB = [check for check in CHECKS if Kind.APPLICATION in check.kinds]
_ZONE = "tinh-mau.test"

OLD_AGENCIES = (
    Agency(id="mau", names={"vi": "Tỉnh Mẫu", "en": "Sample province"}, level="province"),
    Agency(id="so-yte", names={"vi": "Sở Y tế", "en": "Department of Health"}, level="department", parent="mau"),
    Agency(id="so-gd", names={"vi": "Sở Giáo dục", "en": "Department of Education"}, level="department", parent="mau"),
    Agency(id="bac", names={"vi": "Huyện Bắc", "en": "North district"}, level="district", parent="mau"),
    Agency(id="nam", names={"vi": "Huyện Nam", "en": "South district"}, level="district", parent="mau"),
)
_DAY_OF_MERGER = FIRST + timedelta(weeks=MERGES, days=3)
NEW_AGENCIES = (
    *OLD_AGENCIES[:3],
    Agency(
        id="bac-nam",
        names={"vi": "Khu vực Bắc Nam", "en": "North and South"},
        level="district",
        parent="mau",
        valid_from=_DAY_OF_MERGER + timedelta(days=1),
    ),
    *(
        Agency(
            id=old.id,
            names=old.names,
            level=old.level,
            parent=old.parent,
            valid_to=_DAY_OF_MERGER,
            succeeded_by=("bac-nam",),
        )
        for old in OLD_AGENCIES[3:]
    ),
)
_AGENCIES = ("mau", "so-yte", "so-gd", "bac", "nam")

MANDATE = f"""
schema: ipv6check.mandate/1
id: year
title: {{en: "Sample province: IPv6 by 2026", vi: "Tỉnh Mẫu: chuyển đổi IPv6 đến năm 2026"}}
instruments:
  - {{key: plan, number: "01/KH", issuer: {{en: "Sample province", vi: "Tỉnh Mẫu"}}, issued: "2025-01", confirmed: no}}
period: {{start: {FIRST}, deadline: 2026-06-30, timezone: Asia/Ho_Chi_Minh}}
checks:
  application:
    require: [DNS001, ADR001, ADR002, TCP001, TCP002, TLS001, HTTP001, HTTP004]
    partial_if: [DNS001, ADR001, TCP001]
counting: {{fail_after: 3, stale_after_days: 30}}
scope: {{assets: {{classes: [application]}}}}
indicators:
  - {{id: applications, title: {{en: Applications, vi: "Ứng dụng"}}, select: {{class: application}}}}
  - {{id: agencies, title: {{en: Agencies that are done, vi: Cơ quan đã hoàn thành}}, unit: organisation, weight: 0}}
milestones:
  - {{date: 2025-03-31, indicator: applications, at_least: 0.5, instrument: plan}}
  - {{date: 2025-06-30, indicator: applications, at_least: 0.75, instrument: plan}}
  - {{date: 2025-09-30, indicator: applications, at_least: 0.9, instrument: plan}}
  - {{date: 2026-06-30, indicator: applications, at_least: 0.95, instrument: plan}}
  - {{date: 2026-06-30, indicator: agencies, at_least: 1.0, instrument: plan}}
composite: {{rule: all, of: [applications]}}
exemptions:
  - {{id: EX-1, select: {{asset: exempt-0}}, reason: old, approved_by: Head, document: "1", expires: {EXEMPT_UNTIL}}}
succession: {{next: dual-stack}}
assumptions: ["A province made up for tests."]
"""


@dataclass(frozen=True)
class Year:
    """What was stored: the scans oldest first, and the mandate's file."""

    database: Path
    mandate_file: Path
    scans: tuple[Scan, ...]

    @property
    def mandate(self) -> Mandate:
        """The mandate of the year."""
        return load_mandate(self.mandate_file, known_rules=frozenset(RULES))

    @property
    def url(self) -> str:
        """The store's URL."""
        return f"sqlite:///{self.database}"


async def fill_year(directory: Path, *, weeks: int = WEEKS, each: int = 1, evidence_every: int = 13) -> Year:
    """A database and a mandate file in ``directory``.

    ``weeks`` scans; ``each`` times the assets (34 for 1); every so many scans the evidence is stored too.
    """
    year = Year(directory / "year.db", directory / "year.yaml", tuple(scan(week) for week in range(weeks)))
    year.mandate_file.write_text(MANDATE, encoding="utf-8")
    async with await open_store(year.url) as store:
        revisions = {
            merged: await store.save_inventory(
                InventoryFacts(
                    digest=digest_of(merged=merged),
                    name="tinh-mau.yaml",
                    mandate="",
                    agencies=NEW_AGENCIES if merged else OLD_AGENCIES,
                ),
                assets(each, merged=merged),
            )
            for merged in (False, True)
        }
        for week, one in enumerate(year.scans):
            await store.create_scan(one, revisions[week >= MERGES])
            await _fill(store, one, week, each, with_evidence=week % evidence_every == 0)
    return year


async def _fill(store: Store, one: Scan, week: int, each: int, *, with_evidence: bool) -> None:
    async with store.writer(one) as writer:
        for asset in assets(each, merged=week >= MERGES):
            state = state_of(asset.id, week, each)
            seen = TargetEvidence(target=asset.targets[0].key, evidence=_evidence(state))
            kept = (seen,) if with_evidence else ()
            at = one.started + 60
            await writer.put(AssetResult(asset=asset.id, at=at, verdicts=verdicts(state), evidence=kept))


def scan(week: int) -> Scan:
    """The scan of a week, begun on Monday at 01:00 UTC and 30 minutes long."""
    started = datetime(FIRST.year, FIRST.month, FIRST.day, 1, tzinfo=UTC) + timedelta(weeks=week)
    return Scan(
        id=f"{started:%Y%m%dT%H%M%SZ}-{week:08x}",
        started=started.timestamp(),
        ended=started.timestamp() + 1800,
        state=ScanState.COMPLETE,
        tool_version="0.1.0",
        ruleset=RULESET,
        policy=_POLICY.id,
        policy_digest=policy_digest(_POLICY),
        inventory="tinh-mau.yaml",
        inventory_digest=digest_of(merged=week >= MERGES),
        seed=week,
        vantage=Vantage(
            name="lab",
            resolvers=("[::1]:53",),
            selftests=(SelfTest(at=started.timestamp(), ipv6=True, dns=True, ipv4=True),),
        ),
        mandate="year",
    )


def digest_of(*, merged: bool) -> str:
    """The inventory's digest before and after the merger."""
    return ("2" if merged else "1") * 64


GROUPS = (("steady", 8), ("late", 12), ("never", 2), ("dead", 3), ("flap", 3), ("dark", 2), ("partial", 2))


def assets(each: int = 1, *, merged: bool) -> Iterator[Asset]:
    """The inventory before or after the merger."""
    ids = [f"{group}-{number}" for group, count in GROUPS for number in range(count * each)]
    ids += ["exempt-0", "new-0" if merged else "gone-0"]
    for number, one in enumerate(ids):
        agency = _AGENCIES[number % len(_AGENCIES)]
        yield Asset(
            id=one,
            kind=Kind.APPLICATION,
            name=f"{one}.{_ZONE}",
            agency="bac-nam" if merged and agency in ("bac", "nam") else agency,
            targets=(Target(host=f"{one}.{_ZONE}", port=443, protocol=Protocol.HTTPS),),
            tags=("portal",) if number % 3 == 0 else (),
            owner=f"it@{agency}.{_ZONE}",
            origin=Origin(file="tinh-mau.yaml", line=10 + number),
        )


def state_of(asset: str, week: int, each: int = 1) -> str:
    """How an asset behaves in a week: good, dead, no-aaaa, bad-certificate or dark."""
    group, _, number = asset.partition("-")
    match group:
        case "late":
            turn = 2 + int(number) * 49 // (12 * each - 1)
            return "good" if week >= turn else "no-aaaa"
        case "never" | "exempt":
            return "no-aaaa"
        case "dead":
            return "dead" if week >= BREAKS[int(number) % len(BREAKS)] else "good"
        case "flap":
            return "dead" if week % 5 == 4 else "good"
        case "dark":
            return "dark" if week >= GOES_DARK[int(number) % len(GOES_DARK)] else "good"
        case "partial":
            return "bad-certificate"
        case _:
            return "good"


def _damage(state: str) -> Sequence[Evidence]:
    match state:
        case "dead":
            return (endpoint(failed(Failure.REFUSED)),)
        case "no-aaaa":
            return (name(aaaa=no(DnsOutcome.NODATA)), endpoint())
        case "bad-certificate":
            return (endpoint(failed(Failure.CERTIFICATE_EXPIRED, phase=Phase.TLS)),)
        case "dark":
            return (name(aaaa=no(DnsOutcome.SERVFAIL)), endpoint())
        case _:
            return ()


@cache
def verdicts(state: str) -> tuple[Verdict, ...]:
    """What the checks say of an asset in a state."""
    return tuple(judged(check, *_damage(state), policy=_POLICY) for check in _WEB)


@cache
def _evidence(state: str) -> tuple[NameEvidence | EndpointEvidence, ...]:
    seen = healthy() | {type(one): one for one in _damage(state)}
    return tuple(one for one in seen.values() if isinstance(one, NameEvidence | EndpointEvidence))
