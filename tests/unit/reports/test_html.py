"""The HTML report: one file without any load, complete without JavaScript, honest about what it lacks, inert."""

import re
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from msgspec.structs import replace

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.standing import take_standing
from ipv6check.model.asset import AssetClass
from ipv6check.model.history import (
    Change,
    Forecast,
    MilestoneOutcome,
    MilestoneState,
    Past,
    Point,
    Series,
    Turn,
)
from ipv6check.model.mandate import Exemption, Milestone, Select
from ipv6check.model.rating import Readiness
from ipv6check.reports.catalogue import LANGUAGES
from ipv6check.reports.messages import Messages
from ipv6check.reports.page.as_html import css_string, render
from ipv6check.reports.page.lists import Lists
from tests.factories import AT, judged, name, no
from tests.unit.reports.test_formats import AGENCY, MANDATE, SCAN, WEB, DnsOutcome, app, standing

DAY = 86_400
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \"' javascript:alert(1) {{7*7}} {% x %}"
TEMPLATES = files("ipv6check").joinpath("data/templates")


class Page(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and the text that is shown."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._raw = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._raw = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.text += data


def page(one=None, language: str = "en", **options) -> Page:
    return Page("\n".join(render(one or standing(), language, **options)))


def rich():
    """The standing of three assets with two earlier scans, a milestone, a forecast, a change and exemptions."""
    base = standing()
    rate = base.whole.rate
    earlier = replace(rate, ready=0, not_ready=2)
    change = Change(
        asset=base.assets[0].asset, turn=Turn.WORSE, before=Readiness.READY, after=Readiness.NOT_READY, at=AT,
        scan="s2",
        cause=tuple(rated.verdict for rated in base.assets[0].verdicts if rated.verdict.status == "fail")[:1],
    )  # fmt: skip
    milestone = Milestone(date=date(2026, 3, 1), indicator="assets", at_least=0.5)
    past = Past(
        series=(Series(kind="whole", key="", points=(
            Point(scan="s1", at=AT - 90 * DAY, rate=earlier), Point(scan="s2", at=AT, rate=rate))),),
        milestones=(MilestoneOutcome(milestone=milestone, state=MilestoneState.AT_RISK, days=20, rate=rate),),
        forecasts=(Forecast(
            kind="whole", key="", goal=1.0, method="theil-sen", points=2, window_days=90, pace=0.0037, needed=0.01,
            expected=date(2027, 1, 5), earliest=date(2026, 11, 1), latest=None),),
        changes=(change,),
        compared="s1",
        since=AT - 90 * DAY,
    )  # fmt: skip
    exemption = Exemption(id="EX-1", select=Select(asset="bad"), reason="no firmware", expires=date(2026, 2, 1))
    return replace(base, past=past, mandate=replace(base.mandate, exemptions=(exemption,), assumptions=("ours",)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [standing, rich])
def test_nothing_is_loaded_from_anywhere(language, make):
    shown = page(make(), language)
    assert {tag for tag, _ in shown.elements}.isdisjoint({"link", "img", "iframe", "object", "embed", "base", "video"})
    for tag, attributes in shown.elements:
        assert "src" not in attributes, tag
        assert not any(key.startswith("on") for key in attributes), tag
        assert attributes.get("href", "#").startswith("#")
    raw = "\n".join(render(make(), language))
    assert not re.search(r"https?:", raw)
    assert not re.search(r"url\((?!#)|@import|fetch\(|XMLHttpRequest|import\(", raw)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_templates_is_in_the_catalogue(language):
    messages = Messages(language)
    wanted = set()
    for path in TEMPLATES.iterdir():
        text = path.read_text(encoding="utf-8")
        wanted |= {("page", key) for key in re.findall(r'\bt\("([a-z-]*[a-z])"', text)}
        wanted |= {("report", key) for key in re.findall(r'\br\("([a-z-]+)"', text)}
        wanted |= {(context, key) for context, key in re.findall(r'\bsay\("([a-z-]+)", "([a-z-]+)"', text)}
    wanted |= {("page", f"nav-{name}") for name in ("progress", "blockers", "agencies", "heat", "classes", "assets")}
    wanted |= {("page", f"nav-{name}") for name in ("findings", "unknowns", "changes", "exemptions", "method")}
    wanted |= {("page", f"answer-{word}") for word in ("met", "open", "missed")}
    wanted |= {("turn", one.value) for one in Turn} | {("milestone", one.value) for one in MilestoneState}
    wanted |= {("readiness", one.value) for one in Readiness} | {("class", one.value) for one in AssetClass}
    wanted |= {("exemption", word) for word in ("in-force", "soon", "expired", "future")}
    assert not [pair for pair in sorted(wanted) if not messages._texts.pgettext(*pair)]


def test_the_headline_says_rate_count_interval_coverage_vantage_and_whether_the_goal_is_met():
    text = page().text
    for part in ("33.3\u00a0%", "33.3–66.6\u00a0%", "66.6\u00a0%", "lab", "The mandate's goal is not met", "1 / 3"):
        assert part in text


def test_vietnamese_writes_numbers_and_days_its_own_way():
    shown = page(rich(), "vi")
    assert "33,3\u00a0%" in shown.text
    assert "33,3–66,6\u00a0%" in shown.text
    assert "01/03/2026" in shown.text
    assert "33.3" not in shown.text
    assert dict(shown.elements)["html"]["lang"] == "vi"


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_stay_text(language):
    agency = replace(AGENCY, names={"vi": HOSTILE, "en": HOSTILE})
    shown = page(standing(text=HOSTILE, agency=agency), language)
    assert shown.text.count(HOSTILE) >= 3
    plain = page(standing(), language)
    assert [tag for tag, _ in shown.elements] == [tag for tag, _ in plain.elements]


def test_the_title_cannot_leave_its_style_sheet():
    assert css_string('a</style>"}x\n') == "a\\3c /style\\3e \\22 \\7d x\\a "


def test_what_is_absent_is_said_and_not_invented():
    text = page().text
    for said in ("knows no earlier scan", "was not compared with an earlier scan", "has no exemptions"):
        assert said in text
    assert "<polyline" not in "\n".join(render(standing(), "en"))


def test_history_is_drawn_and_told():
    shown = page(rich())
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("polyline") == 2
    for said in ("5 Jan 2027", "1 Nov 2026 – never", "at risk", "worse", "EX-1", "no firmware", ": 11.1", "ours"):
        assert said in shown.text


def test_every_table_is_captioned_and_its_headings_have_a_scope():
    shown = page(rich())
    tags = [tag for tag, _ in shown.elements]
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in attributes for tag, attributes in shown.elements if tag == "th")
    assert tags.count("main") == tags.count("h1") == 1


def test_an_unknown_is_never_shown_as_a_fail():
    silent = name(aaaa=no(DnsOutcome.SERVFAIL), a=no(DnsOutcome.SERVFAIL, "A"))
    verdicts = tuple(judged(check, silent) for check in WEB)
    one = take_standing(
        MANDATE, SCAN, [AGENCY], [(app("x"), verdicts)], date(2026, 1, 2), checks=CHECKS, keep_assets=True
    )
    raw = "\n".join(render(one, "en"))
    findings, unknowns = raw.index('id="findings"'), raw.index('id="unknowns"')
    assert "SERVFAIL" not in raw[findings:unknowns]
    assert "SERVFAIL" in raw[unknowns:]
    assert 'data-r="unknown"' in raw
    assert 'data-r="not-ready"' not in raw


def test_a_long_list_keeps_what_needs_work_and_says_what_it_left_out():
    good, bad = (tuple(judged(check, *damage) for check in WEB) for damage in ((), (name(aaaa=no(DnsOutcome.NODATA)),)))
    results = [(app(f"g{n}"), good) for n in range(8)] + [(app(f"b{n}"), bad) for n in range(3)]
    one = take_standing(MANDATE, SCAN, [AGENCY], results, date(2026, 1, 2), checks=CHECKS, keep_assets=True)
    lists = Lists(one, Messages("en"), most=5)
    assert [item.asset.id for item in lists.shown] == ["b0", "b1", "b2", "g0", "g1"]
    assert lists.left_out == {"ready": 6}
    assert not Lists(one, Messages("en")).left_out


def test_a_part_is_titled_by_its_name():
    shown = page(replace(standing(), only_agencies=("so",)), "vi", published=True)
    assert "Sở Thử nghiệm – " in shown.text
    assert [a["href"] for _, a in shown.elements if a.get("href", "#")[0] != "#"] == ["../../index.vi.html"]
