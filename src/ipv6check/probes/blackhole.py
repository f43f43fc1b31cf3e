"""Why a connection stalled after TCP came about: a path that swallows full-size packets, or a server that is slow.

A router that cannot forward a packet says so with Packet Too Big (RFC 8201); where that message is filtered, the
handshake passes and the first large flight is lost again and again. Segments clamped to 1220 octets, whose packets
every IPv6 link carries, tell the two apart: they pass the black hole, and wait for a slow server like any other.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec.structs import replace

from ipv6check.model.contact import Attempt, Contact
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.net.api import Touch
from ipv6check.net.stall import OCTETS_MISSING
from ipv6check.probes.tries import spent_s

CLAMPED_MSS = 1220  # 1280 octets less the headers of IPv6 and TCP (RFC 8200 section 5)
_PAIRS = 2  # where TCP saw nothing missing, small segments must pass and full ones stall so often in turn
_ORDER = (Phase.ROUTE, Phase.TCP, Phase.TLS, Phase.HTTP, Phase.EXCHANGE)
_ANSWERS = frozenset({Failure.RATE_LIMITED, Failure.UNEXPECTED_REPLY, Failure.CLIENT_CERTIFICATE_REQUIRED})


class Again(Protocol):
    """One more connection to the same address."""

    def __call__(self, *, mss: int) -> Awaitable[Touch]:
        """With segments of at most ``mss`` octets; 0 for what the links allow."""


def has_stalled(contact: Contact) -> bool:
    """True if the latest try over IPv6 stopped after TCP came about, and none got through."""
    if contact.family != 6 or not contact.attempts or not _is_stall(contact.attempts[-1]):
        return False
    return all(attempt.failure is not None for attempt in contact.attempts)


async def explain_stall(contact: Contact, again: Again, policy: Policy, *, swallowed: Callable[[str], bool]) -> Contact:
    """The contact with its stall named PATH_MTU_BLACK_HOLE if that is proven, else with what was seen added.

    Proven: small segments got past the phase, full-size ones stalled in it before and after, and TCP itself saw octets
    missing at least twice; without that sign small ones must have passed, and full-size ones stalled, twice in turn.
    One small connection is enough where an earlier look has proven it. In any other case the time-out stands, or the
    success that a further try without clamp brought. Where ``swallowed`` says that full-size packets reach this vantage
    from nobody, its stalls are booked as ours.
    """
    phase = contact.attempts[-1].phase
    known = any(one.failure is Failure.PATH_MTU_BLACK_HOLE and one.phase is phase for one in contact.attempts)
    for _ in range(_PAIRS):
        if spent_s(contact, policy) >= policy.retries.budget_s:
            return contact
        small = (await again(mss=CLAMPED_MSS)).attempt
        contact = replace(contact, clamped=(*contact.clamped, small))
        if not _got_past(small, phase):
            return contact
        near_us = swallowed(contact.address)
        if known:
            return _named(contact, near_us=near_us)
        contact = with_touch(contact, await again(mss=0))
        last = contact.attempts[-1]
        if not _is_stall(last) or last.phase is not phase:
            return contact
        if _is_seen_by_tcp(contact, phase):
            break
    return _named(contact, near_us=swallowed(contact.address))


def _is_stall(attempt: Attempt) -> bool:
    return attempt.failure is Failure.TIMEOUT and attempt.tcp_ms is not None


def _is_seen_by_tcp(contact: Contact, phase: Phase) -> bool:
    """True if octets were missing in two stalls or more. Data that was not acknowledged is none: a load balancer
    before a dead server leaves it behind as well."""
    return sum(_is_stall(one) and one.phase is phase and one.detail == OCTETS_MISSING for one in contact.attempts) >= 2


def _got_past(small: Attempt, phase: Phase) -> bool:
    """True if the small segments brought an answer in the phase in which full-size ones stalled, or went beyond it."""
    failure = small.failure
    if failure is None or failure.is_certificate or failure in _ANSWERS:
        return True
    return not failure.is_ours and _ORDER.index(small.phase) > _ORDER.index(phase)


def _named(contact: Contact, *, near_us: bool) -> Contact:
    """The last time-out by its cause; every stall as trouble of ours if nobody's large packets arrive here."""
    if not near_us:
        last = replace(contact.attempts[-1], failure=Failure.PATH_MTU_BLACK_HOLE)
        return replace(contact, attempts=(*contact.attempts[:-1], last))
    attempts = tuple(
        replace(one, failure=Failure.LOCAL_BLACK_HOLE)
        if one.failure is Failure.PATH_MTU_BLACK_HOLE or _is_stall(one)
        else one
        for one in contact.attempts
    )
    return replace(contact, attempts=attempts)


def with_touch(contact: Contact, touch: Touch) -> Contact:
    """The contact with one more attempt. A success replaces what earlier attempts brought; a failure only adds."""
    attempt = touch.attempt
    succeeded = attempt.failure is None
    samples = contact.samples_ms or ((attempt.tcp_ms,) if attempt.tcp_ms is not None else ())
    return Contact(
        address=contact.address,
        port=contact.port,
        attempts=(*contact.attempts, attempt),
        certificate=touch.certificate if succeeded else touch.certificate or contact.certificate,
        tls_version=touch.tls_version if succeeded else touch.tls_version or contact.tls_version,
        http=touch.http if succeeded else touch.http or contact.http,
        reply=touch.reply if succeeded else touch.reply or contact.reply,
        facts=touch.facts if succeeded else touch.facts or contact.facts,
        samples_ms=samples,
        clamped=contact.clamped,
    )
