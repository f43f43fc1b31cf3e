"""Directions of change, and their causes."""

import pytest

from ipv6check.compliance.change import cause_of, turn_of
from ipv6check.model.history import Turn
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness as Is
from ipv6check.model.standing import RatedVerdict
from ipv6check.model.verdict import Status
from tests.unit.compliance.worked import F, N, P, U, verdicts


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (Is.NOT_READY, Is.READY, Turn.BETTER),
        (Is.NOT_READY, Is.PARTIAL, Turn.BETTER),
        (Is.UNKNOWN, Is.READY, Turn.BETTER),
        (Is.EXEMPT, Is.READY, Turn.BETTER),
        (Is.READY, Is.PARTIAL, Turn.WORSE),
        (Is.READY, Is.UNKNOWN, Turn.WORSE),
        (Is.UNKNOWN, Is.NOT_READY, Turn.WORSE),
        (Is.EXEMPT, Is.NOT_READY, Turn.WORSE),
        (Is.NOT_READY, Is.UNKNOWN, Turn.SAME),  # to lose sight of it is no improvement
        (Is.NOT_READY, Is.EXEMPT, Turn.SAME),
        (Is.NOT_READY, Is.NOT_APPLICABLE, Turn.SAME),
        (Is.UNKNOWN, Is.NEEDS_ATTESTATION, Turn.SAME),
        (Is.READY, Is.READY, Turn.SAME),
        (None, Is.NOT_READY, Turn.NEW),
        (Is.READY, None, Turn.GONE),
    ],
)
def test_direction(before, after, turn: Turn) -> None:
    assert turn_of(before, after) is turn


def rated(level: Level = Level.REQUIRED, **statuses: Status):
    return [RatedVerdict(verdict=one, level=level) for one in verdicts(**statuses)]


def test_the_cause_is_what_changed_the_deciding_part_first() -> None:
    now = [*rated(Level.INFORMATIONAL, ICM001=F), *rated(ADR001=P, DNS001=P, HTTP001=U, TCP001=F, TLS001=N)]
    before = verdicts(ADR001=P, DNS001=F, HTTP001=P, ICM001=P, TLS001=P)
    cause, was = cause_of(now, before)
    assert [one.rule for one in cause] == ["DNS001", "TCP001", "HTTP001", "TLS001", "ICM001"]
    assert [(one.rule, one.status) for one in was] == [("DNS001", F), ("HTTP001", P), ("TLS001", P), ("ICM001", P)]


def test_nothing_changed_has_no_cause() -> None:
    assert cause_of(rated(DNS001=F), verdicts(DNS001=F)) == ((), ())
