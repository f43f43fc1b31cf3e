"""DNS over HTTPS and StartTLS of LDAP, to servers that follow a script."""

import asyncio
import re
from base64 import urlsafe_b64decode

import pytest
import trustme

from ipv6check.model.failure import Failure
from ipv6check.model.target import Protocol
from ipv6check.net.conversations.ber import integer, tlv
from ipv6check.net.conversations.ldap import START_TLS
from tests.loopback.services.conftest import Speak
from tests.loopback.web.conftest import Farm, Handler, server_context

ENTRY = tlv(0x30, integer(1), tlv(0x64, tlv(0x04), tlv(0x30, tlv(0x04, b"supportedExtension"), tlv(0x04, START_TLS))))
DONE = tlv(0x30, integer(1), tlv(0x65, tlv(0x0A, b"\0"), tlv(0x04), tlv(0x04)))


def extended(result: int, number: int = 2) -> bytes:
    return tlv(0x30, integer(number), tlv(0x78, tlv(0x0A, bytes((result,))), tlv(0x04), tlv(0x04)))


def directory(answer: bytes, told: list[bytes], *, after: bytes = b"") -> Handler:
    """Tells of StartTLS, and answers the wish for it so."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(ENTRY + DONE)
        told.append(await reader.read(4096))
        writer.write(answer)
        await reader.read(4096)
        writer.write(after)
        await reader.read()

    return handler


@pytest.mark.parametrize(("result", "word"), [(52, "refused"), (1, "refused")])
async def test_a_directory_that_will_not_turn_on_tls_has_answered(
    farm: Farm, speak: Speak, result: int, word: str
) -> None:
    told: list[bytes] = []
    touch = await speak(Protocol.LDAP, await farm.serve(directory(extended(result), told)))
    assert touch.attempt.failure is None
    assert dict(touch.facts) == {"answer": "entry", "starttls": word}
    assert told == [tlv(0x30, integer(2), tlv(0x77, tlv(0x80, START_TLS)))]


async def test_a_directory_whose_tls_is_none_has_answered(farm: Farm, speak: Speak) -> None:
    touch = await speak(Protocol.LDAP, await farm.serve(directory(extended(0), [], after=b"no TLS at all\r\n")))
    assert touch.attempt.failure is None
    assert dict(touch.facts) == {"answer": "entry", "starttls": "broken"}


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400\r\n\r\n", extended(0, number=7), b"\x30\x05\x02\x01\x02\x78\x00", b"\x30\x80\0"]
)
async def test_a_directory_that_answers_the_wish_for_tls_with_something_else(
    farm: Farm, speak: Speak, answer: bytes
) -> None:
    touch = await speak(Protocol.LDAP, await farm.serve(directory(answer, [])))
    if answer.endswith(b"\x78\x00"):  # a result without a code is none
        assert dict(touch.facts)["starttls"] == "refused"
    else:
        assert touch.attempt.failure is Failure.UNEXPECTED_REPLY


def over_http(status: str, kind: str, *, body: bytes | None = None) -> Handler:
    """Answers one GET of /dns-query with this status and type, and with the message that was asked for."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        found = re.match(rb"GET /dns-query\?dns=([A-Za-z0-9_-]+) HTTP/1.1\r\nHost: [^\r]+\r\n", request)
        assert found is not None
        asked = urlsafe_b64decode(found[1] + b"=" * (-len(found[1]) % 4))
        said = asked[:2] + b"\x81\x85" + asked[4:] if body is None else body
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(said)}\r\n\r\n"
        writer.write(head.encode() + said)
        await writer.drain()
        await reader.read()

    return handler


async def test_a_resolver_over_http_1_1(farm: Farm, speak: Speak, good: trustme.LeafCert) -> None:
    port = await farm.serve(over_http("200 OK", "application/dns-message"), context=server_context(good))
    touch = await speak(Protocol.DOH, port)
    assert touch.attempt.failure is None, touch.attempt.detail
    assert dict(touch.facts) == {"rcode": "REFUSED", "http": "1.1"}


@pytest.mark.parametrize(
    ("handler", "failure"),
    [
        (over_http("404 Not Found", "text/html"), Failure.UNEXPECTED_REPLY),
        (over_http("200 OK", "text/html"), Failure.UNEXPECTED_REPLY),
        (over_http("200 OK", "application/dns-message", body=b"x" * 40), Failure.UNEXPECTED_REPLY),
        (over_http("200 OK", "application/dns-message", body=b""), Failure.UNEXPECTED_REPLY),
        (over_http("429 Too Many Requests", "text/plain"), Failure.RATE_LIMITED),
        (over_http("403 Forbidden", "text/plain"), Failure.RATE_LIMITED),
        (over_http("503 Service Unavailable", "text/plain"), Failure.RATE_LIMITED),
    ],
)
async def test_a_web_server_that_is_no_resolver_or_will_not_be_ours(
    farm: Farm, speak: Speak, good: trustme.LeafCert, handler: Handler, failure: Failure
) -> None:
    touch = await speak(Protocol.DOH, await farm.serve(handler, context=server_context(good)))
    assert touch.attempt.failure is failure, touch.attempt
