"""How a wait paces itself, with looks scripted at the place where a remote one is put in, on a clock of waits alone."""

import asyncio
import itertools

import pytest

from ipv6check.checks.registry import CHECKS
from ipv6check.compliance.pipeline import Answer
from ipv6check.model.asset import evidence_key
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.result import AssetResult, TargetEvidence
from ipv6check.settings import Settings
from ipv6check.wiring.pipelines.baseline import Baseline
from ipv6check.wiring.pipelines.checking import Checked, CheckRequest
from ipv6check.wiring.pipelines.gating import Gated
from ipv6check.wiring.pipelines.subjects import subjects_of_arguments
from ipv6check.wiring.pipelines.waiting import LONGEST_PAUSE_S, MOST_TRUSTED_S, Step, Waiting, look
from tests.factories import judged, name, no
from tests.unit.reports.test_formats import MANDATE, SCAN, WEB
from tests.virtualtime import VirtualLoop, run_virtual

ABSENT = NameEvidence(observed_at=0.0, name="a.example.vn", aaaa=no(DnsOutcome.NODATA, ttl=40), a=name().a)
LOOK_S = 2.0


def request() -> CheckRequest:
    """One URL whose addresses were given by hand, so that no zone is asked."""
    return CheckRequest(
        settings=Settings(),
        subjects=subjects_of_arguments(["https://a.example.vn/"]),
        mandate=MANDATE,
        policy=Policy(),
        checks=CHECKS,
        stated={"a.example.vn": ("2a00::1",)},
    )


def waited(*looks: NameEvidence | None, wait_s: float, signal: int = 0) -> tuple[Gated, list[Waiting], list[float]]:
    """The end of a wait whose looks see these names in turn, the last again and again (None: all is well); what was
    told; and when each look began."""
    told: list[Waiting] = []
    times: list[float] = []
    script = list(looks)

    loop = VirtualLoop()

    async def run(asked: CheckRequest) -> Checked:
        times.append(loop.time())
        await asyncio.sleep(LOOK_S)
        seen = script.pop(0) if len(script) > 1 else script[0]
        verdicts = tuple(judged(check, *([seen] if seen else [])) for check in WEB)
        (asset,) = asked.subjects.listed
        key = evidence_key(asset.targets[0], asset.view)
        evidence = (TargetEvidence(target=key, evidence=(seen or name(),)),)
        result = AssetResult(asset=asset.id, at=0.0, verdicts=verdicts, evidence=evidence)
        return Checked(asked, SCAN, {asset.id: result}, signal=signal)

    found = run_virtual(look(request(), Baseline(), wait_s=wait_s, tell=told.append, run=run), loop)
    return found, told, times


def test_without_a_wait_there_is_one_look():
    found, told, times = waited(ABSENT, wait_s=0)
    assert (found.answer, told, len(times)) == (Answer.FAILED, [], 1)


def test_it_ends_with_the_first_look_that_passes():
    found, told, times = waited(ABSENT, ABSENT, None, ABSENT, wait_s=600)
    assert found.answer is Answer.PASSED
    assert len(times) == 3
    assert [one.step for one in told] == [Step.CACHE, Step.CACHE]


def test_a_resolver_is_not_asked_again_before_it_forgets():
    _, told, times = waited(ABSENT, None, wait_s=600)
    assert told[0].pause_s == told[0].ttl_s + 1 == 41
    assert times[1] - times[0] == pytest.approx(LOOK_S + 41)


def test_one_that_never_counts_down_is_asked_once_a_minute():
    endless = NameEvidence(observed_at=0.0, name="a.example.vn", aaaa=no(DnsOutcome.NODATA, ttl=86_400), a=name().a)
    _, told, _ = waited(endless, wait_s=3600)
    assert {one.pause_s for one in told[:-2]} == {MOST_TRUSTED_S}


def test_pauses_grow_to_half_a_minute_and_the_last_look_is_at_the_end():
    silent = name(aaaa=no(DnsOutcome.SERVFAIL), a=no(DnsOutcome.SERVFAIL, "A"))
    found, told, times = waited(silent, wait_s=300)
    pauses = [one.pause_s for one in told if one.step is Step.AGAIN]
    assert pauses[:-1] == sorted(pauses[:-1])
    assert (pauses[0], max(pauses)) == (3, LONGEST_PAUSE_S)
    assert (told[-1].step, found.answer) == (Step.OVER, Answer.UNDECIDED)
    assert 300 - LOOK_S <= times[-1] - times[0] <= 300
    assert all(later - earlier >= 3 for earlier, later in itertools.pairwise(times[:-1]))


def test_a_signal_during_a_look_ends_the_wait():
    found, told, times = waited(ABSENT, wait_s=600, signal=2)
    assert (found.checked.signal, told, len(times)) == (2, [], 1)
