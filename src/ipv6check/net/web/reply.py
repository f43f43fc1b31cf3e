"""What is asked of a web server and what is put on record of its response, the same for every version of HTTP."""

from collections.abc import Mapping
from typing import NamedTuple

import ipv6check
from ipv6check.model.contact import HttpReply, PageLink
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint
from ipv6check.net.attempts import seconds_of
from ipv6check.net.classify import Broken
from ipv6check.net.web.leanhttpx import httpx
from ipv6check.net.web.page import Reading, is_challenge

_TEXT = 256
_LOCATION = 2048
_ALT_SVC = 512

Links = tuple[PageLink, ...]


class Sent(NamedTuple):
    """A request as octets, for HTTP/2 and HTTP/3."""

    endpoint: Endpoint
    method: bytes
    authority: bytes
    path: bytes
    fields: list[tuple[bytes, bytes]]


def request_fields(contact: str) -> list[tuple[bytes, bytes]]:
    """What every GET of ours says. ``contact`` is the address or URL an operator of a target can turn to."""
    agent = f"ipv6check/{ipv6check.__version__}" + (f" (+{contact})" if contact else "")
    return [
        (b"User-Agent", agent.encode("ascii", "replace")),
        (b"Accept", b"text/html,application/xhtml+xml,*/*;q=0.8"),
        (b"Accept-Encoding", b"gzip, identity"),
        (b"Connection", b"close"),
    ]


def reply_of(
    response: httpx.Response, fields: Mapping[str, str], reading: Reading, at: float, links: Links = ()
) -> HttpReply:
    """The record of a response; ``fields`` are its head, ``reading`` its body, ``at`` UTC seconds now."""
    status = response.status_code
    return HttpReply(
        status=status,
        version=response.extensions["version"],
        location=fields.get("location", "")[:_LOCATION],
        content_type=fields.get("content-type", "")[:_TEXT],
        server=fields.get("server", "")[:_TEXT],
        title=reading.title,
        retry_after_s=seconds_of(fields.get("retry-after", ""), at),
        challenge=is_challenge(status, fields, response.extensions["body"]),
        body_sha256=reading.sha256,
        body_octets=response.extensions["raw_octets"],
        truncated=response.extensions["truncated"],
        links=links,
        alt_svc=fields.get("alt-svc", "")[:_ALT_SVC],
    )


def limit_of(reply: HttpReply) -> Broken | None:
    """Why the reply says nothing about the service: a rate limit, or a challenge for robots; None if it does."""
    limited = reply.status == 429 or (reply.status == 503 and reply.retry_after_s is not None)
    if not limited and not reply.challenge:
        return None
    return Broken(Failure.RATE_LIMITED, Phase.HTTP, "challenge" if reply.challenge else str(reply.status))
