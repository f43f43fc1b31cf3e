"""Sentences for verdicts."""

import os

import pytest

from ipv6check.checks.registry import RULES
from ipv6check.model.verdict import AWAITING_CONFIRMATION, VANTAGE_UNFIT, Status, Verdict
from ipv6check.reports import catalogue
from ipv6check.reports.messages import Messages

DEAD = RULES["TCP001"].failed("no-address-connects", address="2a00::1", port=443, cause="refused", total=2)


def test_words_inside_a_sentence_are_translated_by_their_own_meaning():
    assert "connection refused" in Messages("en").say(DEAD)
    assert "REFUSED" in Messages("en").say(RULES["DNS001"].unknown("dns-undecided", name="a", cause="refused"))
    assert "unique local" in Messages("en").say(
        RULES["ADR002"].failed("some-special-addresses", name="a", address="fc00::1", cause="ula", count=1, total=2)
    )


@pytest.mark.parametrize(
    ("language", "starts"),
    [("en", "No IPv6 address"), ("vi", "Không địa chỉ"), ("vi_VN", "Không"), ("fr", "No IPv6")],
)
def test_the_language_is_the_one_asked_for_or_english(language, starts):
    assert Messages(language).say(DEAD).startswith(starts)


def test_a_fault_that_both_families_share_and_unsteady_tries_are_added():
    verdict = RULES["TCP001"].failed("no-address-connects", **DEAD.args, same_on_ipv4=True)
    assert Messages("en").say(verdict).endswith("The same fault shows over IPv4.")
    assert "same fault" not in Messages("en").say(DEAD)
    passed = RULES["TCP001"].passed("tcp-connects", address="2a00::1", port=443, count=1, total=1, flaky="1/3")
    assert Messages("en").say(passed).endswith("Only 1/3 tries succeeded.")


def test_text_from_strangers_is_inert_and_never_a_template():
    hop = "https://x/\x1b]8;;evil\x07{url.__class__}\u202e"
    said = Messages("en").say(RULES["HTTP004"].failed("hop-without-aaaa", url="u", hop=hop))
    assert said.isprintable()
    assert "\\x1b]8;;evil\\x07{url.__class__}\\u{202e}" in said


def test_common_tags_speak_for_every_rule():
    unfit = Verdict(rule="DNS001", status=Status.UNKNOWN, tag=VANTAGE_UNFIT, args={"reason": "no_ipv6"})
    assert Messages("en").say(unfit) == "Could not be measured: no working IPv6 at the vantage."
    waiting = Verdict(rule="TCP001", status=Status.UNKNOWN, tag=AWAITING_CONFIRMATION, args={"expected": "x-y"})
    assert "x-y" not in Messages("en").say(waiting)


def test_rules_and_tags_of_another_release_are_said_without_their_ids_as_prose():
    verdict = Verdict(rule="NEW999", status=Status.FAIL, tag="some-new-tag")
    assert Messages("en").say(verdict) == "NEW999: fail (a finding of another release)."
    assert (Messages("vi").title("NEW999"), Messages("vi").fix(verdict)) == ("NEW999", "")


def test_only_what_needs_doing_has_a_fix():
    assert Messages("en").fix(DEAD)
    assert Messages("en").fix(RULES["TCP001"].passed("tcp-connects")) == ""


def test_an_old_compiled_catalogue_does_not_hide_a_newer_text(tmp_path):
    po = tmp_path / "en" / "LC_MESSAGES" / "ipv6check.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgctxt "a"\nmsgid "b"\nmsgstr "old"\n', encoding="utf-8")
    (written,) = catalogue.compile_all(tmp_path)
    assert catalogue.load("en", tmp_path).pgettext("a", "b") == "old"
    po.write_text('msgctxt "a"\nmsgid "b"\nmsgstr "new"\n', encoding="utf-8")
    later = written.stat().st_mtime_ns + 1_000_000_000
    os.utime(po, ns=(later, later))
    assert catalogue.load("en", tmp_path).pgettext("a", "b") == "new"
    po.unlink()
    assert catalogue.load("en", tmp_path).pgettext("a", "b") == "old"
