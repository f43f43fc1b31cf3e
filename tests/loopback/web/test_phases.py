"""Connections that break: refused, reset, closed and silent in each phase, our own faults, and cancellation."""

import asyncio
import gc
import os
import resource
import socket
import struct

import pytest
import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.dialer import PinnedDialer
from ipv6check.net.tls import TlsSettings
from tests.loopback.web.conftest import NAME, Farm, FreeRoad, server_context, web

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with a RST."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass


async def close_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.close()


async def reset_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    reset(writer)


def closed_port() -> int:
    with socket.socket(socket.AF_INET6) as sock:
        sock.bind(("::1", 0))
        return int(sock.getsockname()[1])


async def test_a_closed_port_is_refused(dialer: PinnedDialer) -> None:
    touch = await dialer.touch(*web(closed_port()))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.REFUSED, Phase.TCP)
    assert touch.attempt.tcp_ms is None
    assert touch.attempt.detail == "ECONNREFUSED"


async def test_a_full_backlog_is_a_connect_timeout(dialer: PinnedDialer) -> None:
    with socket.socket(socket.AF_INET6) as listener:
        listener.bind(("::1", 0))
        listener.listen(0)
        fillers = []
        for _ in range(3):  # the kernel drops the SYN of what no longer fits
            filler = socket.socket(socket.AF_INET6)
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname()[:2])
            fillers.append(filler)
        touch = await dialer.touch(*web(listener.getsockname()[1]))
        for filler in fillers:
            filler.close()
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TIMEOUT, Phase.TCP)
    assert touch.attempt.tcp_ms is None


@pytest.mark.parametrize(
    ("handler", "failure"),
    [(silence, Failure.TIMEOUT), (close_at_once, Failure.CLOSED), (reset_at_once, Failure.RESET)],
)
async def test_breaking_off_in_tls(handler, failure: Failure, farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(handler)
    touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.TLS)
    assert touch.attempt.tcp_ms is not None
    assert touch.attempt.http_ms is None


@pytest.mark.parametrize(
    ("handler", "failure"),
    [(silence, Failure.TIMEOUT), (close_at_once, Failure.CLOSED), (reset_at_once, Failure.RESET)],
)
@pytest.mark.parametrize("protocol", [Protocol.HTTP, Protocol.HTTPS])
async def test_breaking_off_in_http(
    handler, failure: Failure, protocol: Protocol, good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer
) -> None:
    port = await farm.serve(handler, context=server_context(good) if protocol is Protocol.HTTPS else None)
    touch = await dialer.touch(*web(port, protocol=protocol))
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.HTTP)
    assert touch.attempt.http_ms is not None
    assert (touch.certificate is not None) == (protocol is Protocol.HTTPS)
    assert touch.http is None


async def test_connect_ms_times_tcp_only(farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(silence)
    attempt = await dialer.connect_ms(Endpoint(name="", address="::1", port=port))
    assert (attempt.failure, attempt.phase) == (None, Phase.TCP)
    assert attempt.tcp_ms is not None
    assert attempt.tls_ms is None


async def test_ipv4_literals_work_the_same(farm: Farm, dialer: PinnedDialer) -> None:
    port = await farm.serve(farm.answering(b"HTTP/1.1 204 No Content\r\n\r\n"), address="127.0.0.1")
    touch = await dialer.touch(
        Endpoint(name=NAME, address="127.0.0.1", port=port), Target(host=NAME, port=port, protocol=Protocol.HTTP)
    )
    assert touch.http is not None
    assert touch.http.status == 204


async def test_a_barred_address_gets_no_packet(tls: TlsSettings, road: FreeRoad, farm: Farm) -> None:
    def shut(address: str, *, internal: bool, zone: str) -> str:
        return "loopback"

    dialer = PinnedDialer(policy=Policy(), pacing=road, gate=shut, tls=tls)
    port = await farm.serve(silence)
    endpoint, target = web(port)
    touch = await dialer.touch(endpoint, target)
    attempt = await dialer.connect_ms(endpoint)
    for one in (touch.attempt, attempt):
        assert (one.failure, one.phase, one.detail) == (Failure.NOT_CONTACTED, Phase.ROUTE, "loopback")
    assert road.addresses == []
    assert farm.accepted == 0
    assert dialer.bar("::1", internal=False) == "loopback"
    assert dialer.wait_s("::1") == 0.25


async def test_no_free_descriptor_is_our_fault(dialer: PinnedDialer, farm: Farm) -> None:
    port = await farm.serve(silence)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.dup(0)
    os.close(probe)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (probe, hard))
        touch = await dialer.touch(*web(port))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert touch.attempt.failure is Failure.LOCAL_RESOURCES
    assert touch.attempt.detail == "EMFILE"
    assert farm.accepted == 0


async def test_an_unrouted_address_is_ours_not_the_targets(dialer: PinnedDialer) -> None:
    # multicast needs no route to be refused by our own look-up of a stream; a zone that does not exist never has one
    endpoint = Endpoint(name=NAME, address="fe80::1", port=443, zone="nosuchzone0")
    touch = await dialer.touch(endpoint, Target(host=NAME, port=443, protocol=Protocol.HTTPS))
    assert touch.attempt.failure is not None
    assert touch.attempt.failure.is_ours


@pytest.mark.parametrize("secure", [False, True])
async def test_cancelling_leaves_no_socket(
    secure: bool, good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer, road: FreeRoad
) -> None:
    reached = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        reached.set()
        assert await reader.read() is not None
        gone.set()

    gone = asyncio.Event()
    port = await farm.serve(hold)
    task = asyncio.create_task(dialer.touch(*web(port, protocol=Protocol.HTTPS if secure else Protocol.HTTP)))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(2):
        await gone.wait()  # the server saw the connection end
    assert road.held == 0
    gc.collect()  # a socket left behind would warn here, and warnings are errors


async def test_an_address_that_resets_all_we_open_is_left_alone_after_the_tenth(
    farm: Farm, dialer: PinnedDialer, road: FreeRoad
) -> None:
    port = await farm.serve(reset_at_once)
    for _ in range(9):
        await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert road.backoffs == []
    await dialer.touch(*web(port, protocol=Protocol.HTTP))
    assert road.backoffs == [("::1", 5.0)]
