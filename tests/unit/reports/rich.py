"""A standing with everything in it: agencies of several levels, five classes, a year of scans, changes, exemptions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS, RULES, RULESET
from ipv6check.compliance.counting import Tally
from ipv6check.compliance.standing import take_standing
from ipv6check.mandates.load import load_mandate
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Attestation, Kind, Origin
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.history import Change, Forecast, MilestoneOutcome, MilestoneState, Past, Point, Series, Turn
from ipv6check.model.mandate import Exemption, Mandate, Milestone, Select
from ipv6check.model.rating import Rate, Readiness
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.standing import Standing
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import SelfTest, Vantage
from ipv6check.model.verdict import Verdict
from tests.factories import endpoint, failed, judged, name, no

TODAY = date(2025, 10, 2)
ENDED = datetime(2025, 10, 1, 20, 30, tzinfo=UTC).timestamp()
AGENCIES = (
    Agency(id="vn/83", names={"vi": "Tỉnh Bến Tre", "en": "Bến Tre province"}, level="province"),
    Agency(id="yt", names={"vi": "Sở Y tế", "en": "Department of Health"}, level="department", parent="vn/83"),
    Agency(id="gd", names={"vi": "Sở Giáo dục và Đào tạo", "en": "Department of Education and Training"},
           level="department", parent="vn/83"),
    Agency(id="bt", names={"vi": "Huyện Ba Tri", "en": "Ba Tri district"}, level="district", parent="vn/83"),
    Agency(id="cl", names={"vi": "Huyện Chợ Lách", "en": "Chợ Lách district"}, level="district", parent="vn/83"),
    Agency(id="cl/vt", names={"vi": "Xã Vĩnh Thành", "en": "Vĩnh Thành commune"}, level="commune", parent="cl"),
)  # fmt: skip
SCAN = Scan(
    id="20251001T200000Z-0badcafe",
    started=ENDED - 1800,
    ended=ENDED,
    state=ScanState.COMPLETE,
    tool_version="0.1.0",
    ruleset=RULESET,
    policy="default",
    policy_digest="3" * 64,
    inventory="ben-tre.yaml",
    inventory_digest="1" * 64,
    seed=1,
    vantage=Vantage(
        name="Trung tâm dữ liệu tỉnh",
        source_v6="2001:db8:83::1",
        resolvers=("[2001:db8:83::53]:53",),
        selftests=(SelfTest(at=ENDED, ipv6=True, dns=True, ipv4=True),),
    ),
    mandate="vn-ben-tre-2025",
)
_WEB = [check for check in CHECKS if Kind.APPLICATION in check.kinds]


def mandate() -> Mandate:
    """Bến Tre's, with an exemption."""
    exemption = Exemption(
        id="MT-01", select=Select(asset="yt-4"), reason="Hệ thống cũ, thay thế trong năm", expires=date(2025, 12, 1),
        approved_by="Chủ tịch UBND tỉnh", document="12/TB-UBND",
    )  # fmt: skip
    return replace(load_mandate("vn-ben-tre-2025", known_rules=RULES), exemptions=(exemption,))


def rich(*, text: str = "", copies: int = 1) -> Standing:
    """The standing; ``text`` takes the place of names that come from outside."""
    standing = take_standing(mandate(), SCAN, AGENCIES, _results(text, copies), TODAY, checks=CHECKS, keep_assets=True)
    digests = {one.asset.id: f"{index:064x}" for index, one in enumerate(standing.assets, start=1)}
    return replace(standing, past=_past(standing), evidence_digests=digests)


def _results(text: str, copies: int) -> Iterator[tuple[Asset, tuple[Verdict, ...]]]:
    damages = (
        (), (), (name(aaaa=no(DnsOutcome.NODATA)), endpoint()), (endpoint(failed(Failure.REFUSED)),),
        (name(aaaa=no(DnsOutcome.NODATA)), endpoint()), (name(aaaa=no(DnsOutcome.SERVFAIL)),),
    )  # fmt: skip
    for agency in AGENCIES:
        for copy in range(copies):
            for index, damage in enumerate(damages):
                kind = Kind.SERVICE if index % 2 else Kind.APPLICATION
                one = _asset(agency.id, f"{agency.id}-{copy * 6 + index}", kind, text)
                yield one, tuple(judged(check, *damage) for check in _WEB)
        paper = Attestation(document="15/BC", signer="Nguyễn Văn A", date=date(2025, 6, 1))
        for index, attested in enumerate((paper, None)):
            soft = Asset(
                id=f"{agency.id}-pm{index}", kind=Kind.SOFTWARE, name=text or f"Phần mềm một cửa {index + 1}",
                agency=agency.id, attestation=attested, origin=Origin(file="ben-tre.yaml", line=90 + index),
            )  # fmt: skip
            yield soft, ()


def _asset(agency: str, asset_id: str, kind: Kind, text: str) -> Asset:
    host = asset_id.replace("/", "-") + ".bentre.example.vn"
    return Asset(
        id=asset_id, kind=kind, name=text or host, agency=agency, owner=text or "Phòng Công nghệ thông tin",
        targets=(Target(host=host, port=443, protocol=Protocol.HTTPS),), tags=("portal",),
        origin=Origin(file="ben-tre.yaml", line=10),
    )  # fmt: skip


def _past(standing: Standing) -> Past:
    whole = standing.whole.rate
    months = [datetime(2024, 11, 1, tzinfo=UTC) + timedelta(days=30 * step) for step in range(11)]
    points = [
        Point(scan=f"scan-{step}", at=month.timestamp(), rate=_rate(whole.denominator, 2 + step, 5))
        for step, month in enumerate(months)
    ]
    changed = standing.assets[:4]
    turns = (Turn.BETTER, Turn.WORSE, Turn.NEW, Turn.GONE)
    return Past(
        series=(Series(kind="whole", key="", points=(*points, Point(scan=SCAN.id, at=ENDED, rate=whole))),),
        milestones=(
            MilestoneOutcome(
                milestone=Milestone(date=date(2025, 6, 30), indicator="application", at_least=0.5, instrument="d34"),
                state=MilestoneState.MISSED, days=-94, rate=_rate(12, 4, 1), scan="scan-8",
            ),
            MilestoneOutcome(
                milestone=Milestone(date=date(2025, 12, 31), indicator="service", at_least=1.0, instrument="d34"),
                state=MilestoneState.AT_RISK, days=90, rate=whole, scan=SCAN.id,
            ),
        ),
        forecasts=(
            Forecast(kind="whole", key="", goal=1.0, method="theil-sen", points=12, window_days=90, pace=0.0007,
                     needed=0.0061, expected=date(2027, 3, 1), earliest=date(2026, 10, 1), latest=None),
        ),
        changes=tuple(
            Change(
                asset=one.asset, turn=turn, before=None if turn is Turn.NEW else Readiness.NOT_READY,
                after=None if turn is Turn.GONE else Readiness.READY, at=ENDED, scan=SCAN.id,
                cause=tuple(rated.verdict for rated in one.verdicts[:1]),
            )
            for one, turn in zip(changed, turns, strict=True)
        ),
        compared="scan-10",
        since=months[-1].timestamp(),
    )  # fmt: skip


def _rate(total: int, ready: int, unknown: int) -> Rate:
    tally = Tally()
    tally.readiness.update(
        {Readiness.READY: ready, Readiness.UNKNOWN: unknown, Readiness.NOT_READY: total - ready - unknown}
    )
    return tally.rate(mandate().counting)
