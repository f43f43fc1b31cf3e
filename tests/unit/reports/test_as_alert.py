"""One message for many alerts: the worst first, bounded, in both languages, and nothing in it acts."""

import pytest
from msgspec.structs import replace

from ipv6check.model.agency import Agency
from ipv6check.model.alert import WHOLE, Alert, Topic
from ipv6check.model.verdict import Status, Verdict
from ipv6check.reports.monitoring.as_alert import MOST, digest

AGENCIES = {"so": Agency(id="so", names={"vi": "Sở Thử nghiệm", "en": "Test Department"}, level="department")}
ARGS: dict[Topic, dict[str, str | int | float]] = {
    Topic.ASSET: {"before": "ready", "after": "not-ready"},
    Topic.AGENCY: {"rate": 87.5, "goal": 90.0, "ready": 7, "total": 8},
    Topic.MILESTONE: {"goal": 50.0, "day": "2026-12-31", "days": 30, "rate": 12.0},
    Topic.CERTIFICATE: {"day": "2026-12-31", "days": 9},
    Topic.VANTAGE: {"fitness": "no_ipv6"},
    Topic.SILENCE: {"hours": 27},
}


def alert(topic: Topic, *, good: bool = False, name: str = "www.example.vn", cause: Verdict | None = None) -> Alert:
    return Alert(
        topic=topic, good=good, key="k", at=0.0, scan="scan-1", name=name, agency="so", args=ARGS[topic], cause=cause
    )


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("topic", list(Topic))
@pytest.mark.parametrize("good", [False, True])
def test_every_alert_has_a_sentence(language: str, topic: Topic, good: bool) -> None:
    message = digest([alert(topic, good=good)], language, title="Mandate", agencies=AGENCIES)
    line = message.body.splitlines()[0]
    assert line.startswith("✓ " if good else "✗ ")
    assert len(line) > 12
    assert not set("{}") & set(line)
    for raw in ("not-ready", "no_ipv6", f"{topic.value}-bad", f"{topic.value}-good"):
        assert raw not in line
    assert message.bad is not good


def test_the_worst_first_the_cause_and_the_remedy() -> None:
    cause = Verdict(rule="DNS001", status=Status.FAIL, tag="no-aaaa", args={"name": "www.example.vn"})
    alerts = [alert(Topic.SILENCE, good=True), alert(Topic.VANTAGE), alert(Topic.ASSET, cause=cause)]
    message = digest(alerts, "en", title="Mandate", agencies=AGENCIES)
    first, second, third = message.body.splitlines()[:3]
    assert first.startswith("✗ www.example.vn (Test Department) fell from “ready” to “not ready”. DNS001: ")
    assert second.startswith("✗ The vantage")
    assert third.startswith("✓")
    assert message.subject == "ipv6check, Mandate: 2 problems, 1 resolved"
    assert message.body.endswith("Scan: scan-1")


def test_a_thousand_alerts_are_one_message_of_bounded_length() -> None:
    alerts = [alert(Topic.ASSET, name=f"host{number}") for number in range(1000)]
    message = digest(alerts, "en", title="M", agencies=AGENCIES)
    assert len(message.body.splitlines()) == MOST + 3
    assert f"{1000 - MOST} more" in message.body


@pytest.mark.parametrize("name", ["@everyone", "<!channel>", "a\nb\r\n✗ forged", "\x1b[31m", "<b>x</b>", "\u202e"])
def test_foreign_text_acts_on_nothing(name: str) -> None:
    message = digest([alert(Topic.ASSET, name=name)], "vi", title=name, agencies={})
    text = message.subject + message.body.splitlines()[0]
    assert "@everyone" not in text
    assert not set("\n\r\x1b\u202e<>") & set(message.body.splitlines()[0])
    assert len(message.body.splitlines()) == 3


def test_what_has_no_agency_says_so_and_everything_goes_by_its_title() -> None:
    nobodys = replace(alert(Topic.ASSET), agency="")
    everything = replace(alert(Topic.AGENCY), agency="", key=WHOLE)
    first, second = digest([nobodys, everything], "en", title="Mandate", agencies=AGENCIES).body.splitlines()[:2]
    assert first.startswith("✗ www.example.vn (without an agency) fell")
    assert second.startswith("✗ Mandate is below its goal: 87.5 % proven (7 of 8), goal 90.0 %.")
