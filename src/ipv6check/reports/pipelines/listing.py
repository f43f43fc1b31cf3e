"""What pipelines list: one record for every verdict that fails, could not be told, or is advice, with its place."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ipv6check.model.asset import Asset
from ipv6check.model.finding import finding_id
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE")
_FAILED = frozenset({Readiness.NOT_READY, Readiness.PARTIAL})


class Listed(Record, frozen=True, kw_only=True):
    """One verdict as a pipeline lists it. ``gates`` is True for what keeps the asset from being ready; ``file`` is
    relative to the repository, empty for a target that no inventory lists, which has line 0."""

    id: str
    asset: Asset
    rule: str
    status: Status
    level: Level
    text: str
    fix: str
    file: str
    line: int
    gates: bool = True
    accepted: bool = False


def listed(standing: Standing, messages: Messages) -> Iterator[Listed]:
    """Failures that gate, then what is unknown, then advice; exempt assets are left out."""
    everything = [one for asset in standing.assets for one in _of_asset(asset, messages)]
    yield from (one for one in everything if one.status is Status.FAIL and one.gates and not one.accepted)
    yield from (one for one in everything if one.status is Status.UNKNOWN)
    yield from (one for one in everything if one.status is Status.FAIL and (not one.gates or one.accepted))


def _of_asset(standing: AssetStanding, messages: Messages) -> Iterator[Listed]:
    if standing.readiness is Readiness.EXEMPT:
        return
    asset = standing.asset
    file, line = place_of(asset)
    for rated in sorted(standing.verdicts, key=lambda one: one.verdict.rule):
        verdict = rated.verdict
        required = rated.level is Level.REQUIRED
        if verdict.status is Status.UNKNOWN:
            if not required or standing.readiness is Readiness.READY:
                continue
        elif verdict.status is not Status.FAIL or rated.level is Level.INFORMATIONAL:
            continue
        yield Listed(
            id=finding_id(asset.id, verdict.rule),
            asset=asset,
            rule=verdict.rule,
            status=verdict.status,
            level=rated.level,
            text=messages.say(verdict),
            fix=messages.fix(verdict),
            file=file,
            line=line,
            gates=required and standing.readiness in _FAILED,
            accepted=rated.accepted,
        )


def place_of(asset: Asset) -> tuple[str, int]:
    """The inventory file relative to the repository, and the line; empty and 0 for a target of the command line."""
    if asset.origin is None:
        return "", 0
    return repository_path(asset.origin.file), max(asset.origin.line, 1)


def target_uri(asset: Asset) -> str:
    """Where a finding about a target of the command line is: at the target itself."""
    return inert(asset.targets[0].key if asset.targets else asset.id)


def repository_path(file: str) -> str:
    """``file`` relative to the root that the pipeline names (GitHub, GitLab, Jenkins), else to the working directory;
    one that lies outside stays as it is."""
    root = next((value for name in _ROOTS if (value := os.environ.get(name))), "") or str(Path.cwd())
    return _relative(file, root, str(Path.cwd()))


@cache
def _relative(file: str, root: str, here: str) -> str:
    path = Path(here, file).resolve()
    try:
        return inert(path.relative_to(Path(root).resolve()).as_posix())
    except ValueError:
        return inert(file)
