"""What an HTTP reply amounts to: accepted, refused, or no answer to the question that was asked."""

from ipv6check.checks.premise import NOT_CONTACTED
from ipv6check.checks.reach import Finding, Reach, find
from ipv6check.model.contact import Contact, HttpReply

CHALLENGE = "challenge"
RATE_LIMITED = "rate_limited"
LOGIN = (401, 403)


def accepts(status: int, accepted: tuple[int, ...]) -> bool:
    """True if the inventory expects ``status``; without expectations everything below 400 is fine."""
    return status in accepted if accepted else status < 400


def is_held_back(reply: HttpReply) -> str:
    """The word why the reply says nothing about the service: a rate limit or a challenge for robots; else empty."""
    if reply.challenge:
        return CHALLENGE
    limited = reply.status == 429 or (reply.status == 503 and reply.retry_after_s is not None)
    return RATE_LIMITED if limited else ""


def find_web(contact: Contact, accepted: tuple[int, ...]) -> Finding:
    """As ``find``, with the status judged: an unwelcome one is WRONG_REPLY with the status as its cause."""
    finding = find(contact)
    reply = contact.http
    if reply is not None and accepted and reply.status in accepted and finding.cause in ("", RATE_LIMITED):
        return Finding(contact, Reach.SERVED)
    if finding.reach is not Reach.SERVED:
        return finding
    if reply is None:
        return Finding(contact, Reach.UNDECIDED, NOT_CONTACTED)
    held_back = is_held_back(reply)
    if held_back:
        return Finding(contact, Reach.UNDECIDED, held_back)
    if accepts(reply.status, accepted):
        return finding
    return Finding(contact, Reach.WRONG_REPLY, str(reply.status))
