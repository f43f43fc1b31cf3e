"""Verdicts: what a rule says about an asset. No prose and no severity."""

from enum import StrEnum

from ipv6check.model.record import Record


class Status(StrEnum):
    """``unknown``: it could not be tested, for a reason that says nothing about the target."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


Arg = str | int | float | bool


class Verdict(Record, frozen=True, kw_only=True):
    """One rule's answer. ``tag`` is from the rule's closed set (or ``COMMON_TAGS``); ``args`` fill its message."""

    rule: str
    status: Status
    tag: str
    args: dict[str, Arg] = {}


# Tags the engine may give for any rule; all are unknown but the last, which is not-applicable. An opted-out target
# stays in the denominator: leaving it out would raise a rate by refusing to be measured.
AWAITING_CONFIRMATION = "awaiting-confirmation"
VANTAGE_UNFIT = "vantage-unfit"
EVIDENCE_MISSING = "evidence-missing"
INTERNAL_ERROR = "internal-error"
OPTED_OUT = "opted-out"
NOTHING_TO_TEST = "nothing-to-test"
COMMON_TAGS = frozenset(
    {AWAITING_CONFIRMATION, VANTAGE_UNFIT, EVIDENCE_MISSING, INTERNAL_ERROR, OPTED_OUT, NOTHING_TO_TEST},
)

_WEIGHT = {Status.NOT_APPLICABLE: 0, Status.PASS: 1, Status.UNKNOWN: 2, Status.FAIL: 3}


def worst(verdicts: list[Verdict]) -> Verdict:
    """The deciding verdict of several about the same rule: fail > unknown > pass > not-applicable; first wins ties."""
    return max(verdicts, key=lambda verdict: _WEIGHT[verdict.status])


def best(verdicts: list[Verdict]) -> Verdict:
    """The deciding verdict where one pass is enough: pass > unknown > fail > not-applicable; first wins ties."""
    order = {Status.NOT_APPLICABLE: 0, Status.FAIL: 1, Status.UNKNOWN: 2, Status.PASS: 3}
    return max(verdicts, key=lambda verdict: order[verdict.status])
