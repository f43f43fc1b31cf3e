"""What rules about mail exchangers share: when they speak, and how far one exchanger got over IPv6."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ipv6check.checks.premise import NOT_CONTACTED, OPTED_OUT_WORD
from ipv6check.checks.reach import Finding, Reach, find, in_state
from ipv6check.model.check import Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.mail import ExchangerTest, MailEvidence
from ipv6check.model.verdict import Arg, Verdict

PREMISE_TAGS = frozenset({"no-mail", "mail-undecided", "no-exchanger-with-ipv6", "exchanger-undecided"})


class State(StrEnum):
    """How one exchanger stands over IPv6. ALIKE: over IPv4 it fails too. WITHOUT: it has no IPv6 address to try."""

    ANSWERS = "answers"
    DEAD = "dead"
    ALIKE = "alike"
    UNDECIDED = "undecided"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Standing:
    """One exchanger, its state, the finding that decides it if an address was tried, and the word for the cause."""

    test: ExchangerTest
    state: State
    finding: Finding | None = None
    cause: str = ""

    def args(self) -> dict[str, Arg]:
        """What a sentence about the exchanger needs."""
        found: dict[str, Arg] = {"address": self.test.host, "port": 25}
        if self.finding is not None:
            found = self.finding.args()
        return {"host": self.test.host, **found, "cause": self.cause}


def mail_premise(rule: Rule, mail: MailEvidence) -> Verdict | None:
    """Not applicable to a name that takes no mail, unknown if the DNS did not tell; None if there are exchangers."""
    if mail.exchangers:
        return None
    if mail.found is DnsOutcome.NOT_ASKED or mail.found.proves_absence:
        return rule.not_applicable("no-mail", name=mail.name)
    return rule.unknown("mail-undecided", name=mail.name, cause=mail.found.value)


def speaks(finding: Finding) -> bool:
    """True if the address greeted us and took EHLO, whatever became of TLS."""
    decisive = finding.contact.decisive
    return finding.reach is Reach.SERVED or (
        decisive is not None and decisive.phase is Phase.TLS and finding.reach in (Reach.NO_TLS, Reach.BAD_CERTIFICATE)
    )


def stand(test: ExchangerTest) -> Standing:
    """How far the exchanger got over IPv6. One dead address is enough: a sender that takes it first waits for it."""
    if not test.v6:
        return _untried(test)
    findings = [find(contact) for contact in test.v6]
    others = [find(contact) for contact in test.v4]
    answering, v4_answers = any(map(speaks, findings)), any(map(speaks, others))
    lost = [one for one in findings if one.reach is not Reach.UNDECIDED and not speaks(one)]
    silent = [one for one in lost if _is_patience(one) and not (answering or v4_answers)]
    dead = [one for one in lost if one not in silent]
    undecided = [*in_state(findings, Reach.UNDECIDED), *silent]
    if dead:
        alike = not answering and not v4_answers and bool(others) and not in_state(others, Reach.UNDECIDED)
        return Standing(test, State.ALIKE if alike else State.DEAD, dead[0], dead[0].cause)
    if undecided:
        return Standing(test, State.UNDECIDED, undecided[0], undecided[0].cause)
    if any(barred.reason == OPTED_OUT_WORD for barred in test.barred):
        return Standing(test, State.UNDECIDED, findings[0], OPTED_OUT_WORD)
    return Standing(test, State.ANSWERS, findings[0])


def _untried(test: ExchangerTest) -> Standing:
    if any(barred.reason == OPTED_OUT_WORD for barred in test.barred):
        return Standing(test, State.UNDECIDED, cause=OPTED_OUT_WORD)
    if test.aaaa is DnsOutcome.ANSWER or test.aaaa.proves_absence:
        return Standing(test, State.WITHOUT)
    cause = OPTED_OUT_WORD if test.aaaa is DnsOutcome.NOT_ASKED else test.aaaa.value
    return Standing(test, State.UNDECIDED, cause=cause or NOT_CONTACTED)


def _is_patience(finding: Finding) -> bool:
    """True for silence after TCP: a server may take five minutes to greet (RFC 5321 section 4.5.3.2.1)."""
    return finding.reach is Reach.NO_REPLY and finding.cause == Failure.TIMEOUT.value


def first_in(standings: Iterable[Standing], state: State) -> Standing | None:
    """The most preferred exchanger in that state."""
    return next((one for one in standings if one.state is state), None)
