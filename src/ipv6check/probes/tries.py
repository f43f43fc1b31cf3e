"""When an address is tried again: the retry table as pure functions of what was seen so far."""

from msgspec.structs import replace

from ipv6check.model.contact import Attempt, Contact, EchoEvidence, EndpointEvidence
from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import HopOutcome, RedirectEvidence
from ipv6check.model.zone import Break, ServerTest, ZoneReport, ZonesEvidence

_UNREACHABLE = frozenset({Failure.REFUSED, Failure.NO_ROUTE, Failure.ADDRESS_UNREACHABLE, Failure.ADMIN_PROHIBITED})
_CUT_OFF = frozenset({Failure.RESET, Failure.CLOSED})
_LOCAL = frozenset({Failure.LOCAL_RESOURCES, Failure.LOCAL_NO_ROUTE, Failure.LOCAL_ERROR, Failure.LOCAL_PORT_BLOCKED})
_STALLS = frozenset({Failure.TIMEOUT, Failure.PATH_MTU_BLACK_HOLE})
_NETWORK = _UNREACHABLE | _CUT_OFF | _STALLS
_MOST_TRIES = 6  # whatever the mixture of endings
_DNS_AGAIN = frozenset({DnsOutcome.SERVFAIL, DnsOutcome.TIMEOUT, DnsOutcome.LOCAL_ERROR})


def spacings(attempt: Attempt, status: int, policy: Policy) -> tuple[float, ...]:
    """The waits, in seconds, that the table allows after an attempt that ended so; empty if it is an answer."""
    retries = policy.retries
    failure = attempt.failure
    if failure is None:
        return retries.server_error if status >= 500 else ()
    if failure is Failure.TIMEOUT:
        return retries.connect_timeout if attempt.phase is Phase.TCP else retries.tls_http_timeout
    if failure in _UNREACHABLE:
        return retries.refused
    if failure in _CUT_OFF:
        return retries.reset
    if failure is Failure.RATE_LIMITED:
        return retries.rate_limited
    if failure is Failure.UNEXPECTED_REPLY and attempt.phase is Phase.HTTP:
        return retries.server_error  # a health page says that something behind it is not in order, which may pass
    if failure in _LOCAL:
        return retries.local
    return ()


def wait_before_next(contact: Contact, policy: Policy) -> float | None:
    """Seconds to leave between the last try and the next; None if the address is decided.

    Tries that ended in the same way count together, so a refusal after two time-outs gets its own second try.
    """
    if not contact.attempts:
        return 0.0
    last = contact.attempts[-1]
    status = contact.http.status if contact.http else 0
    if last.failure is Failure.BUDGET or (last.failure is None and status < 500):
        return None
    waits = spacings(last, status, policy)
    alike = sum(1 for attempt in contact.attempts if (attempt.failure, attempt.phase) == (last.failure, last.phase))
    if alike > len(waits) or len(contact.attempts) >= _MOST_TRIES:
        return None
    wait = waits[alike - 1]
    if last.failure is Failure.RATE_LIMITED and contact.http and contact.http.retry_after_s is not None:
        asked = contact.http.retry_after_s
        return max(wait, asked) if asked <= policy.retries.retry_after_s else None
    return wait


def spent_s(contact: Contact, policy: Policy) -> float:
    """Seconds of socket time the contact's attempts took: their timed phases, and the limit of a phase that ran out."""
    timeouts = policy.timeouts
    total = 0.0
    for attempt in contact.attempts + contact.clamped:
        total += ((attempt.tcp_ms or 0.0) + (attempt.tls_ms or 0.0) + (attempt.http_ms or 0.0)) / 1000
        if attempt.failure is Failure.TIMEOUT:
            untimed = {
                Phase.TCP: (attempt.tcp_ms, timeouts.tcp),
                Phase.TLS: (attempt.tls_ms, timeouts.tls),
                Phase.HTTP: (attempt.http_ms, timeouts.http),
                Phase.EXCHANGE: (attempt.http_ms, timeouts.http),
            }
            timed, limit = untimed.get(attempt.phase, (0.0, 0.0))
            total += limit if timed is None else 0.0
    return total


def wants_second_look(contact: Contact) -> bool:
    """True for a failure of the network, which one more try much later may disprove; answers are not asked again."""
    decisive = contact.decisive
    return decisive is not None and decisive.failure in _NETWORK


def is_of_network(failure: Failure | None) -> bool:
    """True for a failure of the network, which one more try much later may disprove."""
    return failure in _NETWORK


