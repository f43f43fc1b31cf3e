"""HTTP: what a good response brings back, and that no response, however hostile, costs more than the limits."""

import asyncio
import gzip
import hashlib
import resource
import zlib

import pytest
import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Protocol
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import NAME, Farm, FreeRoad, server_context, web

ENDLESS_S = 30  # the trickle goes on for longer than anybody waits
PAGE = b"<html><head><title> Tr\xc3\xa0 Vinh &amp; B\xe1\xba\xbfn Tre </title></head><body>hello</body></html>"


def response(body: bytes = PAGE, *fields: bytes, status: bytes = b"200 OK", length: int | None = None) -> bytes:
    head = [b"HTTP/1.1 " + status, *fields, b"Content-Length: %d" % (len(body) if length is None else length)]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


async def test_a_page_is_read_in_full(good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer) -> None:
    fields = (b"Server: nginx", b"Content-Type: text/html; charset=utf-8")
    port = await farm.serve(farm.answering(response(PAGE, *fields)), context=server_context(good))
    touch = await dialer.touch(*web(port, path="/a b?q=1"))
    attempt, http = touch.attempt, touch.http
    assert (attempt.failure, attempt.phase) == (None, Phase.HTTP)
    assert http is not None
    assert (http.status, http.version, http.server, http.title) == (200, "1.1", "nginx", "Trà Vinh & Bến Tre")
    assert http.body_octets == len(PAGE)
    assert not http.truncated
    assert touch.page is not None
    assert "hello" in touch.page.text
    for phase in (attempt.tcp_ms, attempt.tls_ms, attempt.http_ms):
        assert phase is not None
        assert phase == round(phase, 2)
    request = farm.requests[0]
    assert request.startswith(b"GET /a%20b?q=1 HTTP/1.1\r\n")
    assert b"\r\nUser-Agent: ipv6check/" in request
    assert b" (+https://contact.test/)\r\n" in request
    assert b"\r\nAccept-Encoding: gzip, identity\r\n" in request


@pytest.mark.parametrize("status", [b"301 Moved", b"403 Forbidden", b"404 Not Found", b"500 Oops"])
async def test_any_final_status_is_a_success_of_the_contact(status: bytes, farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(farm.answering(response(b"x", b"Location: /there", status=status)))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is None
    assert touch.http is not None
    assert touch.http.status == int(status[:3])
    assert touch.http.location == "/there"


@pytest.mark.parametrize(
    ("status", "fields", "body", "seconds"),
    [
        (b"429 Too Many", (), b"", None),
        (b"429 Too Many", (b"Retry-After: 7",), b"", 7.0),
        (b"503 Busy", (b"Retry-After: 30",), b"", 30.0),
        (b"403 Forbidden", (b"cf-mitigated: challenge",), b"", None),
        (b"403 Forbidden", (), b"<script src='/cdn-cgi/challenge-platform/x.js'></script>", None),
    ],
)
async def test_limits_and_challenges_are_rate_limited(
    status: bytes,
    fields: tuple[bytes, ...],
    body: bytes,
    seconds: float | None,
    farm: Farm,
    dialer: PinnedDialer,
    road: FreeRoad,
) -> None:
    port = await farm.serve(farm.answering(response(body, *fields, status=status)))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is Failure.RATE_LIMITED
    assert touch.http is not None
    assert touch.http.retry_after_s == seconds
    assert touch.http.challenge == status.startswith(b"403")
    assert road.backoffs == [("::1", 5.0 if seconds is None else seconds)]


async def test_503_without_retry_after_is_an_answer(farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(farm.answering(response(b"", status=b"503 Busy")))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is None


GZIPPED = gzip.compress(PAGE)
MEMBERS = gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:])


