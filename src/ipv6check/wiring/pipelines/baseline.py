"""Baselines: failures that were there before and fail no gate (``ipv6check.baseline/1``, JSON)."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from ipv6check.model.asset import Asset
from ipv6check.model.finding import finding_id
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.trouble import Trouble
from ipv6check.model.verdict import Status, Verdict

SCHEMA = "ipv6check.baseline/1"
_FAILED = frozenset({Readiness.NOT_READY, Readiness.PARTIAL})


class Entry(Record, frozen=True, kw_only=True):
    """One accepted failure; ``id`` decides, the rest is for people."""

    id: str
    asset: str
    name: str
    rule: str
    tag: str


class Baseline(Record, frozen=True, kw_only=True):
    """A baseline file."""

    schema: str = SCHEMA
    findings: tuple[Entry, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        """The identities of its findings."""
        return frozenset(entry.id for entry in self.findings)


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises Trouble."""
    try:
        octets = path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path}: the baseline cannot be read: {error.strerror}; --write-baseline makes one") from None
    try:
        found = msgspec.json.decode(octets, type=Baseline)
    except msgspec.DecodeError as error:
        raise Trouble(f"{path}: is not a baseline: {error}") from None
    if found.schema != SCHEMA:
        raise Trouble(f"{path}: is not a baseline: its schema is {found.schema!r}, not {SCHEMA!r}")
    return found


def baseline_of(standing: Standing, before: Baseline) -> Baseline:
    """What ``standing`` fails and requires, and of ``before`` what this run could not tell to be mended."""
    entries: dict[str, Entry] = {}
    for asset in standing.assets:
        if asset.readiness in _FAILED:
            entries.update((entry.id, entry) for entry in _failures(asset))
    mended = {entry.id for entry in mended_of(standing, before)}
    kept = {entry.id: entry for entry in before.findings if entry.id not in mended}
    found = kept | entries
    return Baseline(findings=tuple(sorted(found.values(), key=lambda one: (one.asset, one.rule))))


def mended_of(standing: Standing, before: Baseline) -> list[Entry]:
    """Entries of ``before`` whose rule now passes or no longer applies; what is unknown or was not looked at is not
    among them."""
    now = {
        finding_id(asset.asset.id, rated.verdict.rule): rated.verdict.status
        for asset in standing.assets
        for rated in asset.verdicts
    }
    return [entry for entry in before.findings if now.get(entry.id) in (Status.PASS, Status.NOT_APPLICABLE)]


def baseline_lines(baseline: Baseline) -> Iterable[str]:
    """The file, one finding a line, so that a review shows what was added."""
    yield '{"schema": "' + SCHEMA + '", "findings": ['
    for index, entry in enumerate(baseline.findings, start=1):
        yield "  " + msgspec.json.encode(entry).decode() + ("," if index < len(baseline.findings) else "")
    yield "]}"


def accepting(standing: Standing, baseline: Baseline) -> Standing:
    """The standing with every failure that the baseline holds marked as accepted."""
    ids = baseline.ids
    assets = tuple(
        msgspec.structs.replace(
            asset,
            verdicts=tuple(
                msgspec.structs.replace(rated, accepted=_holds(ids, asset.asset.id, rated.verdict))
                for rated in asset.verdicts
            ),
        )
        for asset in standing.assets
    )
    return msgspec.structs.replace(standing, assets=assets)


def forgiven(
    assets: Sequence[Asset], verdicts: Mapping[str, tuple[Verdict, ...]], baseline: Baseline
) -> list[tuple[Asset, tuple[Verdict, ...]]]:
    """The results as a gate counts them: an accepted failure is as good as a pass. Never to be reported."""
    ids = baseline.ids
    return [
        (
            asset,
            tuple(
                msgspec.structs.replace(verdict, status=Status.PASS) if _holds(ids, asset.id, verdict) else verdict
                for verdict in verdicts.get(asset.id, ())
            ),
        )
        for asset in assets
    ]


def _holds(ids: frozenset[str], asset: str, verdict: Verdict) -> bool:
    return verdict.status is Status.FAIL and finding_id(asset, verdict.rule) in ids


def _failures(asset: AssetStanding) -> Iterable[Entry]:
    for rated in asset.verdicts:
        verdict = rated.verdict
        if rated.level is Level.REQUIRED and verdict.status is Status.FAIL:
            yield Entry(
                id=finding_id(asset.asset.id, verdict.rule),
                asset=asset.asset.id,
                name=asset.asset.name,
                rule=verdict.rule,
                tag=verdict.tag,
            )
