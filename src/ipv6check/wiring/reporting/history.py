"""What a report tells of earlier scans."""

from collections.abc import Container, Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from ipv6check.checks.registry import RULES
from ipv6check.compliance.change import cause_of, turn_of
from ipv6check.compliance.confirmed import ABSENT, Confirmed, letter_of, readiness_of
from ipv6check.compliance.scope import AgencyTree
from ipv6check.mandates.load import SHIPPED, load_mandate
from ipv6check.model.history import (
    Carried,
    Change,
    Past,
    Successor,
    Turn,
    Unconfirmed,
)
from ipv6check.model.mandate import Level, Mandate
from ipv6check.model.standing import AssetStanding, RatedVerdict, Standing
from ipv6check.model.verdict import Verdict
from ipv6check.store.codec import key
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.lineage import Lineage, moment_of
from ipv6check.wiring.reporting.records import recorded

_PAGE = 200
"""Changed assets whose verdicts, of both scans, are in memory at a time."""


async def past_of(store: Store, lineage: Lineage, standing: Standing) -> Past:
    """Everything a standing says about earlier scans: of the confirmed state, or of each scan alone.

    Raises StoreError.
    """
    agencies = (await store.revision_of(lineage.scan)).agencies
    course = (await recorded(store, lineage, standing, agencies, standing.only_agencies)).course(standing)
    compared = lineage.scans[lineage.compared] if lineage.compared is not None else None
    past = Past(
        series=course.series,
        milestones=course.milestones,
        forecasts=course.forecasts,
        changes=await _changes(store, lineage, standing),
        compared=compared.id if compared else "",
        since=moment_of(compared) if compared else 0.0,
        successor=_successor(standing.mandate, standing.today),
    )
    if not standing.confirmed:
        return past
    unconfirmed, carried = await _held(store, lineage, standing)
    return replace(past, unconfirmed=unconfirmed, carried=carried)


async def _changes(store: Store, lineage: Lineage, standing: Standing) -> tuple[Change, ...]:
    """What became of each asset since the last whole scan, by agency and name."""
    if lineage.compared is None:
        return ()
    compared, confirmed = lineage.compared, standing.confirmed
    now = {key(one.asset.id): one for one in standing.assets}
    turned: list[tuple[AssetStanding, str, Confirmed]] = []
    for name, letters in zip(lineage.ids, lineage.letters, strict=True):
        if name not in now:
            continue
        one, before = now[name], lineage.state(letters, compared, confirmed=confirmed)
        if before.letter != letter_of(one.readiness):
            turned.append((one, letters, before))
    causes = await _causes(store, lineage, [(one, before) for one, _, before in turned])
    changes = []
    for one, past, before in turned:
        scan = lineage.scans[_decided(lineage, past, compared, confirmed=confirmed)]
        cause, was = causes.get(one.asset.id, ((), ()))
        earlier = readiness_of(before.letter)
        changes.append(
            Change(
                asset=one.asset,
                turn=turn_of(earlier, one.readiness),
                before=earlier,
                after=one.readiness,
                at=moment_of(scan),
                scan=scan.id,
                cause=cause,
                was=was,
            )
        )
    changes += await _gone(store, lineage, standing, now)
    return tuple(sorted(changes, key=lambda one: (one.asset.agency, one.asset.name, one.asset.id)))


def _decided(lineage: Lineage, letters: str, compared: int, *, confirmed: bool) -> int:
    """The index of the scan after which the asset's state was for the first time what it is now."""
    index = len(lineage.scans) - 1
    state = lineage.state(letters, index, confirmed=confirmed).letter
    while index - 1 > compared and lineage.state(letters, index - 1, confirmed=confirmed).letter == state:
        index -= 1
    return index


async def _causes(
    store: Store, lineage: Lineage, turned: Sequence[tuple[AssetStanding, Confirmed]]
) -> dict[str, tuple[tuple[Verdict, ...], tuple[Verdict, ...]]]:
    """By asset the verdicts that differ from those of the earlier state; nothing for an asset that is new."""
    known = [(one, before) for one, before in turned if before.letter != ABSENT]
    causes = {}
    for start in range(0, len(known), _PAGE):
        some = known[start : start + _PAGE]
        now = await _said(store, [(one.asset.id, one.basis or lineage.scan.id) for one, _ in some])
        was = await _said(store, [(one.asset.id, lineage.scans[before.basis].id) for one, before in some])
        for one, _ in some:
            name = one.asset.id
            causes[name] = cause_of(_at_levels_of(one, now.get(name, ())), was.get(name, ()))
    return causes


