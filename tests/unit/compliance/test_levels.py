"""Which rules count for which asset."""

import pytest

from ipv6check.compliance.applicability import Applicability
from ipv6check.compliance.levels import Demands
from ipv6check.model.asset import Kind
from ipv6check.model.mandate import Level, Requirement
from tests.unit.compliance.worked import CHECKS, asset, mandate

APPLICABILITY = Applicability(CHECKS)


def demand(checks: dict[str, Requirement], *tags: str, kind: Kind = Kind.SERVICE):
    one = asset("a", kind, tags=tags)
    return Demands(mandate(checks)).of(one, APPLICABILITY.codes(one))


TAGGED = {
    "service": Requirement(require=("DNS001", "HTTP001"), advise=("ICM001",)),
    "service/mail": Requirement(require=("TCP001",), partial_if=("DNS001",)),
    "service/vpn": Requirement(require=("TLS001",), any_of=("DNS001", "ADR001")),
    "device/mail": Requirement(require=("DEV001",)),
}


def test_a_tag_of_no_rule_leaves_the_class() -> None:
    assert demand(TAGGED, "portal").require == {"DNS001", "HTTP001"}


def test_a_tag_replaces_the_class() -> None:
    assert demand(TAGGED, "mail", "portal").require == {"TCP001"}


def test_several_tags_are_united() -> None:
    both = demand(TAGGED, "mail", "vpn")
    assert both.require == {"TCP001", "TLS001"}
    assert both.any_of == (frozenset({"DNS001", "ADR001"}),)
    assert both.partial_if == {"DNS001"}


def test_a_domain_counts_as_a_service() -> None:
    assert demand(TAGGED, kind=Kind.DOMAIN).require == {"DNS001", "HTTP001"}


def test_a_family_stands_for_its_rules_that_speak_about_the_asset() -> None:
    checks = {
        "device": Requirement(require=("DEV",), advise=("DNS", "TLS")),
        "service": Requirement(require=("TLS", "TLS001", "HTTP")),
    }
    assert demand(checks).require == {"TLS001", "HTTP001"}
    # DEV002 is documented, not measured, and only measured evidence is admitted here.
    assert demand(checks, kind=Kind.DEVICE).require == {"DEV001"}


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("TLS001", Level.REQUIRED),
        ("DNS001", Level.REQUIRED),
        ("HTTP001", Level.INFORMATIONAL),
        ("ICM001", Level.INFORMATIONAL),
    ],
)
def test_levels_of_a_tagged_asset(code: str, level: Level) -> None:
    assert demand(TAGGED, "vpn").level(code) is level


def test_advice_never_weakens_what_is_required() -> None:
    checks = {"service": Requirement(require=("DNS001",), advise=("DNS", "ICM001"))}
    found = demand(checks)
    assert (found.level("DNS001"), found.level("ICM001")) == (Level.REQUIRED, Level.ADVISED)
