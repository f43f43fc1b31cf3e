"""DNS over HTTPS (RFC 8484): the root's name servers, asked by GET at /dns-query, over HTTP/2 or what the server
chooses. The question is that of every DNS service, and any response code answers it."""

from base64 import urlsafe_b64encode

from ipv6check.net.connection import Connection
from ipv6check.net.conversations.question import dns
from ipv6check.net.conversations.talk import HttpReply, Talk, Told, refused, unexpected

PATH = b"/dns-query"
MEDIA_TYPE = b"application/dns-message"
_ACCEPT = [(b"accept", MEDIA_TYPE)]
_NOT_NOW = frozenset({401, 403, 429, 503})
"""Statuses that are about us, or about now."""


async def converse(talk: Talk) -> Told:
    """One request; a message that answers the question, with status 200, is an answer."""
    question = dns(talk.host, talk.here)
    path = PATH + b"?dns=" + urlsafe_b64encode(question.octets).rstrip(b"=")
    over_h2 = talk.alpn == "h2"
    reply = await talk.fetch(lambda connection: _request(connection, talk.authority, path, over_h2=over_h2))
    status = f"HTTP {reply.status}".encode()
    if reply.status in _NOT_NOW:
        raise refused(status)
    kind = dict(reply.headers).get(b"content-type", b"").partition(b";")[0].strip().lower()
    if reply.status != 200 or kind != MEDIA_TYPE:
        raise unexpected(status + b" " + kind)
    told = question.answer(bytes(reply.body))
    if told is None:
        raise unexpected(b"another message")
    return Told(facts=(*told.facts, ("http", "2" if over_h2 else "1.1")))


def _request(connection: Connection, authority: bytes, path: bytes, *, over_h2: bool) -> tuple[HttpReply, bytes]:
    """A reader of the response, and the octets that ask for it."""
    if over_h2:
        from ipv6check.net.web.h2 import StreamReader

        stream = StreamReader(connection)
        return stream, stream.opening(b"GET", authority, path, _ACCEPT)
    from ipv6check.net.web.transport import ResponseReader

    lines = (b"GET " + path + b" HTTP/1.1", b"Host: " + authority, b"Accept: " + MEDIA_TYPE, b"Connection: close")
    return ResponseReader(), b"\r\n".join((*lines, b"", b""))
