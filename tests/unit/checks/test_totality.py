"""What every judge keeps to on any evidence whatever."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipv6check.checks.registry import CHECKS
from ipv6check.model.check import Check
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import DnsOutcome, NameEvidence
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.verdict import COMMON_TAGS, Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import NOTHING, Messages
from tests.factories import AT, POLICY, healthy, judged, said
from tests.unit.checks.strategies import ADDRESSES_6, EVIDENCE, OURS, endpoints

ENGLISH, VIETNAMESE = Messages("en"), Messages("vi")
CONNECTED = [check for check in CHECKS if EndpointEvidence in check.needs]
SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def by_code(check: Check) -> str:
    return check.rule.code


DEFECTS = [check for check in CHECKS if check.rule.family != "OFF"]  # a healthy target has IPv4 as well


@pytest.mark.parametrize("check", DEFECTS, ids=by_code)
def test_nothing_fails_where_nothing_is_wrong(check):
    assert said(check).split()[0] in ("pass", "not-applicable")
    assert set(healthy()) == set(EVIDENCE)


@pytest.mark.parametrize("check", CHECKS, ids=by_code)
@SETTINGS
@given(data=st.data())
def test_a_judge_is_total_and_everything_it_says_can_be_shown(check, data):
    verdict = check.judge(*(data.draw(EVIDENCE[need]) for need in check.needs), POLICY)
    assert verdict.rule == check.rule.code
    assert verdict.tag in check.rule.tags | COMMON_TAGS
    assert all(type(value) in (str, int, float, bool) for value in verdict.args.values())
    for messages in (ENGLISH, VIETNAMESE):
        sentence, fix = messages.say(verdict), messages.fix(verdict)
        assert inert(sentence) == sentence
        assert verdict.tag not in sentence.split()
        assert bool(fix) is (verdict.status in (Status.FAIL, Status.UNKNOWN))
        assert inert(fix) == fix


@pytest.mark.parametrize("check", CONNECTED, ids=by_code)
@SETTINGS
@given(data=st.data())
def test_our_own_failures_never_make_a_fail(check, data):
    """The DNS told an address; every connection ended for reasons of ours, and nothing came back."""
    seen = healthy()
    evidence = data.draw(endpoints(OURS))
    bare = EndpointEvidence(
        observed_at=AT,
        target=evidence.target,
        v6=tuple(_without_success(contact) for contact in evidence.v6),
        v4=tuple(_without_success(contact) for contact in evidence.v4),
        plain_http=tuple(_without_success(contact) for contact in evidence.plain_http),
    )
    seen[EndpointEvidence] = bare
    verdict = check.judge(*(seen[need] for need in check.needs), POLICY)
    address_rule = check.rule.code == "ADR003"  # judges the address itself, not the connection
    assert verdict.status is not Status.FAIL or address_rule


def _without_success(contact):
    attempts = tuple(
        type(attempt)(at=attempt.at, phase=attempt.phase, failure=attempt.failure) for attempt in contact.attempts
    )
    return type(contact)(address=contact.address, port=contact.port, attempts=attempts)


@pytest.mark.parametrize("failure", OURS)
def test_our_own_failure_on_a_redirect_never_makes_a_fail(failure):
    check = next(check for check in CHECKS if RedirectEvidence in check.needs)
    hops = (Hop(url="https://a/", outcome=HopOutcome.UNREACHABLE, address=ADDRESSES_6[0], failure=failure),)
    assert judged(check, RedirectEvidence(observed_at=AT, url="https://a/", hops=hops)).status is Status.UNKNOWN


@pytest.mark.parametrize("check", [check for check in CHECKS if NameEvidence in check.needs], ids=by_code)
@pytest.mark.parametrize("outcome", [one for one in DnsOutcome if not one.is_known and one is not DnsOutcome.NOT_ASKED])
def test_no_dns_error_makes_a_fail(check, outcome):
    name = healthy()[NameEvidence]
    wrong = type(name.aaaa)(name=name.name, rdtype="AAAA", outcome=outcome)
    status = said(check, NameEvidence(observed_at=AT, name=name.name, aaaa=wrong, a=wrong)).split()[0]
    assert status == ("pass" if check.rule.code == "DNS016" else "unknown")  # which judges the zone, and it was found


def test_a_missing_arg_is_shown_as_a_dash():
    check = next(check for check in CHECKS if check.rule.code == "DNS001")
    assert NOTHING in ENGLISH.say(check.rule.failed("aaaa-nodata"))
