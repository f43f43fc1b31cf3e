"""A stored scan made by hand: every verdict is what the checks say of the stored evidence."""

from collections.abc import Sequence
from pathlib import Path

from ipv6check.checks.registry import CHECKS, RULESET
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind, Origin
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure
from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.target import Protocol, Target
from ipv6check.model.vantage import SelfTest, Vantage
from ipv6check.policies.load import load_policy, policy_digest
from ipv6check.store.inventories import InventoryFacts
from ipv6check.store.open import open_store
from tests.factories import AT, V4, V6, endpoint, failed, healthy, judged, name, no, sampled_ms

SCAN_ID = "20260528T203640Z-0badcafe"
EARLIER = "20260501T000000Z-0badcafe"
HOSTILE = "=cmd|'/C calc'!A0 \x1b[31m\u202ered\r\n::error::forged <script>[x](http://evil)|"
AGENCIES = (
    Agency(id="tinh", names={"vi": "Tỉnh Mẫu", "en": "Sample province"}, level="province"),
    Agency(id="so", names={"vi": "Sở Thử nghiệm", "en": "Test Department"}, level="department", parent="tinh"),
    Agency(id="la", names={"en": HOSTILE}, level="department", parent="tinh"),
)
POLICY = load_policy("default")
WEB = [check for check in CHECKS if Kind.APPLICATION in check.kinds and check.rule.family != "OFF"]
SLOW_MS = 300.0


def app(asset_id: str, agency: str, text: str = "") -> Asset:
    target = Target(host=f"{asset_id}.example.vn", port=443, protocol=Protocol.HTTPS)
    return Asset(
        id=asset_id,
        kind=Kind.APPLICATION,
        name=text or f"{asset_id}.example.vn",
        agency=agency,
        targets=(target,),
        origin=Origin(file="a.yaml", line=7),
    )


GOOD, BAD, DEAD, SLOW = app("good", "so"), app("bad", "la", HOSTILE), app("dead", "tinh"), app("slow", "so")
NEVER = app("never", "la", "never probed")
DAMAGE: dict[str, tuple[Evidence, ...]] = {
    "good": (),
    "bad": (name(aaaa=no(DnsOutcome.NODATA)), endpoint()),
    "dead": (endpoint(failed(Failure.REFUSED)),),
    "slow": (endpoint(sampled_ms(V6, *[SLOW_MS] * 5), v4=(sampled_ms(V4, *[10.0] * 5),)),),
}


def result(asset: Asset) -> AssetResult:
    """The evidence of an asset with what the checks say of it."""
    damage = DAMAGE[asset.id]
    seen = healthy() | {type(one): one for one in damage}
    kept = tuple(one for one in seen.values() if not one.of_asset)
    return AssetResult(
        asset=asset.id,
        at=AT + 1,
        verdicts=tuple(judged(check, *damage, policy=POLICY) for check in WEB),
        evidence=(TargetEvidence(target=asset.targets[0].key, evidence=kept),),
    )


def scan(scan_id: str = SCAN_ID, **changes: object) -> Scan:
    test = SelfTest(at=AT, ipv6=True, dns=True, ipv4=True)
    fields = {
        "id": scan_id,
        "started": AT,
        "ended": AT + 60,
        "state": ScanState.COMPLETE,
        "tool_version": "0.1.0",
        "ruleset": RULESET,
        "policy": POLICY.id,
        "policy_digest": policy_digest(POLICY),
        "inventory": "a.yaml",
        "inventory_digest": "1" * 64,
        "seed": 1,
        "vantage": Vantage(name="lab", resolvers=("[::1]:53",), selftests=(test,)),
        "mandate": "dual-stack",
    }
    return Scan(**fields | changes)


async def fill(path: Path, *, results: Sequence[Asset] = (GOOD, BAD, DEAD, SLOW)) -> None:
    """A database with two scans: an earlier one of which only GOOD is known, and the one that tests are about."""
    async with await open_store(f"sqlite:///{path}") as store:
        facts = InventoryFacts(digest="1" * 64, name="a.yaml", mandate="dual-stack", agencies=AGENCIES)
        revision = await store.save_inventory(facts, [GOOD, BAD, DEAD, SLOW, NEVER])
        for one, known in ((scan(EARLIER, started=AT - 86_400, ended=AT - 86_000), [GOOD]), (scan(), results)):
            await store.create_scan(one, revision)
            async with store.writer(one) as writer:
                for asset in known:
                    await writer.put(result(asset))
