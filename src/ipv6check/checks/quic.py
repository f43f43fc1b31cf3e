"""What connections over QUIC amount to: how each broke, and against what it is measured."""

from collections.abc import Sequence

from ipv6check.checks.premise import is_ipv6_literal
from ipv6check.checks.reach import Finding, Reach, find, in_state
from ipv6check.checks.web import accepts
from ipv6check.model.check import Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.http3 import Http3Evidence
from ipv6check.model.verdict import Verdict

SILENT, REFUSED, CERTIFICATE = "http3-silent", "http3-refused", "http3-certificate-invalid"
SILENCE, ALIKE, UNCOMPARED = "silence", "http3-fails-alike", "http3-uncompared"
_STEPS = {Phase.TLS: "http3-handshake-failed", Phase.HTTP: "http3-no-reply"}
BROKEN_TAGS = frozenset({SILENT, REFUSED, CERTIFICATE, SILENCE, ALIKE, UNCOMPARED, *_STEPS.values()})
_BROKEN = frozenset(Reach) - {Reach.SERVED, Reach.UNDECIDED}


def sort_broken(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that are proven broken, those with an answer before the silent ones."""
    return sorted(in_state(findings, *_BROKEN), key=_is_silent)


def _is_silent(finding: Finding) -> bool:
    """True if nothing ever came back."""
    decisive = finding.contact.decisive
    return decisive is not None and decisive.failure is Failure.TIMEOUT and decisive.phase is Phase.EXCHANGE


def _tag(finding: Finding) -> str:
    """The tag of the step at which a connection broke."""
    decisive = finding.contact.decisive
    assert decisive is not None
    if _is_silent(finding):
        return SILENT
    return CERTIFICATE if finding.reach is Reach.BAD_CERTIFICATE else _STEPS.get(decisive.phase, REFUSED)


def judge_broken(
    rule: Rule, broken: Sequence[Finding], findings: Sequence[Finding], name: NameEvidence, http3: Http3Evidence
) -> Verdict:
    """A fail by contrast, or, where an answer proves the fault, because there is no IPv4 to compare with."""
    finding = broken[0]
    others = [find(contact) for contact in http3.v4]
    is_contrasted = bool(in_state([*findings, *others], Reach.SERVED))
    if not is_contrasted and _is_silent(finding):
        return rule.unknown(SILENCE, **finding.args())
    if is_contrasted or name.a.outcome.proves_absence or is_ipv6_literal(name):
        return rule.failed(_tag(finding), **finding.args(), count=len(broken), total=len(findings))
    if in_state(others, *_BROKEN):
        return rule.not_applicable(ALIKE, **finding.args())
    return rule.unknown(UNCOMPARED, **finding.args())


def compare_statuses(
    rule: Rule, findings: Sequence[Finding], endpoint: EndpointEvidence, http3: Http3Evidence
) -> Verdict:
    """The status of each address over HTTP/3 against that over TCP, and where they differ against IPv4's."""
    over_tcp = {contact.address: contact.http.status for contact in endpoint.v6 if contact.http is not None}
    odd = [one for one in findings if _status(one) != over_tcp.get(one.contact.address)]
    args = (odd or findings)[0].args() | {"status": _status((odd or findings)[0]), "announced": http3.announced.value}
    if not odd:
        return rule.passed("http3-answers", **args, count=len(findings))
    others = in_state([find(contact) for contact in http3.v4], Reach.SERVED)
    if not others:
        return rule.unknown(UNCOMPARED, **args)
    ipv4_status = _status(others[0])
    if all(_status(one) == ipv4_status for one in odd):
        return rule.passed("http3-answers-alike", **args)
    differing = next(one for one in odd if _status(one) != ipv4_status)
    if accepts(_status(differing), endpoint.accepted) and not accepts(ipv4_status, endpoint.accepted):
        return rule.passed("http3-answers", **args, count=len(findings))
    args |= differing.args() | {"status": _status(differing), "ipv4_status": ipv4_status}
    return rule.failed("http3-status-differs", **args)


def _status(finding: Finding) -> int:
    return finding.contact.http.status if finding.contact.http is not None else 0
