"""The docstring of a check read as its documentation."""

import pytest

from ipv6check.checks.documentation import HEADINGS, document_check, parse
from ipv6check.checks.registry import CHECKS, RULES, RULESET, ruleset_of
from ipv6check.model.check import Check
from tests import factories


def test_lines_are_joined_and_paragraphs_kept():
    summary, sections = parse(
        "It is so.\n\nWhy it matters:\n    One\n    line.\n\n    Two.\n\nHow to fix:\n    Do it: now.\n"
    )
    assert summary == "It is so."
    assert sections == {"Why it matters": "One line.\n\nTwo.", "How to fix": "Do it: now."}


def test_a_rule_is_found_by_its_code():
    documentation = document_check(next(check for check in CHECKS if check.rule is RULES["DNS001"]))
    assert documentation.summary == "The name has no AAAA record."
    assert tuple(documentation.sections) == HEADINGS


def test_a_module_without_the_headings_is_refused():
    check = Check(rule=RULES["DNS001"], needs=(), kinds=frozenset(), judge=factories.judged)
    with pytest.raises(ValueError, match="headings"):
        document_check(check)


def test_the_ruleset_changes_with_the_rules_and_not_with_their_order():
    assert ruleset_of(CHECKS[::-1]) == RULESET
    assert ruleset_of(CHECKS[1:]) != RULESET
