"""HTTP/2 only where a server speaks nothing else, and then within the same limits."""

import asyncio
import gzip
from collections.abc import Callable

import h2.config
import h2.connection
import h2.events
import pytest
import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Protocol
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import NAME, Farm, FreeRoad, Handler, server_context, web

Fields = list[tuple[str, str]]
Reply = Callable[[h2.connection.H2Connection, int], None]


def h2_only(farm: Farm, reply: Reply, *, speaks_first: bool) -> Handler:
    """Serves h2 if it was chosen by ALPN; to others it is silent and closes, or sends its SETTINGS nonetheless."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
        state = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=False))
        state.initiate_connection()
        if not chosen:
            await reader.read(1000)
            if speaks_first:
                writer.write(state.data_to_send())
                await writer.drain()
            return
        writer.write(state.data_to_send())
        while data := await reader.read(65_536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    farm.requests.append(repr(event.headers).encode())
                    reply(state, event.stream_id)
            writer.write(state.data_to_send())
            await writer.drain()

    return handler


def page(*fields: tuple[str, str], body: bytes = b"<title>two</title>") -> Reply:
    def reply(state: h2.connection.H2Connection, stream: int) -> None:
        state.send_headers(stream, [(":status", "200"), ("server", "h2d"), *fields])
        for at in range(0, len(body), 16_384):
            if state.local_flow_control_window(stream) < 16_384:
                return
            state.send_data(stream, body[at : at + 16_384])
        state.end_stream(stream)

    return reply


@pytest.mark.parametrize("speaks_first", [False, True])
async def test_an_h2_only_server_gets_one_more_connection(
    speaks_first: bool, good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer, road: FreeRoad
) -> None:
    port = await farm.serve(h2_only(farm, page(), speaks_first=speaks_first), context=server_context(good, alpn="h2"))
    touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (None, Phase.HTTP)
    assert touch.http is not None
    assert (touch.http.status, touch.http.version, touch.http.title, touch.http.server) == (200, "2", "two", "h2d")
    assert touch.certificate is not None
    assert road.addresses == ["::1", "::1"]
    assert f"'{NAME}:{port}'".encode() in farm.requests[0]
    assert b"connection" not in farm.requests[0]


async def test_gzip_and_the_octet_limit_hold_for_h2(good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer) -> None:
    zipped = page(
        ("content-encoding", "gzip"),
        ("content-type", "text/html"),
        body=gzip.compress(b"<title>two</title>" + bytes(30_000_000)),
    )
    port = await farm.serve(h2_only(farm, zipped, speaks_first=False), context=server_context(good, alpn="h2"))
    touch = await dialer.touch(*web(port))
    assert touch.http is not None
    assert touch.http.truncated
    assert touch.http.title == "two"
    assert touch.page is not None
    assert len(touch.page.text) <= 1_048_576
    large = await farm.serve(
        h2_only(farm, page(body=b"a" * 600_000), speaks_first=False), context=server_context(good, alpn="h2")
    )
    touch = await dialer.touch(*web(large))
    assert touch.http is not None
    assert touch.http.body_octets == 262_144
    assert touch.http.truncated


async def test_an_h2_answer_with_garbage_is_malformed(good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer) -> None:
    async def garbage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            await reader.read(1000)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            await reader.read()

    port = await farm.serve(garbage, context=server_context(good, alpn="h2"))
    touch = await dialer.touch(*web(port))
    assert touch.attempt.failure is Failure.CLOSED  # what the first connection showed stands
    assert touch.http is None


async def test_the_alert_no_application_protocol_makes_us_offer_h2(farm: Farm, dialer: PinnedDialer) -> None:
    async def strict(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        farm.requests.append(await reader.read(4000))
        writer.write(bytes.fromhex("15030300020278"))
        await writer.drain()

    port = await farm.serve(strict)
    touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TLS_ALERT, Phase.TLS)
    assert [b"\x08http/1.1" in hello for hello in farm.requests] == [True, False]
    assert [b"\x02h2" in hello for hello in farm.requests] == [False, True]


async def test_plain_http_never_tries_h2(farm: Farm, dialer: PinnedDialer) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    port = await farm.serve(mute)
    touch = await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert touch.attempt.failure is Failure.CLOSED
    assert farm.accepted == 1
