"""What the formal document says, as plain data for its template: every text ready, in one language."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ipv6check.model.mandate import Instrument
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import AssetStanding, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.figures import day, decimal, month_or_day, number, percent
from ipv6check.reports.findings import findings_of
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages
from ipv6check.reports.outlook import TOO_FEW, ForecastRow
from ipv6check.reports.page.burnup import burn_up
from ipv6check.reports.paper.charts import burn_up_svg
from ipv6check.reports.rows import Row, agency_name, brief, rung_said, title_of
from ipv6check.reports.signature import block_of, sealed, shown
from ipv6check.reports.view import View, definitions, view_of

MOST_AGENCIES = 600
MOST_IN_ANNEX = 400
"""Assets of the annex; a whole province has more, and its workbook lists them all."""

EVIDENCE = "evidence"
"""The option of a block that says that the annex has digests; no field is called so."""

_OPEN = {Readiness.NOT_READY: 0, Readiness.PARTIAL: 1, Readiness.UNKNOWN: 2, Readiness.NEEDS_ATTESTATION: 3}
_WORDS = (
    "report", "number", "to", "results", "indicators", "classes", "progress", "chart", "no-history", "milestones",
    "agencies", "blockers", "none", "exemptions", "annex-method", "assumptions", "recipients", "sign", "annex-assets",
    "annex-signature", "verify",
)  # fmt: skip
_BLANK = "…………"


def annex_of(standing: Standing) -> tuple[AssetStanding, ...]:
    """The assets that the annex lists: those not proven ready, failures first, up to ``MOST_IN_ANNEX``."""
    found = [one for one in standing.assets if one.readiness in _OPEN]
    return tuple(sorted(found, key=lambda one: _OPEN[one.readiness])[:MOST_IN_ANNEX])


def document_of(standing: Standing, language: str, fields: Mapping[str, str], *, format: str = "pdf") -> dict[str, Any]:
    """The data of the template of a format."""
    messages = Messages(language)
    view = view_of(standing, messages, findings=False)
    options = dict(fields) | ({EVIDENCE: "yes"} if standing.evidence_digests else {})
    block = block_of(standing, messages.language, format, options)
    words = {word: messages.word("document", word) for word in _WORDS}
    return {
        "language": messages.language,
        "words": words,
        "fields": _fields(standing, fields, messages),
        "title": inert(fields.get("subject", "")) or view.title,
        "part": view.part,
        "as_of": f"{messages.word('document', 'as-of')} {day(standing.today, messages.language)}",
        "footer": f"ipv6check {block.tool_version} · {inert(standing.scan.id)} · SHA-256 {block.digest[:16]}",
        "basis": [_basis(one, messages) for one in standing.mandate.instruments],
        "notices": view.notices,
        **_figures(view, messages),
        **_outlook(standing, view, messages),
        "heads": _heads(messages),
        "definitions": definitions(messages),
        "assumptions": view.assumptions,
        "annex": [_annex_row(one, standing, messages) for one in annex_of(standing)],
        "annex-note": _annex_note(standing, messages),
        "signature": [*view.facts, *shown(block, messages)],
        "verify": messages.word("signature", "how"),
        "seal": sealed(block),
    }


def _fields(standing: Standing, given: Mapping[str, str], messages: Messages) -> dict[str, Any]:
    """The frame; what is not given is a dotted space to fill in by hand, and the part's agency is the issuer."""
    say = messages.word
    fields = {name: inert(value) for name, value in given.items()}
    agencies = standing.only_agencies or tuple(group.key for group in standing.agencies[:1])
    place = fields.get("place", _BLANK)
    return {
        "number": fields.get("number", _BLANK),
        "parent": fields.get("parent", ""),
        "issuer": fields.get("issuer", "") or (agency_name(standing, agencies[0], messages) if agencies else _BLANK),
        "dated": fields.get("date", "") or _dated(place, standing.today, messages),
        "to": fields.get("to", ""),
        "recipients": [one.strip() for one in fields.get("recipients", _BLANK).split(";") if one.strip()],
        "signer-title": fields.get("signer-title", "") or say("document", "signer-title"),
        "signer": fields.get("signer", ""),
    }


def _dated(place: str, today: date, messages: Messages) -> str:
    """Place and day, as the conventions of the language have them."""
    if messages.language == "vi":
        return f"{place}, ngày {today:%d} tháng {today:%m} năm {today.year}"
    return f"{place}, {day(today, messages.language)}"


def _basis(one: Instrument, messages: Messages) -> str:
    """An instrument as what the report is pursuant to, and how far its text was read."""
    say = messages.word
    issuer = title_of(one.issuer, "", messages)
    parts = [f"{say('document', 'pursuant')} {inert(one.number)}"]
    word = "of-day" if one.issued.count("-") == 2 else "of-month"
    parts += [f"{say('document', word)} {month_or_day(inert(one.issued), messages.language)}"] if one.issued else []
    parts += [f"{say('document', 'of-issuer')} {issuer}"] if issuer else []
    return f"{' '.join(parts)} ({say('confirmed', one.confirmed)});"


