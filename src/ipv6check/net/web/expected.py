"""Whether a web page holds what the inventory expects of it."""

from ipv6check.model.contact import HttpReply
from ipv6check.model.expectation import parse_expectation
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Target
from ipv6check.net.classify import Broken
from ipv6check.net.web.page import text_of

_SHOWN = 100


def lacks_expected(
    target: Target, reply: HttpReply, body: bytes, content_type: str, *, readable: bool
) -> Broken | None:
    """Why the reply is not what ``target`` expects; None if it is, or if its status already says that it is not.

    A body cut short, or in a coding that was not offered, proves nothing: that ends as BUDGET, which is ours.
    """
    accepted = target.expected_status
    if reply.status not in accepted if accepted else reply.status >= 400:
        return None
    text = text_of(body, content_type)
    if readable and parse_expectation(target.expect).is_met(text):
        return None
    if reply.truncated or not readable:
        return Broken(Failure.BUDGET, Phase.HTTP, "the body was not read in full")
    return Broken(Failure.UNEXPECTED_REPLY, Phase.HTTP, text.strip()[:_SHOWN])
