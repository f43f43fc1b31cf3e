"""How far one address got: from a contact's attempts to one word, its cause, and the args of a sentence about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ipv6check.checks.premise import NOT_CONTACTED
from ipv6check.model.contact import Contact
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Arg

_MAKES_WAIT = frozenset({Protocol.SMTP, Protocol.SUBMISSION, Protocol.SUBMISSIONS})
"""A server may take five minutes to greet (RFC 5321 section 4.5.3.2.1), and some do so to strangers."""


class Reach(StrEnum):
    """The step at which a contact ended, from nothing to everything. UNDECIDED: it was us, or nobody tried."""

    UNDECIDED = "undecided"
    NO_CONNECTION = "no_connection"
    NO_TLS = "no_tls"
    BAD_CERTIFICATE = "bad_certificate"
    NO_REPLY = "no_reply"
    WRONG_REPLY = "wrong_reply"
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class Finding:
    """One contact, how far it got, and the word why it got no farther (empty if it was served)."""

    contact: Contact
    reach: Reach
    cause: str = ""

    @property
    def connected(self) -> bool:
        """True if TCP came about, whatever happened then."""
        return self.contact.connected or self.reach not in (Reach.UNDECIDED, Reach.NO_CONNECTION)

    def args(self) -> dict[str, Arg]:
        """Address, port and cause, and ``flaky`` (successes/tries) if the tries did not agree."""
        args: dict[str, Arg] = {"address": self.contact.address, "port": self.contact.port}
        if self.cause:
            args["cause"] = self.cause
        return args | flaky(self.contact)


def find(contact: Contact) -> Finding:
    """How far ``contact`` got with everything its protocol asks for."""
    decisive = contact.decisive
    if decisive is None:
        return Finding(contact, Reach.UNDECIDED, NOT_CONTACTED)
    failure = decisive.failure
    if failure is None:
        return Finding(contact, Reach.SERVED)
    return Finding(contact, _step(failure, decisive.phase), failure.value)


def _step(failure: Failure, phase: Phase) -> Reach:
    """The step that a failure in ``phase`` proves broken. A rate limit proves nothing about IPv6."""
    if failure.is_ours or failure is Failure.RATE_LIMITED or phase is Phase.ECHO:
        return Reach.UNDECIDED
    if failure.is_certificate:
        return Reach.BAD_CERTIFICATE
    match phase:
        case Phase.ROUTE | Phase.TCP:
            return Reach.NO_CONNECTION
        case Phase.TLS:
            return Reach.NO_TLS
        case _:
            return Reach.WRONG_REPLY if failure is Failure.UNEXPECTED_REPLY else Reach.NO_REPLY


def find_connection(contact: Contact) -> Finding:
    """Only whether TCP came about: SERVED, NO_CONNECTION or UNDECIDED."""
    finding = find(contact)
    if finding.connected:
        return Finding(contact, Reach.SERVED)
    return finding


def find_answer(contact: Contact, spoken: Protocol) -> Finding:
    """Whether the management of a device answers. A certificate that nobody vouches for is an answer, and where only
    TCP is asked for, accepting it is."""
    finding = find_connection(contact) if spoken is Protocol.TCP else find(contact)
    return Finding(contact, Reach.SERVED) if finding.reach is Reach.BAD_CERTIFICATE else finding


def is_silence(finding: Finding, spoken: Protocol) -> bool:
    """True for a silence that a firewall near us, or a patient server, would look like."""
    patient = spoken.is_datagram or spoken in _MAKES_WAIT
    return patient and finding.reach is Reach.NO_REPLY and finding.cause == Failure.TIMEOUT.value


def flaky(contact: Contact) -> dict[str, Arg]:
    """``flaky`` as successes/tries of a contact whose tries did not agree; else nothing."""
    if not contact.flaky:
        return {}
    told = [attempt for attempt in contact.attempts if attempt.failure is None or not attempt.failure.is_ours]
    good = sum(attempt.failure is None for attempt in told)
    return {"flaky": f"{good}/{len(told)}"}


def same_fault(finding: Finding, others: Iterable[Finding]) -> bool:
    """True if one of the other family's addresses is broken at the same step; certificates and replies must also be
    broken in the same way."""
    exact = finding.reach in (Reach.BAD_CERTIFICATE, Reach.WRONG_REPLY)
    return any(other.reach is finding.reach and (not exact or other.cause == finding.cause) for other in others)


def in_state(findings: Iterable[Finding], *reaches: Reach) -> list[Finding]:
    """The findings that ended at one of ``reaches``, in order."""
    return [finding for finding in findings if finding.reach in reaches]


_LATER = (Reach.NO_TLS, Reach.BAD_CERTIFICATE, Reach.NO_REPLY, Reach.WRONG_REPLY)


def deciding(findings: list[Finding]) -> Finding:
    """The finding that decides whether the service works; ``findings`` is not empty.

    Clients fall back to another address only if TCP fails. So an address that breaks later spoils the service even if
    another works, and a dead one does not. Without any that works, one undecided address leaves everything open.
    """
    served = in_state(findings, Reach.SERVED)
    undecided = in_state(findings, Reach.UNDECIDED)
    later = in_state(findings, *_LATER)
    if served:
        halfway = [finding for finding in undecided if finding.connected]
        return (later or halfway or served)[0]
    return (undecided or later or findings)[0]