def is_unconfirmed(contact: Contact) -> bool:
    """True after a second look that brought no try of the target's, only trouble of ours: the failure still stands
    on its first tries."""
    return wants_second_look(contact) and (failure := contact.attempts[-1].failure) is not None and failure.is_ours


def endpoint_wait(evidence: EndpointEvidence, policy: Policy, *, families: tuple[int, ...]) -> float | None:
    """The shortest wait until one of the addresses is due; None if all are decided."""
    waits = [wait_before_next(contact, policy) for contact in tried_contacts(evidence, families)]
    return min((wait for wait in waits if wait is not None), default=None)


def endpoint_wants_second_look(evidence: EndpointEvidence) -> bool:
    """True if any address failed for a reason that must be confirmed."""
    return any(wants_second_look(contact) for contact in evidence.v6 + evidence.v4)


def echo_wants_second_look(evidence: EchoEvidence) -> bool:
    """True if no echo came back over IPv6 although it was sent: a lost vantage looks the same."""
    replies = [reply for reply in evidence.replies if ":" in reply.address]
    return bool(replies) and all(reply.failure in _NETWORK for reply in replies)


def tried_contacts(evidence: EndpointEvidence, families: tuple[int, ...]) -> tuple[Contact, ...]:
    """The contacts a scan over ``families`` makes."""
    return (evidence.v6 if 6 in families else ()) + (evidence.v4 if 4 in families else ())


def redirect_wants_more(evidence: RedirectEvidence) -> bool:
    """True if the walk ended in a failure that another walk may disprove."""
    if not evidence.hops:
        return False
    last = evidence.hops[-1]
    if last.outcome is HopOutcome.UNREACHABLE:
        return last.failure in _NETWORK or last.failure in _LOCAL
    return last.outcome is HopOutcome.DNS_UNKNOWN


def redirect_wait(evidence: RedirectEvidence, policy: Policy) -> float | None:
    """Seconds until a broken walk is repeated; None if it stands."""
    waits = policy.retries.refused
    if not redirect_wants_more(evidence) or evidence.tries > len(waits):
        return None
    return waits[evidence.tries - 1]


def lookup_wants_second_look(lookup: Lookup | None) -> bool:
    """True for a look-up that ended without an answer in a way that may pass."""
    return lookup is not None and lookup.outcome in _DNS_AGAIN and not lookup.bogus


def zones_want_second_look(evidence: ZonesEvidence) -> bool:
    """True if a server was silent, a look-up failed, or servers told different serials: a transfer may be under way."""
    reports = (evidence.zone, *evidence.aliases, *evidence.mail)
    return (
        evidence.found in _DNS_AGAIN
        or evidence.mail_found in _DNS_AGAIN
        or any(one.aaaa in _DNS_AGAIN for one in evidence.exchangers)
        or any(report is not None and _is_doubtful(report) for report in reports)
    )


def _is_doubtful(report: ZoneReport) -> bool:
    """True for a zone of which one more look, much later, may tell something else."""
    if report.listed in _DNS_AGAIN or report.chain.reason in (Break.SERVERS_SILENT, Break.SERVER_NAMES_UNREACHABLE):
        return True
    if any(server.aaaa in _DNS_AGAIN or server.a in _DNS_AGAIN for server in report.servers):
        return True
    serials = {test.soa for test in report.tests if test.answers}
    return len(serials) > 1 or any(map(_was_unheard, report.tests))


def _was_unheard(test: ServerTest) -> bool:
    return test.udp in _DNS_AGAIN or test.tcp in _DNS_AGAIN


def without_own_timeouts(evidence: EndpointEvidence, *, since: float) -> EndpointEvidence:
    """The evidence with every time-out from ``since`` on (UTC seconds) booked as ours: the event loop was late."""

    def excuse(contact: Contact) -> Contact:
        attempts = tuple(
            Attempt(at=attempt.at, phase=attempt.phase, failure=Failure.LOCAL_RESOURCES, detail="event loop late")
            if attempt.failure in _STALLS and attempt.at >= since
            else attempt
            for attempt in contact.attempts
        )
        return contact if attempts == contact.attempts else replace(contact, attempts=attempts)

    v6 = tuple(map(excuse, evidence.v6))
    v4 = tuple(map(excuse, evidence.v4))
    return evidence if (v6, v4) == (evidence.v6, evidence.v4) else replace(evidence, v6=v6, v4=v4)
