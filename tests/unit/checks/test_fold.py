"""How the verdicts of several targets become the asset's."""

import pytest

from ipv6check.checks.fold import fold
from ipv6check.model.target import Protocol, Target
from ipv6check.model.verdict import NOTHING_TO_TEST, Status, Verdict

WORDS = {"p": Status.PASS, "f": Status.FAIL, "u": Status.UNKNOWN, "n": Status.NOT_APPLICABLE}


def found(spec: str) -> list[tuple[Target, Verdict]]:
    """Targets written as status letter, then ``!`` if not required, or the letter of a group."""
    result = []
    for port, word in enumerate(spec.split(), start=1):
        group = word[1:].strip("!")
        target = Target(host="a.example", port=port, protocol=Protocol.TCP, required="!" not in word, any_of=group)
        result.append((target, Verdict(rule="TCP001", status=WORDS[word[0]], tag=f"t{port}")))
    return result


@pytest.mark.parametrize(
    ("spec", "status", "decides"),
    [
        ("p f", "fail", 2),
        ("p u", "unknown", 2),
        ("u f p", "fail", 2),
        ("n p", "pass", 2),
        ("n n", "not-applicable", 1),
        ("f f", "fail", 1),
        ("p f!", "pass", 1),
        ("n f! u!", "not-applicable", 1),
        ("fa pa", "pass", 2),
        ("fa ua", "unknown", 2),
        ("fa fa", "fail", 1),
        ("na fa", "fail", 2),
        ("fa pa fb", "fail", 3),
        ("fa pa u", "unknown", 3),
        ("fa pa! ", "fail", 1),
    ],
)
def test_the_worst_decides_and_in_a_group_the_best(spec, status, decides):
    verdict = fold(found(spec))
    assert (verdict.status, verdict.tag) == (status, f"t{decides}")
    assert verdict.args["target"] == f"tcp://a.example:{decides}"


def test_the_verdict_of_a_single_target_is_the_assets():
    [(_, only)] = found("f")
    assert fold(found("f")) == only


def test_targets_that_are_not_required_never_decide():
    verdict = fold(found("f! p!"))
    assert (verdict.status, verdict.tag) == ("not-applicable", NOTHING_TO_TEST)