async def _said(store: Store, asked: Iterable[tuple[str, str]]) -> dict[str, tuple[Verdict, ...]]:
    """The verdicts in full of assets by id, each in the scan asked for."""
    by_scan: dict[str, list[str]] = {}
    for asset, scan in asked:
        by_scan.setdefault(scan, []).append(asset)
    found: dict[str, tuple[Verdict, ...]] = {}
    for scan, names in by_scan.items():
        found |= await store.verdicts(scan, names)
    return found


def _at_levels_of(standing: AssetStanding, verdicts: Iterable[Verdict]) -> list[RatedVerdict]:
    """Other verdicts of the same asset, with the levels that its own have."""
    levels = {rated.verdict.rule: rated.level for rated in standing.verdicts}
    return [RatedVerdict(verdict=verdict, level=levels.get(verdict.rule, Level.INFORMATIONAL)) for verdict in verdicts]


async def _gone(store: Store, lineage: Lineage, standing: Standing, present: Container[str]) -> list[Change]:
    """Assets that counted after the compared scan and do not count now."""
    assert lineage.compared is not None
    index = lineage.compared
    past = dict(lineage.gone)
    if not standing.only_agencies and not standing.only_classes:
        here = zip(lineage.ids, lineage.letters, strict=True)
        past |= {name: letters for name, letters in here if name not in present}
    before = {name: lineage.state(letters, index, confirmed=standing.confirmed) for name, letters in past.items()}
    names = [name for name, state in before.items() if state.letter != ABSENT]
    tree = AgencyTree((await store.revision_of(lineage.scans[index])).agencies)
    return [
        Change(
            asset=asset,
            turn=Turn.GONE,
            before=readiness_of(before[key(asset.id)].letter),
            after=None,
            at=moment_of(lineage.scan),
            scan=lineage.scan.id,
        )
        for asset in await store.assets_by_id(lineage.scans[index], names)
        if (not standing.only_agencies or tree.is_below(asset.agency, standing.only_agencies))
        and (not standing.only_classes or asset.kind.asset_class in standing.only_classes)
    ]


async def _held(
    store: Store, lineage: Lineage, standing: Standing
) -> tuple[tuple[Unconfirmed, ...], tuple[Carried, ...]]:
    """Assets whose state does not rest on the reported scan: failing but unconfirmed, and shown by an older result."""
    found = [(one, lineage.held[name]) for one in standing.assets if (name := key(one.asset.id)) in lineage.held]
    failing = [one.asset.id for one, state in found if state.failures]
    latest = await store.verdicts(lineage.scan, failing)
    shown = await _said(store, [(one.asset.id, one.basis or lineage.scan.id) for one, state in found if state.failures])
    letters = dict(zip(lineage.ids, lineage.letters, strict=True)) if found else {}
    unconfirmed, carried = [], []
    for one, state in found:
        basis = lineage.scans[state.basis]
        if not state.failures:
            carried.append(Carried(asset=one.asset, readiness=one.readiness, scan=basis.id, at=moment_of(basis)))
            continue
        observed = readiness_of(letters[key(one.asset.id)][-1])
        assert observed is not None, "an asset that is held is part of the reported scan"
        cause, was = cause_of(_at_levels_of(one, latest.get(one.asset.id, ())), shown.get(one.asset.id, ()))
        unconfirmed.append(
            Unconfirmed(
                asset=one.asset,
                observed=observed,
                failures=state.failures,
                needed=standing.mandate.counting.fail_after,
                scan=basis.id,
                at=moment_of(basis),
                cause=cause,
                was=was,
            )
        )
    return tuple(unconfirmed), tuple(carried)


def _successor(mandate: Mandate, today: date) -> Successor | None:
    """The mandate that the file names as the next one."""
    name = mandate.succession.get("next")
    if not name:
        return None
    deadline = mandate.period.deadline
    in_force = deadline is not None and today > deadline
    if name not in SHIPPED:
        return Successor(id=str(name), in_force=in_force)
    following = load_mandate(str(name), known_rules=frozenset(RULES))
    milestones = sorted(following.milestones, key=lambda one: one.date)
    return Successor(
        id=following.id, in_force=in_force, title=following.title, first=milestones[0] if milestones else None
    )
