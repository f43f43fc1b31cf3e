"""Slices of a standing as text, for every face of a report: names that do nothing, shares floored."""

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.compliance.ladder import Place, Rung, place_of
from ipv6check.model.rating import Rate
from ipv6check.model.record import Record
from ipv6check.model.standing import AssetStanding, Group, Standing
from ipv6check.reports.figures import decimal
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

LONGEST_NAME = 256
"""Characters of a name that tables and Markdown show; JSON and CSV have it whole."""

MET = {True: "met", False: "missed", None: "open"}
"""Whether a goal is met, as a word of the context ``report``."""


class Row(Record, frozen=True, kw_only=True):
    """One slice as text: percentages as ``66.6`` or a dash where nothing can be measured. ``key`` is the id of the
    agency, class, level or indicator; ``met`` is a text, ``state`` its code: met, missed or open. ``measured`` is the
    share without what paper alone made ready, of which there are ``attested``."""

    name: str
    total: int
    ready: int
    partial: int
    not_ready: int
    unknown: int
    exempt: int
    low: str
    high: str
    coverage: str
    progress: str
    goal: str
    met: str
    key: str = ""
    state: str = "open"
    attested: int = 0
    measured: str = ""
    not_applicable: int = 0


def row_of(group: Group, name: str, messages: Messages) -> Row:
    """A group as a row under ``name``."""
    rate = group.rate
    return Row(
        name=name,
        total=rate.denominator,
        ready=rate.ready,
        partial=rate.partial,
        not_ready=rate.not_ready,
        unknown=rate.undecided,
        exempt=rate.exempt,
        low=floor_percent_of(rate.low),
        high=floor_percent_of(rate.high),
        coverage=floor_percent_of(rate.coverage),
        progress=floor_percent_of(rate.progress),
        goal=f"{group.goal * 100:g}",
        met=messages.word("report", MET[group.meets]) if rate.denominator else messages.word("page", "not-counted"),
        key=group.key,
        state=MET[group.meets],
        attested=rate.attested,
        measured=floor_percent_of(rate.measured),
        not_applicable=rate.not_applicable,
    )


def rate_row(rate: Rate, key: str, name: str, messages: Messages, *, goal: float = 1.0) -> Row:
    """A bare rate as a row; whether it meets ``goal`` is not said."""
    return row_of(Group(kind="", key=key, title={}, rate=rate, goal=goal), name, messages)


def share_of(row: Row, language: str) -> str:
    """What is proven, and what is possible at most where that differs; a dash where there is nothing to count."""
    if not row.total:
        return row.low
    shares = row.low if row.low == row.high else f"{row.low}–{row.high}"
    return f"{decimal(shares, language)} %"


def capital(text: str) -> str:
    """A word of the catalogue at the head of a row."""
    return text[:1].upper() + text[1:]


def rung_of(one: AssetStanding) -> Place | None:
    """How far a device is; None for every other asset."""
    return place_of(one.asset, (rated.verdict for rated in one.verdicts))


def rung_said(one: AssetStanding, messages: Messages) -> str:
    """The proven rung of a device, and whether it may stand higher; empty for every other asset."""
    place = rung_of(one)
    if place is None:
        return ""
    rung = messages.word("ladder", place.rung.value)
    return rung if place.settled or place.rung is Rung.UNKNOWN else f"{rung} ({messages.word('ladder', 'open')})"


def agency_name(standing: Standing, key: str, messages: Messages) -> str:
    """An agency by its name, else by its id; a word for assets that belong to nobody."""
    agency = standing.agency_names.get(key)
    if agency is not None:
        return brief(agency.name(messages.language))
    return brief(key) or messages.word("report", "no-agency")


def title_of(titles: dict[str, str], otherwise: str, messages: Messages) -> str:
    """A title in the reader's language, else in English, else what there is."""
    return inert(titles.get(messages.language) or titles.get("en") or otherwise)


def brief(text: str) -> str:
    """A name as text that does nothing, cut where a table would drown in it."""
    return inert(text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + "…")


def level_name(level: str, messages: Messages) -> str:
    """A level of agencies by its word, else as the inventory writes it."""
    return messages.word("agency-level", level) if level else messages.word("report", "no-agency")
