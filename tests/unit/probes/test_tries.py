"""The retry table, row by row."""

import pytest

from ipv6check.model.contact import Attempt, Contact, EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.probes.tries import (
    endpoint_wait,
    is_unconfirmed,
    lookup_wants_second_look,
    redirect_wait,
    spent_s,
    wait_before_next,
    wants_second_look,
    without_own_timeouts,
)

POLICY = Policy()
TCP, TLS, HTTP = Phase.TCP, Phase.TLS, Phase.HTTP


def contact(*ends: tuple[Failure | None, Phase], http: HttpReply | None = None, address: str = "2606:2800::80"):
    attempts = tuple(Attempt(at=float(at), phase=phase, failure=failure) for at, (failure, phase) in enumerate(ends))
    return Contact(address=address, port=443, attempts=attempts, http=http)


@pytest.mark.parametrize(
    ("failure", "phase", "waits", "second_look"),
    [
        (Failure.TIMEOUT, TCP, [2.0, 15.0, None], True),
        (Failure.TIMEOUT, TLS, [5.0, None], True),
        (Failure.TIMEOUT, HTTP, [5.0, None], True),
        (Failure.REFUSED, TCP, [5.0, None], True),
        (Failure.NO_ROUTE, TCP, [5.0, None], True),
        (Failure.ADDRESS_UNREACHABLE, TCP, [5.0, None], True),
        (Failure.ADMIN_PROHIBITED, TCP, [5.0, None], True),
        (Failure.RESET, TLS, [2.0, None], True),
        (Failure.CLOSED, HTTP, [2.0, None], True),
        (Failure.RATE_LIMITED, HTTP, [5.0, None], False),
        (Failure.LOCAL_RESOURCES, TCP, [2.0, 5.0, None], False),
        (Failure.LOCAL_NO_ROUTE, TCP, [2.0, 5.0, None], False),
        (Failure.LOCAL_ERROR, TCP, [2.0, 5.0, None], False),
        (Failure.CERTIFICATE_EXPIRED, TLS, [None], False),
        (Failure.TLS_ALERT, TLS, [None], False),
        (Failure.UNEXPECTED_REPLY, HTTP, [10.0, None], False),
        (Failure.UNEXPECTED_REPLY, Phase.EXCHANGE, [None], False),
        (Failure.HTTP_MALFORMED, HTTP, [None], False),
        (Failure.BUDGET, Phase.ROUTE, [None], False),
        (Failure.NOT_CONTACTED, Phase.ROUTE, [None], False),
        (None, HTTP, [None], False),
    ],
)
def test_one_way_of_ending(failure, phase, waits, second_look):
    made = [contact(*[(failure, phase)] * tries) for tries in range(1, len(waits) + 1)]
    assert [wait_before_next(one, POLICY) for one in made] == waits
    assert wants_second_look(made[-1]) is second_look


@pytest.mark.parametrize(
    ("status", "wait"), [(200, None), (301, None), (403, None), (404, None), (500, 10.0), (503, 10.0)]
)
def test_a_status_is_an_answer_unless_the_server_says_it_is_its_own_fault(status: int, wait: float | None):
    reply = HttpReply(status=status)
    assert wait_before_next(contact((None, HTTP), http=reply), POLICY) == wait
    assert wait_before_next(contact((None, HTTP), (None, HTTP), http=reply), POLICY) is None


@pytest.mark.parametrize(("asked", "wait"), [(None, 5.0), (1.0, 5.0), (20.0, 20.0), (30.0, 30.0), (31.0, None)])
def test_retry_after_is_honoured_up_to_thirty_seconds(asked: float | None, wait: float | None):
    limited = contact((Failure.RATE_LIMITED, HTTP), http=HttpReply(status=429, retry_after_s=asked))
    assert wait_before_next(limited, POLICY) == wait


def test_each_way_of_ending_has_its_own_count_and_all_together_never_more_than_six_tries():
    ends = [(Failure.TIMEOUT, TCP), (Failure.REFUSED, TCP), (Failure.TIMEOUT, TLS), (Failure.RESET, TLS)]
    assert wait_before_next(contact(*ends[:2]), POLICY) == 5.0
    assert wait_before_next(contact(*ends, (Failure.CLOSED, HTTP)), POLICY) == 2.0
    assert wait_before_next(contact(*ends, (Failure.CLOSED, HTTP), (Failure.NO_ROUTE, TCP)), POLICY) is None