def _figures(view: View, messages: Messages) -> dict[str, Any]:
    """The headline and the tables of slices."""
    say, whole, language = messages.word, view.whole, messages.language

    def share(text: str) -> str:
        return percent(text, language)

    pairs = [
        (say("column", "total"), number(whole.total, language), say("report", "rate"), share(whole.low)),
        (say("column", "ready"), number(whole.ready, language), say("column", "high"), share(whole.high)),
        (say("column", "partial"), number(whole.partial, language), say("column", "measured"), share(whole.measured)),
        (
            say("column", "not-ready"),
            number(whole.not_ready, language),
            say("column", "coverage"),
            share(whole.coverage),
        ),
        (say("column", "undecided"), number(whole.unknown, language), say("column", "progress"), share(whole.progress)),
        (say("column", "exempt"), number(whole.exempt, language), say("column", "goal"), share(whole.goal)),
    ]
    headline = say("report", "not-measurable")
    if whole.total:
        headline = say("document", "headline").format(
            ready=number(whole.ready, language), total=number(whole.total, language), low=share(whole.low),
            high=share(whole.high), unknown=number(whole.unknown, language), goal=share(whole.goal), answer=view.answer,
        )  # fmt: skip
    left_out = len(view.agencies) - MOST_AGENCIES
    return {
        "headline": headline,
        "figures": pairs,
        "indicators": _slices(view.indicators, messages),
        "classes": _slices(view.classes, messages),
        "ladder": _ladder(view, messages),
        "agencies": _slices(view.agencies[:MOST_AGENCIES], messages),
        "more-agencies": f"{say('document', 'more-agencies')}: {left_out}" if left_out > 0 else "",
    }


def _slices(rows: Sequence[Row], messages: Messages) -> list[tuple[str, ...]]:
    language = messages.language
    return [
        (
            row.name,
            *(number(count, language) for count in (row.total, row.ready, row.partial, row.not_ready, row.unknown)),
            percent(row.low, language), percent(row.high, language),
        )
        for row in rows
    ]  # fmt: skip


def _ladder(view: View, messages: Messages) -> str:
    """How many devices stand on which rung, in one sentence; empty without devices."""
    if not view.ladder:
        return ""
    total = sum(count for _, count, _ in view.ladder)
    rungs = "; ".join(f"{name[:1].lower()}{name[1:]} {count}/{total}" for name, count, _ in view.ladder)
    return f"{messages.word('ladder', 'title')}: {rungs}."


def _forecast_said(one: ForecastRow) -> str:
    """The sentence for a forecast: a day between two others, or open at one end, or none."""
    if one.expected is None:
        return "forecast-never"
    return "forecast" if one.earliest and one.latest else "forecast-open"


def _outlook(standing: Standing, view: View, messages: Messages) -> dict[str, Any]:
    """Chart, milestones, forecast, blockers and exemptions."""
    say, language = messages.word, messages.language
    chart = burn_up(standing, view.forecasts, view.milestones)
    forecasts = [
        say("document", _forecast_said(one)).format(
            title=one.title, goal=percent(one.goal, language), pace=decimal(one.pace, language) or "–",
            expected=day(one.expected, language) if one.expected else "",
            earliest=day(one.earliest, language) if one.earliest else "",
            latest=day(one.latest, language) if one.latest else "", points=one.points, method=one.method,
        )
        for one in view.forecasts
        if one.kind == "whole" and one.code != TOO_FEW
    ]  # fmt: skip
    return {
        "chart": burn_up_svg(chart) if chart else "",
        "legend": say("document", "legend"),
        "milestones": [
            (one.title, day(one.day, language), percent(one.goal, language),
             f"{percent(one.rate.low, language)} ({one.rate.ready}/{one.rate.total})" if one.rate else "–", one.said)
            for one in view.milestones
        ],
        "forecasts": forecasts,
        "blockers": [
            (f"{one.title} ({one.code})", number(one.assets, language), one.fix or "–", ", ".join(one.owners[:5]))
            for one in view.blockers[:12]
        ],
        "exemptions": [
            (one.id, one.about, ", ".join(filter(None, (one.reason, one.approved_by, one.document))),
             day(one.expires, language), say("exemption", one.state))
            for one in view.exemptions
        ],
    }  # fmt: skip


def _heads(messages: Messages) -> dict[str, list[str]]:
    heads = {
        "slices": ("name", "total", "ready", "partial", "not-ready", "undecided", "rate", "high"),
        "milestones": ("name", "due", "goal", "rate", "state"),
        "blockers": ("cause", "assets-held", "fix", "owner"),
        "exemptions": ("exemption", "asset", "remark", "due", "state"),
        "annex": ("asset", "agency", "readiness", "finding", "evidence-digest"),
    }
    return {name: [messages.word("column", word) for word in words] for name, words in heads.items()}


def _annex_row(one: AssetStanding, standing: Standing, messages: Messages) -> tuple[str, ...]:
    """An asset, what is required of it and not proven, and the digest of the evidence."""
    digest = standing.evidence_digests.get(one.asset.id, "")
    return (
        brief(one.asset.name or one.asset.id),
        agency_name(standing, one.asset.agency, messages),
        "; ".join(filter(None, (messages.word("readiness", one.readiness.value), rung_said(one, messages)))),
        " ".join(_reasons(one, standing, messages)) or "–",
        "\u200b".join(digest[at : at + 32] for at in range(0, len(digest), 32)) or "–",
    )


def _reasons(one: AssetStanding, standing: Standing, messages: Messages) -> Iterator[str]:
    for status in (Status.FAIL, Status.UNKNOWN):
        yield from (found.text for found in findings_of(one, status, standing, messages) if found.required)


def _annex_note(standing: Standing, messages: Messages) -> str:
    total = sum(one.readiness in _OPEN for one in standing.assets)
    shown_count = min(total, MOST_IN_ANNEX)
    word = "annex-all" if total == shown_count else "annex-some"
    return messages.word("document", word).format(
        shown=number(shown_count, messages.language), total=number(total, messages.language)
    )
