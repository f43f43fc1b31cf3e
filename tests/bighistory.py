"""A big store with a history, for measuring reports: ``python -m tests.bighistory FOLDER [ASSETS [AGENCIES]]`` writes
``FOLDER/big.db``.

A made-up province of 100,000 assets in 500 agencies with 24 monthly scans: four in ten assets are not ready or unknown.
Only the last two scans have verdicts of their own (one asset in a hundred differs); the 22 before them have frozen
counts, each with fewer ready than the next. Nothing is probed.
"""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from ipv6check.checks.registry import RULES
from ipv6check.mandates.load import load_mandate
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Kind, Origin
from ipv6check.model.frozen import Frozen
from ipv6check.model.rating import Rate
from ipv6check.model.result import AssetResult
from ipv6check.model.scan import Scan
from ipv6check.model.target import Protocol, Target
from ipv6check.store.inventories import InventoryFacts
from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.lineage import count_for_good
from tests.stored import scan
from tests.year import verdicts

MANDATE = "dual-stack"
SCANS = 24
_MONTH_S = 30 * 86_400.0
_DISTRICTS = 40
_STATES = ("good",) * 6 + ("no-aaaa", "dead", "bad-certificate", "dark")


def agencies(many: int) -> list[Agency]:
    """A province, its districts, and communes below them."""
    found = [Agency(id="vn/99", names={"vi": "Tỉnh Lớn", "en": "Big province"}, level="province")]
    for number in range(1, many):
        district = number <= _DISTRICTS
        parent = "vn/99" if district else f"vn/99/{(number - _DISTRICTS - 1) % _DISTRICTS + 1}"
        names = {"vi": f"Đơn vị số {number}", "en": f"Agency number {number}"}
        level = "district" if district else "commune"
        found.append(Agency(id=f"vn/99/{number}", names=names, level=level, parent=parent))
    return found


def assets(count: int, bodies: list[Agency]) -> Iterator[Asset]:
    """Web applications, handed out to the agencies in turn."""
    for number in range(count):
        name = f"dich-vu-{number}.tinh-lon.gov.example"
        yield Asset(
            id=f"a-{number:06}",
            kind=Kind.APPLICATION,
            name=name,
            agency=bodies[number % len(bodies)].id,
            owner=f"it-{number % len(bodies)}@example",
            targets=(Target(host=name, port=443, protocol=Protocol.HTTPS),),
            origin=Origin(file="big.yaml", line=number + 1),
        )


async def fill(folder: Path, count: int, many: int) -> None:
    """Write the store."""
    bodies = agencies(many)
    mandate = load_mandate(MANDATE, known_rules=frozenset(RULES))
    async with await open_store(f"sqlite:///{folder / 'big.db'}") as store:
        facts = InventoryFacts(digest="1" * 64, name="big.yaml", mandate=MANDATE, agencies=tuple(bodies))
        revision = await store.save_inventory(facts, assets(count, bodies))
        scans = [_scan(back) for back in range(SCANS - 1, -1, -1)]
        for one in scans:
            await store.create_scan(one, revision)
        letters: dict[str, str] = {}
        for number, one in enumerate(scans[-2:]):
            await _judged(store, one, count, older=number == 0)
            frozen = await count_for_good(store, one, mandate, scans[-2 : -2 + number], letters)
            letters[one.id] = frozen.readiness
            await store.freeze(one, frozen)
        for back, one in enumerate(reversed(scans[:-2]), start=1):
            rates = {key: _fewer(rate, back) for key, rate in frozen.observed.items()}
            older = Frozen(mandate=mandate.digest, readiness=frozen.readiness, observed=rates, confirmed=rates)
            await store.freeze(one, older)


def _scan(back: int) -> Scan:
    last = scan()
    assert last.ended is not None
    away = back * _MONTH_S
    return replace(last, id=f"{last.id[:-4]}{back:04x}", started=last.started - away, ended=last.ended - away)


async def _judged(store: Store, one: Scan, count: int, *, older: bool) -> None:
    async with store.writer(one) as writer:
        for number in range(count):
            turned = older and number % 100 == 0
            state = "no-aaaa" if turned else _STATES[number * 7 % len(_STATES)]
            name = f"dich-vu-{number}.tinh-lon.gov.example"
            told = tuple(
                replace(one, args={key: name if key == "name" else value for key, value in one.args.items()})
                for one in verdicts(state)
            )
            await writer.put(AssetResult(asset=f"a-{number:06}", at=one.started + 1, verdicts=told, evidence=()))


def _fewer(rate: Rate, back: int) -> Rate:
    lost = rate.ready * back // (2 * SCANS)
    return replace(rate, ready=rate.ready - lost, not_ready=rate.not_ready + lost)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True)
    asyncio.run(fill(place, *(int(text) for text in (sys.argv[2:] + ["100000", "500"][len(sys.argv) - 2 :]))))
