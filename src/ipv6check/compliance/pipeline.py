"""What a pipeline is told about a few assets: passed, failed, undecided, or that nothing was asked."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec.structs import replace

from ipv6check.compliance.levels import codes_of
from ipv6check.model.asset import AssetClass
from ipv6check.model.mandate import Mandate, Requirement
from ipv6check.model.rating import Readiness

_FAILED = frozenset({Readiness.NOT_READY, Readiness.PARTIAL})
_UNDECIDED = frozenset({Readiness.UNKNOWN, Readiness.NEEDS_ATTESTATION})
_PASSED = frozenset({Readiness.READY, Readiness.EXEMPT})


class Answer(StrEnum):
    """``nothing``: no asset was in scope, or no rule had anything to say; which proves nothing."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    NOTHING = "nothing"


def answer(readiness: Iterable[Readiness]) -> Answer:
    """One proven failure fails, whatever else is unknown; an unknown is never a pass."""
    found = set(readiness)
    if found & _FAILED:
        return Answer.FAILED
    if found & _UNDECIDED:
        return Answer.UNDECIDED
    return Answer.PASSED if found & _PASSED else Answer.NOTHING


def requiring(mandate: Mandate, names: Iterable[str]) -> Mandate:
    """The mandate with these codes and families required of every asset instead of its own; what it asked for before is
    advised."""
    wanted = tuple(names)
    advised: dict[str, None] = {}
    for one in mandate.checks.values():
        advised.update(dict.fromkeys((*one.require, *one.any_of, *one.advise)))
    required = Requirement(
        require=wanted,
        advise=tuple(name for name in advised if name not in wanted),
        evidence=("measured", "inventory", "attested"),
    )
    return replace(mandate, checks={one.value: required for one in AssetClass})


def keeping(mandate: Mandate, codes: frozenset[str]) -> Mandate:
    """The mandate without what it asks of other rules than ``codes``."""
    return replace(mandate, checks=_kept(mandate.checks, codes))


def _kept(checks: Mapping[str, Requirement], codes: frozenset[str]) -> dict[str, Requirement]:
    return {
        key: replace(
            one,
            require=codes_of(one.require, codes, one.evidence),
            any_of=codes_of(one.any_of, codes, one.evidence),
            partial_if=codes_of(one.partial_if, codes, one.evidence),
            advise=codes_of(one.advise, codes, one.evidence),
        )
        for key, one in checks.items()
    }
