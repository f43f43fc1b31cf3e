"""One journey put on record: how far it came, how long each phase took, and why it went no farther."""

from email.utils import parsedate_to_datetime

from ipv6check.model.contact import Attempt, Certificate
from ipv6check.model.failure import Failure, Phase
from ipv6check.net.api import Touch
from ipv6check.net.classify import Broken
from ipv6check.net.conversations.talk import Told
from ipv6check.net.journey import Journey

DETAIL = 200
"""Characters of a detail that are kept."""


def spoken(at: float, journey: Journey, phase: Phase, told: Told) -> Touch:
    """A conversation that came to its end in ``phase``."""
    return Touch(
        attempt=attempt_of(at, journey, phase, None),
        certificate=journey.certificate,
        tls_version=journey.tls_version,
        reply=told.reply,
        facts=told.facts,
    )


def attempt_of(at: float, journey: Journey, phase: Phase, broken: Broken | None) -> Attempt:
    """The journey as an attempt that began at ``at`` (UTC seconds) and ended in ``phase``, well or ``broken``."""
    return Attempt(
        at=at,
        phase=phase,
        failure=broken.failure if broken else None,
        detail=broken.detail[:DETAIL] if broken else "",
        tcp_ms=_rounded(journey.tcp_ms),
        tls_ms=_rounded(journey.tls_ms),
        http_ms=_rounded(journey.http_ms),
    )


def mistrusted(attempt: Attempt, journey: Journey, failure: Failure, faults: str, certificate: Certificate) -> Touch:
    """What a handshake came to whose certificate did not verify, once that was read."""
    named = Attempt(
        at=attempt.at, phase=Phase.TLS, failure=failure, detail=faults, tcp_ms=attempt.tcp_ms, tls_ms=attempt.tls_ms
    )
    return Touch(attempt=named, certificate=certificate, tls_version=journey.tls_version)


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 2)


def seconds_of(value: str, now: float) -> float | None:
    """Seconds a Retry-After field asks for (RFC 9110 section 10.2.3), as a number or a date; None if unreadable."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