def test_what_was_never_tried_is_due_now():
    assert wait_before_next(contact(), POLICY) == 0.0


def test_one_family_is_not_waited_for_if_the_scan_does_not_use_it():
    four = contact((Failure.TIMEOUT, TCP), address="192.0.2.1")
    evidence = EndpointEvidence(observed_at=0.0, target="t", v4=(four,))
    assert endpoint_wait(evidence, POLICY, families=(6,)) is None
    assert endpoint_wait(evidence, POLICY, families=(6, 4)) == 2.0


@pytest.mark.parametrize(
    ("phase", "seconds"), [(TCP, 5.0), (TLS, 5.0), (HTTP, 10.0), (Phase.EXCHANGE, 10.0), (Phase.ROUTE, 0.0)]
)
def test_a_time_out_spends_its_limit(phase: Phase, seconds: float):
    assert spent_s(contact((Failure.TIMEOUT, phase)), POLICY) == seconds


@pytest.mark.parametrize(
    ("ends", "unconfirmed"),
    [
        ([Failure.TIMEOUT, Failure.TIMEOUT], False),
        ([Failure.TIMEOUT, Failure.LOCAL_RESOURCES], True),
        ([Failure.REFUSED, Failure.LOCAL_ERROR], True),
        ([Failure.LOCAL_ERROR], False),
        ([Failure.TIMEOUT, None], False),
        ([Failure.TIMEOUT, Failure.BUDGET], False),
        ([], False),
    ],
)
def test_a_failure_is_not_confirmed_by_our_own_trouble(ends: list[Failure | None], unconfirmed: bool):
    assert is_unconfirmed(contact(*((end, TCP) for end in ends))) is unconfirmed


def test_only_time_outs_since_the_loop_was_late_are_ours():
    evidence = EndpointEvidence(observed_at=0.0, target="t", v6=(contact(*[(Failure.TIMEOUT, TCP)] * 3),))
    excused = without_own_timeouts(evidence, since=2.0)
    failures = [attempt.failure for attempt in excused.v6[0].attempts]
    assert failures == [Failure.TIMEOUT, Failure.TIMEOUT, Failure.LOCAL_RESOURCES]
    assert without_own_timeouts(evidence, since=3.0) is evidence


@pytest.mark.parametrize(
    ("outcome", "failure", "wait"),
    [
        (HopOutcome.FINAL, None, None),
        (HopOutcome.NO_AAAA, None, None),
        (HopOutcome.LOOP, None, None),
        (HopOutcome.BLOCKED_ADDRESS, None, None),
        (HopOutcome.DNS_UNKNOWN, None, 5.0),
        (HopOutcome.UNREACHABLE, Failure.TIMEOUT, 5.0),
        (HopOutcome.UNREACHABLE, Failure.LOCAL_RESOURCES, 5.0),
        (HopOutcome.UNREACHABLE, Failure.CERTIFICATE_EXPIRED, None),
    ],
)
def test_a_broken_walk_is_repeated_once(outcome: HopOutcome, failure: Failure | None, wait: float | None):
    hop = Hop(url="https://a.example/", outcome=outcome, failure=failure)
    walks = [RedirectEvidence(observed_at=0.0, url=hop.url, hops=(hop,), tries=tries) for tries in (1, 2)]
    assert [redirect_wait(walk, POLICY) for walk in walks] == [wait, None]


@pytest.mark.parametrize("outcome", list(DnsOutcome))
def test_only_what_may_pass_is_looked_up_again(outcome: DnsOutcome):
    again = {DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT, DnsOutcome.LOCAL_ERROR}
    assert lookup_wants_second_look(Lookup(name="a", rdtype="AAAA", outcome=outcome)) is (outcome in again)
    assert not lookup_wants_second_look(Lookup(name="a", rdtype="AAAA", outcome=outcome, bogus=True))
    assert not lookup_wants_second_look(None)
