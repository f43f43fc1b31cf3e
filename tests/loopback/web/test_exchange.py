"""Send and expect over TCP and TLS."""

import asyncio

import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Touch
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import NAME, Farm, Handler, server_context


async def speak(
    dialer: PinnedDialer, port: int, *, send: str = "", expect: str = "", protocol: Protocol = Protocol.TCP
) -> Touch:
    target = Target(host=NAME, port=port, protocol=protocol, send=send, expect=expect)
    return await dialer.touch(Endpoint(name=NAME, address="::1", port=port), target)


def smtp(farm: Farm) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test ESMTP\r\n")
        farm.requests.append(await reader.readline())
        writer.write(b"250 mail.test\r\n")
        await writer.drain()
        await reader.read()

    return handler


async def test_tcp_without_expectation_ends_after_the_handshake(farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(smtp(farm))
    touch = await speak(dialer, port)
    assert (touch.attempt.failure, touch.attempt.phase, touch.reply) == (None, Phase.TCP, "")
    assert farm.requests in ([], [b""])


async def test_a_banner_is_enough_where_nothing_is_sent(farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(smtp(farm))
    touch = await speak(dialer, port, expect="ESMTP")
    assert (touch.attempt.failure, touch.attempt.phase) == (None, Phase.EXCHANGE)
    assert touch.reply.startswith("220 mail.test")


async def test_send_follows_the_banner_over_tls(good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(smtp(farm), context=server_context(good))
    touch = await speak(dialer, port, send="EHLO me\r\n", expect="250 ", protocol=Protocol.TLS)
    assert touch.attempt.failure is None
    assert touch.reply == "220 mail.test ESMTP\r\n250 mail.test\r\n"
    assert farm.requests == [b"EHLO me\r\n"]
    assert touch.certificate is not None


async def test_a_server_that_waits_for_us_is_sent_to(farm: Farm, dialer: PinnedDialer) -> None:
    async def redis(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"+PONG\r\n")
        await reader.read()

    port = await farm.serve(redis)
    touch = await speak(dialer, port, send="PING\r\n", expect="PONG")
    assert touch.attempt.failure is None


async def test_another_reply_is_unexpected_and_quoted(farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(smtp(farm))
    touch = await speak(dialer, port, expect="SSH-2.0")
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.UNEXPECTED_REPLY, Phase.EXCHANGE)
    assert touch.attempt.detail.startswith("220 mail.test")


async def test_silence_is_a_timeout_of_the_exchange(farm: Farm, dialer: PinnedDialer) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    port = await farm.serve(mute)
    touch = await speak(dialer, port, expect="x")
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TIMEOUT, Phase.EXCHANGE)


async def test_a_flood_is_read_to_4_kb(farm: Farm, dialer: PinnedDialer) -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"y" * 65_536)
            await writer.drain()

    port = await farm.serve(flood)
    touch = await speak(dialer, port, expect="never")
    assert touch.attempt.failure is Failure.UNEXPECTED_REPLY
    assert len(touch.attempt.detail) <= 200
