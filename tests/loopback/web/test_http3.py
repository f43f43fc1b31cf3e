"""HTTP/3 against a real QUIC server on ::1, and against what only looks like one."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import trustme
from aioquic.asyncio import QuicConnectionProtocol
from aioquic.asyncio.server import serve
from aioquic.h3.connection import H3Connection, Setting
from aioquic.h3.events import H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated, QuicEvent
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy, Timeouts
from ipv6check.net.web.http3 import QuicClient
from tests.loopback.web.conftest import NAME, FreeRoad, open_gate, web

Reply = Callable[[H3Connection, int], None]
settings_seen: list[dict[int, int]] = []


def page(*fields: tuple[bytes, bytes], status: bytes = b"200", body: bytes = b"<title>three</title>") -> Reply:
    def reply(http: H3Connection, stream: int) -> None:
        http.send_headers(stream, [(b":status", status), (b"content-type", b"text/html"), *fields])
        http.send_data(stream, body, end_stream=True)

    return reply


@asynccontextmanager
async def http3(reply: Reply, cert: trustme.LeafCert, *, alpn: str = "h3") -> AsyncIterator[tuple[int, list[H3Event]]]:
    """aioquic's server on a port of ::1, and the requests it heard."""
    heard: list[H3Event] = []

    class Server(QuicConnectionProtocol):
        http: H3Connection | None = None

        def quic_event_received(self, event: QuicEvent) -> None:
            if isinstance(event, ProtocolNegotiated) and event.alpn_protocol == "h3":
                self.http = H3Connection(self._quic)
            for told in self.http.handle_event(event) if self.http else ():
                if isinstance(told, HeadersReceived):
                    heard.append(told)
                    settings_seen.append(self.http.received_settings)
                    reply(self.http, told.stream_id)
                    self.transmit()

    settings = QuicConfiguration(
        is_client=False,
        alpn_protocols=[alpn],
        certificate=load_pem_x509_certificate(cert.cert_chain_pems[0].bytes()),
        private_key=load_pem_private_key(cert.private_key_pem.bytes(), None),
    )
    server = await serve("::1", 0, configuration=settings, create_protocol=Server)
    try:
        yield server._transport.get_extra_info("sockname")[1], heard
    finally:
        server.close()


