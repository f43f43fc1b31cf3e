"""The demo: the embedded world, the real scan over it, and its verdicts against the world's truth."""

from pathlib import Path

from ipv6check.checks.registry import CHECKS
from ipv6check.demo.policy import DEMO
from ipv6check.demo.province import ITEMS
from ipv6check.demo.world import running_world
from ipv6check.model.record import Record
from ipv6check.model.trouble import Trouble
from ipv6check.settings import Settings
from ipv6check.store.repository import Store
from ipv6check.wiring.inputs import read_inventory, read_mandate
from ipv6check.wiring.progress import Progress, Watch
from ipv6check.wiring.scans.scanning import Request, run_scan


class Deviation(Record, frozen=True, kw_only=True):
    """One verdict that is not what the demo's world makes true; ``found`` is empty for a missing one."""

    asset: str
    rule: str
    expected: str
    found: str


async def run_demo(folder: Path, store: Store, settings: Settings, watch: Watch) -> Progress:
    """Scan the demo province into ``store``. Raises Trouble where this machine has no IPv6 loopback."""
    try:
        async with running_world(folder) as world:
            told = settings.model_copy(
                update={"resolver": (world.resolver,), "anchor": world.anchors, "vantage": "demo", "exclude": ""}
            )
            inventory = read_inventory([world.inventory])
            request = Request(
                settings=told,
                inventory=inventory,
                mandate=read_mandate(told, inventory.mandate),
                policy=DEMO,
                checks=CHECKS,
            )
            return await run_scan(request, store, watch)
    except OSError as error:
        raise Trouble(f"the demo needs ::1 and 127.0.0.1 on this machine: {error}") from None


async def deviations(store: Store, scan: str) -> list[Deviation]:
    """Every verdict that differs from the truth; empty if the demo proves what it should."""
    truth = {item.id: item.truth for item in ITEMS}
    found: list[Deviation] = []
    async for asset, verdicts, _, _ in store.results(scan):
        statuses = {verdict.rule: verdict.status.value for verdict in verdicts}
        expected = truth.pop(asset.id)
        for rule in sorted(expected.keys() | statuses.keys()):
            want, have = expected.get(rule, ""), statuses.get(rule, "")
            if want != have and (want != "any" or not have):
                found.append(Deviation(asset=asset.id, rule=rule, expected=want, found=have))
    return found + [Deviation(asset=asset, rule="", expected="judged", found="") for asset in truth]
