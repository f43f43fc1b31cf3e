"""The assets and findings of an HTML page: the worst first, as many as a person and a browser can take."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ipv6check.model.rating import Readiness
from ipv6check.model.record import Record
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.findings import Finding, findings_of
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.rows import agency_name, brief, rung_said

MOST_ASSETS = 3000
"""Assets that one page lists; the rest is counted and named by where to find it."""

WORST_FIRST = (
    Readiness.NOT_READY,
    Readiness.PARTIAL,
    Readiness.UNKNOWN,
    Readiness.NEEDS_ATTESTATION,
    Readiness.EXEMPT,
    Readiness.READY,
    Readiness.NOT_APPLICABLE,
)


class AssetLine(Record, frozen=True, kw_only=True):
    """One asset in the list; ``within`` are the numbers of its agency and all above it, for the filter;
    ``rung`` says how far a device is."""

    id: str
    name: str
    asset_class: str
    agency: str
    within: str
    readiness: str
    owner: str
    exemption: str
    attested: bool
    failed: tuple[str, ...]
    rung: str = ""


class Remedy(Record, frozen=True, kw_only=True):
    """Findings that are mended in the same way."""

    fix: str
    findings: tuple[tuple[Finding, str], ...]


class Cause(Record, frozen=True, kw_only=True):
    """Findings of the same rules, required or advised."""

    codes: tuple[str, ...]
    title: str
    required: bool
    count: int
    remedies: tuple[Remedy, ...]


class Lists:
    """The lists of one page."""

    def __init__(self, standing: Standing, messages: Messages, *, most: int = MOST_ASSETS) -> None:
        self._standing, self._messages = standing, messages
        self.numbers = {group.key: number for number, group in enumerate(standing.agencies)}
        self.shown, self.left_out = _chosen(standing.assets, most)
        self._lines = {item.asset.agency: self._within(item.asset.agency) for item in self.shown}

    def assets(self) -> Iterator[AssetLine]:
        """The assets that the page lists, the worst first."""
        names = {agency: agency_name(self._standing, agency, self._messages) for agency in self._lines}
        for item in self.shown:
            asset = item.asset
            held = item.verdicts if item.readiness is not Readiness.READY else ()
            failed = [rated.verdict.rule for rated in held if _holds_back(rated.verdict.status, rated.level)]
            yield AssetLine(
                id=brief(asset.id),
                name=brief(asset.name or asset.id),
                asset_class=asset.kind.asset_class.value,
                agency=names[asset.agency],
                within=self._lines[asset.agency],
                readiness=item.readiness.value,
                owner=brief(asset.owner),
                exemption=inert(item.exemption),
                attested=item.attested,
                failed=tuple(map(inert, failed)),
                rung=rung_said(item, self._messages),
            )

    def causes(self, status: Status) -> tuple[Cause, ...]:
        """Findings by cause: what the mandate requires first, then what most assets have."""
        found: dict[tuple[tuple[str, ...], bool], list[Finding]] = {}
        for item in self.shown:
            for one in findings_of(item, status, self._standing, self._messages):
                found.setdefault((one.codes, one.required), []).append(one)
        order = sorted(found.items(), key=lambda pair: (not pair[0][1], -len(pair[1]), pair[0][0]))
        return tuple(
            Cause(
                codes=codes,
                title=self._messages.title(codes[0]),
                required=required,
                count=len(findings),
                remedies=tuple(self._remedies(findings)),
            )
            for (codes, required), findings in order
        )

    def unprobed(self) -> tuple[AssetStanding, ...]:
        """Listed assets that count as unknown since the scan has nothing at all about them."""
        return tuple(item for item in self.shown if item.readiness is Readiness.UNKNOWN and not item.verdicts)

    def _remedies(self, findings: Iterable[Finding]) -> Iterator[Remedy]:
        by_fix: dict[str, list[tuple[Finding, str]]] = {}
        for one in findings:
            by_fix.setdefault(one.fix, []).append((one, self._lines[one.agency_id]))
        for fix, some in by_fix.items():
            yield Remedy(fix=fix, findings=tuple(some))

    def _within(self, agency: str) -> str:
        """The numbers of an agency and of those above it, parted and enclosed by blanks."""
        climbed: dict[str, None] = {}
        current: str | None = agency
        while current is not None and current not in climbed:
            climbed[current] = None
            known = self._standing.agency_names.get(current)
            current = known.parent if known else None
        return " ".join(str(self.numbers[one]) for one in climbed if one in self.numbers)


def _holds_back(status: Status, level: str) -> bool:
    return status is Status.FAIL and level == "required"


def _chosen(assets: tuple[AssetStanding, ...], most: int) -> tuple[list[AssetStanding], dict[str, int]]:
    """The assets to list, the worst first, and how many of each readiness are not.

    Where one readiness has more than there is room for, every agency gets the same number of places.
    """
    rank = {readiness: number for number, readiness in enumerate(WORST_FIRST)}
    if len(assets) <= most:
        return sorted(assets, key=lambda item: rank[item.readiness]), {}
    seen: Counter[tuple[Readiness, str]] = Counter()
    order = []
    for index, item in enumerate(assets):
        key = item.readiness, item.asset.agency
        order.append((rank[item.readiness], seen[key], index))
        seen[key] += 1
    order.sort()
    shown = sorted((place, index) for place, _, index in order[:most])
    left = Counter(assets[index].readiness for _, _, index in order[most:])
    return [assets[index] for _, index in shown], {one.value: left[one] for one in WORST_FIRST if left[one]}