@asynccontextmanager
async def datagrams(
    answer: Callable[[bytes], list[bytes]], *, rounds: int = 1
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port on ::1 that answers each datagram as told, so many times, and what it heard."""
    heard: list[bytes] = []
    loop = asyncio.get_running_loop()

    class Server(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            heard.append(data)
            for turn in range(rounds):
                loop.call_later(turn / 500, self.say, answer(data), addr)

        def say(self, parts: list[bytes], addr: tuple[str, int]) -> None:
            for octets in parts:
                self.transport.sendto(octets, addr)

    transport, _ = await loop.create_datagram_endpoint(Server, local_addr=("::1", 0), family=socket.AF_INET6)
    try:
        yield transport.get_extra_info("sockname")[1], heard
    finally:
        transport.close()


@pytest.fixture
def client(ca: trustme.CA, road: FreeRoad, monkeypatch: pytest.MonkeyPatch, tmp_path) -> QuicClient:
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    return QuicClient(policy=Policy(timeouts=Timeouts(tls=0.6, http=0.6)), pacing=road, gate=open_gate, contact="me@x")


async def test_one_get_of_the_targets_path_with_its_certificate_and_title(client, good, road):
    async with http3(page((b"server", b"h3d")), good) as (port, heard):
        touch = await client.get(*web(port, path="/a b"))
    assert (touch.attempt.failure, touch.attempt.phase, touch.attempt.tcp_ms) == (None, Phase.HTTP, None)
    reply, certificate = touch.http, touch.certificate
    assert (reply.status, reply.version, reply.title, reply.server) == (200, "3", "three", "h3d")
    assert (certificate.verified, certificate.name_matches, certificate.names) == (True, True, (NAME, "::1"))
    assert (road.addresses, road.held) == (["::1"], 0)
    fields = dict(heard[0].headers)
    assert (fields[b":authority"], fields[b":path"]) == (f"{NAME}:{port}".encode(), b"/a%20b")
    assert b"me@x" in fields[b"user-agent"]
    assert b"connection" not in fields
    assert settings_seen[-1][Setting.QPACK_MAX_TABLE_CAPACITY] == 0  # a table unfolds few octets into gigabytes


@pytest.mark.parametrize(
    ("reply", "failure", "detail"),
    [
        (page(status=b"429"), Failure.RATE_LIMITED, "429"),
        (page((b"retry-after", b"9"), status=b"503"), Failure.RATE_LIMITED, "503"),
        (page(*((b"x-%d" % n, b"y" * 4000) for n in range(30))), Failure.HTTP_HEADER_TOO_LARGE, ""),
        (lambda http, stream: http._quic.reset_stream(stream, 0x10B), Failure.CLOSED, "http3_error_0x10b"),
        (lambda http, stream: http._quic.close(0x102), Failure.CLOSED, "quic_error_0x102"),
        (
            lambda http, stream: http._quic.send_stream_data(stream, b"\0\4data"),
            Failure.HTTP_MALFORMED,
            "http3_protocol",
        ),
        (lambda http, stream: http._quic.send_stream_data(stream, b"", end_stream=True), Failure.CLOSED, ""),
    ],
)
async def test_a_reply_that_is_none_ends_in_the_phase_of_http(reply, failure, detail, client, good):
    async with http3(reply, good) as (port, _):
        touch = await client.get(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.HTTP)
    assert detail in touch.attempt.detail
    assert touch.certificate is not None


async def test_a_page_without_end_is_cut(client, good):
    async with http3(page(body=b"x" * 1_000_000), good) as (port, _):
        touch = await client.get(*web(port))
    assert touch.attempt.failure is None
    assert (touch.http.truncated, touch.http.body_octets) == (True, 262_144)


async def test_a_server_that_speaks_something_else_over_quic_fails_the_handshake(client, good):
    async with http3(page(), good, alpn="doq") as (port, heard):
        touch = await client.get(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TLS_ALERT, Phase.TLS)
    assert touch.attempt.detail == "alert_120"
    assert not heard


async def test_a_certificate_that_does_not_verify_is_on_record_and_gets_no_request(client, ca):
    strangers = trustme.CA().issue_cert(NAME)
    for cert, failure in (
        (ca.issue_cert("other.test"), Failure.CERTIFICATE_WRONG_NAME),
        (strangers, Failure.CERTIFICATE_UNKNOWN_ISSUER),
    ):
        async with http3(page(), cert) as (port, heard):
            touch = await client.get(*web(port))
        assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.TLS)
        assert touch.certificate is not None
        assert not touch.certificate.verified
        assert not heard


async def test_silence_is_ours_until_somebody_answered_on_that_port(client, good):
    async with datagrams(lambda data: []) as (port, heard):
        first = await client.get(*web(port))
        assert (first.attempt.failure, first.attempt.detail) == (Failure.LOCAL_PORT_BLOCKED, "timeout")
        assert first.attempt.phase is Phase.EXCHANGE
        client._heard.add((6, port))
        second = await client.get(*web(port))
        assert (second.attempt.failure, second.attempt.phase) == (Failure.TIMEOUT, Phase.EXCHANGE)
    assert {len(data) for data in heard} == {1200}
    assert len(heard) <= 12


async def test_a_refusal_is_ours_until_somebody_answered_on_that_port(client):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as unused:
        unused.bind(("::1", 0))
        port = unused.getsockname()[1]
    assert (await client.get(*web(port))).attempt.failure is Failure.LOCAL_PORT_BLOCKED
    client._heard.add((6, port))
    assert (await client.get(*web(port))).attempt.failure is Failure.REFUSED


def negotiation(data: bytes) -> list[bytes]:
    """Version Negotiation (RFC 9000 section 17.2.1) of a server that knows one version nobody else does."""
    there, here = data[6 : 6 + data[5]], data[7 + data[5] : 7 + data[5] + data[6 + data[5]]]
    return [b"\x80" + bytes(4) + bytes([len(here)]) + here + bytes([len(there)]) + there + b"\x1a\x2a\x3a\x4a"]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (negotiation, Failure.QUIC_VERSION),
        (lambda data: [b"HTTP/1.1 400 Bad Request\r\n\r\n"], Failure.TIMEOUT),
        (lambda data: [data, bytes(1200), b"", b"\xc0"], Failure.TIMEOUT),
    ],
)
async def test_what_is_no_quic_ends_within_the_limits(answer, failure, client):
    async with datagrams(answer) as (port, heard):
        touch = await client.get(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.TLS)
    assert len(heard) <= 12


async def test_a_flood_ends_before_the_time_does(client):
    async with datagrams(lambda data: [b"\x40" * 1200] * 40, rounds=60) as (port, _):
        touch = await client.get(*web(port))
    assert (touch.attempt.failure, touch.attempt.detail) == (Failure.HTTP_MALFORMED, "too_many_frames")


async def test_nothing_is_sent_where_nobody_may_be_contacted_or_the_extra_is_missing(client, monkeypatch):
    async with datagrams(lambda data: []) as (port, heard):
        shut = QuicClient(policy=Policy(), pacing=FreeRoad(), gate=lambda address, **_: "ula")
        assert (await shut.get(*web(port))).attempt.failure is Failure.NOT_CONTACTED
        monkeypatch.setattr("ipv6check.net.web.http3.find_spec", lambda name: None)
        assert (await client.get(*web(port))).attempt.failure is Failure.LOCAL_NOT_INSTALLED
    assert not heard
