"""The outcome of a check for a terminal: both families side by side, what is wrong, and how to mend it."""

from collections.abc import Iterator, Mapping

from ipv6check.model.asset import evidence_key
from ipv6check.model.contact import Contact, EndpointEvidence
from ipv6check.model.dns import Lookup, NameEvidence
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.failure import Phase
from ipv6check.model.mandate import Level
from ipv6check.model.rating import Readiness
from ipv6check.model.standing import AssetStanding, RatedVerdict, Standing
from ipv6check.model.verdict import Status
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

Evidence = Mapping[str, tuple[AnyEvidence, ...]]

_MARK = {Readiness.READY: "✓", Readiness.EXEMPT: "–", Readiness.NOT_APPLICABLE: "–"}
_FAILED = frozenset({Readiness.NOT_READY, Readiness.PARTIAL})
_SHOWN = 4
"""Addresses of one family that are shown."""


def render(standing: Standing, evidence: Evidence, language: str) -> Iterator[str]:
    """Lines of text; ``evidence`` is by target key."""
    messages = Messages(language)
    for asset in standing.assets:
        mark = "✗" if asset.readiness in _FAILED else _MARK.get(asset.readiness, "?")
        readiness = messages.word("readiness", asset.readiness.value)
        yield f"{mark} {inert(asset.asset.name)}: {readiness}"
        for target in asset.asset.targets:
            found = evidence.get(evidence_key(target, asset.asset.view), ())
            yield f"    {inert(target.key)}"
            yield from (f"      {line}" for line in _families(found, messages))
        yield from _findings(asset, messages)
        yield ""


def _families(found: tuple[AnyEvidence, ...], messages: Messages) -> Iterator[str]:
    name = next((one for one in found if isinstance(one, NameEvidence)), None)
    endpoint = next((one for one in found if isinstance(one, EndpointEvidence)), None)
    if name is None:
        return
    for family, lookup in ((6, name.aaaa), (4, name.a)):
        contacts = (endpoint.v6 if family == 6 else endpoint.v4) if endpoint else ()
        tried = {contact.address for contact in contacts}
        barred = {one.address: one.reason for one in endpoint.barred} if endpoint else {}
        lines = [f"{contact.address}  {_contact(contact, messages)}" for contact in contacts]
        for address in lookup.records:
            if address in barred:
                lines.append(f"{address}  {messages.word('address', barred[address])}")
            elif address not in tried:
                lines.append(f"{address}  {messages.word('failure', 'not_contacted')}")
        if not lines:
            lines = [_absence(lookup, messages)]
        if len(lines) > _SHOWN:
            lines = [*lines[:_SHOWN], f"… +{len(lines) - _SHOWN}"]
        for line in lines:
            yield f"IPv{family}  {line}"


def _absence(lookup: Lookup, messages: Messages) -> str:
    ttl = f" ({lookup.ttl} s)" if lookup.outcome.proves_absence and lookup.ttl else ""
    return f"{lookup.rdtype}: {messages.word('dns', lookup.outcome.value)}{ttl}"


def _contact(contact: Contact, messages: Messages) -> str:
    """How far the deciding attempt came."""
    attempt = contact.decisive
    if attempt is None:
        return messages.word("failure", "not_contacted")
    parts = []
    if attempt.tcp_ms is not None:
        parts.append(f"TCP {attempt.tcp_ms:g} ms")
    if attempt.tls_ms is not None:
        parts.append(f"{contact.tls_version or 'TLS'} {attempt.tls_ms:g} ms")
    if contact.http is not None and attempt.http_ms is not None:
        parts.append(f"HTTP {contact.http.status} {attempt.http_ms:g} ms")
    elif attempt.phase is Phase.EXCHANGE and attempt.http_ms is not None:
        parts.append(f"{messages.word('phase', Phase.EXCHANGE.value)} {attempt.http_ms:g} ms")
    parts += [f"{inert(name)}: {inert(value)}" for name, value in contact.facts]
    if attempt.failure is not None:
        tries = f" (×{len(contact.attempts)})" if len(contact.attempts) > 1 else ""
        step = messages.word("phase", attempt.phase.value)
        parts.append(f"✗ {step}: {messages.word('failure', attempt.failure.value)}{tries}")
    return "  ".join(parts)


def _findings(asset: AssetStanding, messages: Messages) -> Iterator[str]:
    """What is required and not proven, then advice; one cause that several rules name is told once.

    A failure that another rule of its group makes up for is advice.
    """
    for level, statuses in (
        (Level.REQUIRED, (Status.FAIL, Status.UNKNOWN)),
        (Level.ADVISED, (Status.FAIL,)),
    ):
        for status in statuses:
            causes: dict[tuple[str, str, bool], list[RatedVerdict]] = {}
            for rated in sorted(asset.verdicts, key=lambda one: one.verdict.rule):
                if rated.level is level and rated.verdict.status is status:
                    told = messages.say(rated.verdict), messages.fix(rated.verdict), rated.accepted
                    causes.setdefault(told, []).append(rated)
            for (text, fix, accepted), found in causes.items():
                codes = ", ".join(inert(one.verdict.rule) for one in found)
                word = messages.word("status", status.value)
                if accepted:
                    word = messages.word("check", "accepted")
                elif level is Level.ADVISED or (status is Status.FAIL and asset.readiness is Readiness.READY):
                    word = messages.word("check", "advice")
                yield f"    {word}  {codes}: {text}"
                if fix and not accepted:
                    yield f"      → {fix}"