@pytest.mark.parametrize(
    "parts",
    [
        (response(GZIPPED, b"Content-Encoding: gzip"),),
        (response(MEMBERS, b"Content-Encoding: x-gzip"),),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n", response()),
        (b"HTTP/1.1 200 OK\r\n\r\n", PAGE),
        (b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(PAGE), PAGE, b"\r\n0\r\nT: x\r\n\r\n"),
        (response() + b"HTTP/1.1 500 Second\r\n\r\n",),
    ],
    ids=["gzip", "two-members", "interim", "until-close", "http-1.0", "chunked", "trailing"],
)
async def test_framings_that_give_the_same_page(parts: tuple[bytes, ...], farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(farm.answering(*parts))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is None, touch.attempt
    assert touch.http is not None
    assert touch.http.status == 200
    assert touch.http.title == "Trà Vinh & Bến Tre"
    assert not touch.http.truncated


@pytest.mark.parametrize(
    ("octets", "failure", "detail"),
    [
        (b"<html>hello, this is HTTP/0.9</html>\r\n", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 abc OK\r\n\r\n", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", Failure.HTTP_MALFORMED, "status_out_of_range"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello", Failure.HTTP_MALFORMED, ""),
        (b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Failure.HTTP_MALFORMED, ""),
        (response(PAGE, b"Content-Encoding: gzip"), Failure.HTTP_MALFORMED, "content_encoding"),
        (response(length=999_999), Failure.CLOSED, "response_cut_off"),
        (b"HTTP/1.1 200 OK\r\nServer: cut", Failure.CLOSED, "response_cut_off"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 10_000, Failure.HTTP_HEADER_TOO_LARGE, ""),
        (b"HTTP/1.1 200 OK\r\nX: " + b"1" * 4_000_000, Failure.HTTP_HEADER_TOO_LARGE, ""),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, Failure.HTTP_MALFORMED, "endless_interim_responses"),
    ],
    ids=[
        "http-0.9", "status-line", "status-999", "ssh", "field", "nul", "chunk", "negative", "upgrade", "false-gzip",
        "false-length", "cut-head", "many-fields", "long-field", "interim",
    ],
)  # fmt: skip
async def test_broken_responses_have_a_word(
    octets: bytes, failure: Failure, detail: str, farm: Farm, dialer: PinnedDialer
) -> None:
    port = await farm.serve(farm.answering(octets))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.HTTP)
    assert touch.attempt.detail.startswith(detail)
    assert touch.http is None


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
    ids=["status-line", "head", "endless-body", "body"],
)
async def test_a_trickle_does_not_extend_the_deadline(start: bytes, farm: Farm, dialer: PinnedDialer) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(start)
        octets = iter(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 if not start else b"X" * 100_000)
        tick = asyncio.Event()
        while True:
            writer.write(bytes([next(octets)]))
            await writer.drain()
            asyncio.get_running_loop().call_later(0.05, tick.set)
            await tick.wait()
            tick.clear()

    port = await farm.serve(trickle)
    async with asyncio.timeout(ENDLESS_S):
        touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TIMEOUT, Phase.HTTP)


@pytest.mark.parametrize("head", [b"", b"Content-Length: 2000000000\r\n"], ids=["no-length", "2-GB"])
async def test_an_endless_body_is_cut_at_256_kb(head: bytes, farm: Farm, dialer: PinnedDialer) -> None:
    sent = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        while True:
            writer.write(b"a " * 32_768)
            await writer.drain()
            sent += 65_536

    port = await farm.serve(endless)
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is None
    assert touch.http is not None
    assert touch.http.truncated
    assert touch.http.body_octets == 262_144
    assert sent < 16_000_000  # kernel buffers of both sides, not the body


def bomb() -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(squeeze.compress(bytes(1_000_000)) for _ in range(200)) + squeeze.flush()


@pytest.mark.parametrize("coding", [b"gzip", b"gzip, gzip", b"br", b"zstd", b"deflate"])
async def test_bombs_stay_small(coding: bytes, farm: Farm, dialer: PinnedDialer) -> None:
    body = bomb() if coding == b"gzip" else gzip.compress(bomb())
    port = await farm.serve(farm.answering(response(body, b"Content-Encoding: " + coding, b"Content-Type: text/html")))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert touch.attempt.failure is None
    assert touch.http is not None
    assert touch.page is not None
    assert len(touch.page.text) <= 1_048_576
    assert grown_kb <= 16 * 1024
    if coding == b"gzip":
        assert touch.http.truncated
    else:  # a coding that was never offered is not undone
        assert touch.page.text == ""
        assert touch.http.body_sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("path", ["/x\r\nInjected: 1", "/\r\n\r\nGET /second HTTP/1.1"])
async def test_a_path_cannot_leave_its_line(path: str, farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(farm.answering(response()))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP, path=path))
    assert all(b"\r\nInjected" not in request for request in farm.requests)
    assert len(farm.requests) <= 1
    assert touch.attempt.failure in (None, Failure.LOCAL_ERROR)


async def test_every_touch_is_a_connection_of_its_own(good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(farm.answering(response()), context=server_context(good))
    first = await dialer.touch(*web(port))
    other = await dialer.touch(*web(port, name="other.test"))
    assert first.attempt.failure is None
    assert other.attempt.failure is Failure.CERTIFICATE_WRONG_NAME  # never judged by the first name's session
    assert len(farm.requests) == 1
    assert farm.accepted >= 1


async def test_a_large_http_proxy_variable_changes_nothing(
    farm: Farm, dialer: PinnedDialer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://[::1]:9")
    port = await farm.serve(farm.answering(response()))
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is None
    assert f"Host: {NAME}".encode() in farm.requests[0]
