"""What is wrong or undecided about assets, one cause told once."""

from collections.abc import Iterator

from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.model.standing import AssetStanding, RatedVerdict, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.rows import agency_name, brief

LONGEST_ARG = 200
"""Characters of one piece of evidence that people are shown; JSON and CSV have it whole."""


_NOT_HELD = frozenset({Readiness.READY, Readiness.EXEMPT, Readiness.NOT_APPLICABLE})
"""Of such an asset nothing is left to fix: another rule of several stood in for what failed, or nobody asks for it."""


class Finding(Record, frozen=True, kw_only=True):
    """What is wrong or undecided about one asset. One cause that several rules name (a server that does not answer)
    is told once, with all their codes; ``required`` if one of them keeps the asset from being ready, which is
    never so of one that is ready or exempt; else it is advice.
    ``evidence`` are the facts of the first verdict by name; ``tag`` is that verdict's."""

    asset: str
    agency: str
    codes: tuple[str, ...]
    status: str
    required: bool
    text: str
    fix: str
    asset_id: str = ""
    agency_id: str = ""
    asset_class: str = ""
    tag: str = ""
    evidence: tuple[tuple[str, str], ...] = ()


def all_findings(standing: Standing, messages: Messages) -> Iterator[Finding]:
    """Failures of all assets, then what is undecided; what is required before what is advised."""
    for status in (Status.FAIL, Status.UNKNOWN):
        found = [one for asset in standing.assets for one in findings_of(asset, status, standing, messages)]
        yield from sorted(found, key=lambda one: not one.required)


def findings_of(
    asset: AssetStanding, status: Status, standing: Standing, messages: Messages, *, evidence: bool = True
) -> Iterator[Finding]:
    """What one asset failed (``status`` fail), or what is undecided about it (``status`` unknown), with the facts of
    each or, for a face that shows none, without ``evidence``."""
    causes: dict[tuple[str, str], list[RatedVerdict]] = {}
    told = [one for one in asset.verdicts if one.verdict.status is status and one.level is not Level.INFORMATIONAL]
    for rated in sorted(told, key=lambda one: one.verdict.rule):
        said = messages.say(rated.verdict), messages.fix(rated.verdict)
        causes.setdefault(said, []).append(rated)
    for (text, fix), found in causes.items():
        first = found[0].verdict
        yield Finding(
            asset=brief(asset.asset.name or asset.asset.id),
            agency=agency_name(standing, asset.asset.agency, messages),
            codes=tuple(inert(one.verdict.rule) for one in found),
            status=messages.word("status", status.value),
            required=asset.readiness not in _NOT_HELD and any(one.level is Level.REQUIRED for one in found),
            text=text,
            fix=fix,
            asset_id=asset.asset.id,
            agency_id=asset.asset.agency,
            asset_class=asset.asset.kind.asset_class.value,
            tag=inert(first.tag),
            evidence=tuple((key, value[:LONGEST_ARG]) for key, value in messages.facts(first)) if evidence else (),
        )
