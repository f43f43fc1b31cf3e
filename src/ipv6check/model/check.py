"""Rules and checks: a pure judgement, the evidence it needs, and the closed set of what it may say."""

from collections.abc import Callable
from dataclasses import dataclass

from ipv6check.model.asset import Kind
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Arg, Status, Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """Identity of a rule. ``code`` is never reused; ``name`` is kebab-case and names the defect."""

    code: str
    name: str
    since: str
    tags: frozenset[str]

    @property
    def family(self) -> str:
        """The letters of the code: ``DNS`` of ``DNS001``."""
        return self.code.rstrip("0123456789")

    def passed(self, tag: str, **args: Arg) -> Verdict:
        """A pass with one of the rule's tags."""
        return Verdict(rule=self.code, status=Status.PASS, tag=tag, args=args)

    def failed(self, tag: str, **args: Arg) -> Verdict:
        """A fail with one of the rule's tags."""
        return Verdict(rule=self.code, status=Status.FAIL, tag=tag, args=args)

    def unknown(self, tag: str, **args: Arg) -> Verdict:
        """Could not be tested; the reason goes into the args."""
        return Verdict(rule=self.code, status=Status.UNKNOWN, tag=tag, args=args)

    def not_applicable(self, tag: str, **args: Arg) -> Verdict:
        """The rule has nothing to say about this target."""
        return Verdict(rule=self.code, status=Status.NOT_APPLICABLE, tag=tag, args=args)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule and its judge.

    ``judge(*evidence, policy)`` receives the evidence types of ``needs`` in that order, all of one target
    (of one asset where all of them are ``of_asset``), and returns a verdict; it does no I/O and reads no clock.
    ``kinds`` and ``protocols`` tell which assets and which of their targets the rule speaks about;
    an empty ``protocols`` means every target. ``compares`` is True for a rule that needs the IPv4 side; a scan
    whose rules all leave it False sends no packet over IPv4. ``parts`` are the codes of rules that this one folds:
    where one of them failed, this one's fail is as sure as that.
    """

    rule: Rule
    needs: tuple[type[Evidence], ...]
    kinds: frozenset[Kind]
    judge: Callable[..., Verdict]
    protocols: frozenset[Protocol] = frozenset()
    compares: bool = False
    parts: tuple[str, ...] = ()


def is_of_asset(check: Check) -> bool:
    """True for a rule that is judged once for an asset, whatever its targets."""
    return all(need.of_asset for need in check.needs)
