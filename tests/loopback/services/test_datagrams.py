"""Questions over UDP: answers, forgeries, silence and refusal are told apart."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Protocol
from tests.loopback.services.conftest import Speak

Answers = Callable[[bytes], list[bytes]]


@asynccontextmanager
async def serving(answers: Answers) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port on ::1 that answers each datagram, and what it heard."""
    heard: list[bytes] = []

    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            heard.append(data)
            for answer in answers(data):
                self.transport.sendto(answer, addr)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Server, local_addr=("::1", 0), family=socket.AF_INET6)
    try:
        yield transport.get_extra_info("sockname")[1], heard
    finally:
        transport.close()


def ntp(data: bytes, *, stratum: int = 2, leap: int = 0, kiss: bytes = b"GPS\0", origin: bytes = b"") -> bytes:
    head = bytes((leap << 6 | 4 << 3 | 4, stratum, 6, 0xEC)) + b"\0" * 8 + kiss + b"\0" * 8
    return head + (origin or data[40:48]) + b"\0" * 16


def dns(data: bytes, rcode: int = 0) -> bytes:
    return data[:2] + bytes((0x81, 0x80 | rcode)) + b"\0\1" + b"\0" * 6 + data[12:17]


@pytest.mark.parametrize(
    ("protocol", "answers", "facts"),
    [
        (Protocol.NTP, lambda data: [ntp(data)], {"synchronised": "yes", "stratum": "2"}),
        (Protocol.NTP, lambda data: [ntp(data, leap=3)], {"synchronised": "no"}),
        (Protocol.NTP, lambda data: [ntp(data, stratum=16)], {"synchronised": "no"}),
        (Protocol.NTP, lambda data: [ntp(data, stratum=0, kiss=b"INIT")], {"synchronised": "no", "kiss": "INIT"}),
        (Protocol.NTP, lambda data: [ntp(data, origin=b"forged!!"), b"", b"\xff" * 48, ntp(data)], {"stratum": "2"}),
        (Protocol.DNS, lambda data: [dns(data)], {"rcode": "NOERROR"}),
        (Protocol.DNS, lambda data: [dns(data, 5)], {"rcode": "REFUSED"}),
        (Protocol.DNS, lambda data: [b"\0\0" + dns(data)[2:], data, dns(data)], {"rcode": "NOERROR"}),
        (Protocol.SNMP, lambda data: [data], {"version": "3"}),
        (
            Protocol.SIP,
            lambda data: [b"SIP/2.0 200 OK\r\n" + data[data.index(b"Via") : data.index(b"Max")] + b"\r\n"],
            {"status": "200"},
        ),
    ],
)
async def test_an_answer_to_the_question_is_one(
    speak: Speak, protocol: Protocol, answers: Answers, facts: dict[str, str]
) -> None:
    async with serving(answers) as (port, heard):
        touch = await speak(protocol, port)
    assert (touch.attempt.failure, touch.attempt.phase) == (None, Phase.EXCHANGE), touch.attempt.detail
    assert facts.items() <= dict(touch.facts).items()
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("protocol", "answers", "failure", "asked"),
    [
        (Protocol.NTP, lambda _: [], Failure.TIMEOUT, 2),
        (Protocol.NTP, lambda data: [ntp(data, origin=b"forged!!")], Failure.TIMEOUT, 2),
        (Protocol.NTP, lambda data: [ntp(data, stratum=0, kiss=b"RATE")], Failure.RATE_LIMITED, 1),
        (Protocol.DNS, lambda data: [data], Failure.TIMEOUT, 2),
        (
            Protocol.SNMP,
            lambda _: [b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x02\x01\x01"],
            Failure.TIMEOUT,
            2,
        ),
        (Protocol.SIP, lambda _: [b"SIP/2.0 200 OK\r\nVia: forged\r\n\r\n"], Failure.TIMEOUT, 2),
    ],
)
async def test_silence_and_forgeries_are_no_answer(
    speak: Speak, protocol: Protocol, answers: Answers, failure: Failure, asked: int
) -> None:
    """Somebody has answered on that port over this family, so it is not this vantage that is shut in."""
    async with serving(lambda data: answers(data) if data != b"hello" else [b"hello"]) as (port, heard):
        assert (await speak(Protocol.UDP, port, send="hello")).attempt.failure is None
        touch = await speak(protocol, port)
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.EXCHANGE)
    assert len(heard) == asked + 1


async def test_where_nobody_was_ever_heard_silence_may_be_a_firewall_near_us(speak: Speak) -> None:
    async with serving(lambda _: []) as (port, heard), serving(lambda data: [data]) as (other, _):
        assert (await speak(Protocol.UDP, other, send="hello")).attempt.failure is None
        touch = await speak(Protocol.NTP, port)
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.LOCAL_PORT_BLOCKED, Phase.EXCHANGE)
    assert len(heard) == 2


async def test_nobody_at_the_port_is_a_refusal(speak: Speak) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::1", 0))
        port = free.getsockname()[1]
    touch = await speak(Protocol.NTP, port)
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.REFUSED, Phase.EXCHANGE)


async def test_an_exchange_of_ones_own_over_udp(speak: Speak) -> None:
    async with serving(lambda data: [b"pong " + data]) as (port, _):
        good = await speak(Protocol.UDP, port, send="ping", expect="pong ping")
        any_answer = await speak(Protocol.UDP, port, send="ping")
        wrong = await speak(Protocol.UDP, port, send="ping", expect="nothing of the kind")
    assert (good.attempt.failure, good.reply) == (None, "pong ping")
    assert any_answer.attempt.failure is None
    assert wrong.attempt.failure is Failure.UNEXPECTED_REPLY
