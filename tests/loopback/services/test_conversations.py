"""What is said to services, to servers that follow a script: the good, the unwilling and the hostile."""

import asyncio

import pytest
import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.dialer import PinnedDialer
from ipv6check.net.tls import TlsSettings
from tests.loopback.services.conftest import Speak
from tests.loopback.web.conftest import Farm, FreeRoad, Handler, open_gate, server_context

LDAP_ENTRY = bytes.fromhex("300702010164020400")
LDAP_DONE = bytes.fromhex("300c02010165070a010004000400")
RDP_TLS = bytes.fromhex("030000130ed000001234000200080001000000")


def script(farm: Farm, *steps: bytes, first: bytes = b"") -> Handler:
    """Says ``first``, and one step after each piece heard."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for step in steps:
            heard = await reader.read(4096)
            if not heard:
                return
            farm.requests.append(heard)
            writer.write(step)
            await writer.drain()
        await reader.read()

    return handler


@pytest.mark.parametrize(
    ("protocol", "first", "steps", "facts"),
    [
        (Protocol.SSH, b"SSH-2.0-OpenSSH_9.2 Debian\r\n", (), {"version": "2.0", "software": "OpenSSH_9.2 Debian"}),
        (Protocol.SSH, b"Welcome\r\nSSH-1.99-old\r\n", (), {"version": "1.99"}),
        (Protocol.SMTP, b"220-a\r\n220 b\r\n", (b"250-mx\r\n250-SIZE 1\r\n250 PIPELINING\r\n",), {"starttls": "no"}),
        (Protocol.SMTP, b"220 b\r\n", (b"502 no\r\n",), {"esmtp": "no", "starttls": "no"}),
        (Protocol.SMTP, b"220 b\r\n", (b"250-mx\r\n250 STARTTLS\r\n", b"454 not now\r\n"), {"starttls": "454"}),
        (Protocol.IMAP, b"* OK ready\r\n", (b"* CAPABILITY IMAP4rev1\r\na OK done\r\n",), {"starttls": "no"}),
        (Protocol.POP3, b"+OK ready\r\n", (b"+OK\r\nTOP\r\n.\r\n",), {"starttls": "no"}),
        (Protocol.POP3, b"+OK ready\r\n", (b"-ERR what\r\n",), {"starttls": "no"}),
        (Protocol.POP3, b"+OK\r\n", (b"+OK\r\nSTLS\r\n.\r\n", b"-ERR no\r\n"), {"starttls": "refused"}),
        (Protocol.IMAP, b"* OK\r\n", (b"* CAPABILITY STARTTLS\r\na OK\r\n", b"b NO\r\n"), {"starttls": "refused"}),
        (Protocol.LDAP, b"", (LDAP_ENTRY + LDAP_DONE,), {"answer": "entry"}),
        (Protocol.LDAP, b"", (LDAP_DONE,), {"answer": "result"}),
        (Protocol.RDP, b"", (RDP_TLS,), {"security": "tls"}),
    ],
)
async def test_a_server_that_speaks_its_protocol(
    farm: Farm, speak: Speak, protocol: Protocol, first: bytes, steps: tuple[bytes, ...], facts: dict[str, str]
) -> None:
    touch = await speak(protocol, await farm.serve(script(farm, *steps, first=first)))
    assert (touch.attempt.failure, touch.attempt.phase) == (None, Phase.EXCHANGE), touch.attempt.detail
    assert facts.items() <= dict(touch.facts).items()


@pytest.mark.parametrize(
    ("protocol", "first", "steps", "failure"),
    [
        (Protocol.SSH, b"HTTP/1.1 400 Bad Request\r\n\r\n", (), Failure.UNEXPECTED_REPLY),
        (Protocol.SSH, b"x" * 70_000, (), Failure.UNEXPECTED_REPLY),
        (Protocol.SSH, b"\n" * 70_000, (), Failure.UNEXPECTED_REPLY),
        (Protocol.SSH, b"", (), Failure.TIMEOUT),
        (Protocol.SSH, b"Not allowed at this time\r\n", (), Failure.RATE_LIMITED),
        (Protocol.SSH, b"Exceeded MaxStartups\r\n", (), Failure.RATE_LIMITED),
        (Protocol.SMTP, b"421 too many connections\r\n", (), Failure.RATE_LIMITED),
        (Protocol.SMTP, b"554 5.7.1 no PTR\r\n", (), Failure.RATE_LIMITED),
        (Protocol.SMTP, b"220-please wait\r\n", (), Failure.RATE_LIMITED),
        (Protocol.SMTP, b"220 b\r\n", (b"450 later\r\n",), Failure.RATE_LIMITED),
        (Protocol.SMTP, b"220 b\r\n", (b"550 5.7.1 no PTR\r\n",), Failure.RATE_LIMITED),
        (Protocol.SMTP, b"SSH-2.0-x\r\n", (), Failure.UNEXPECTED_REPLY),
        (Protocol.SMTP, b"220-" + b"x" * 70_000, (), Failure.UNEXPECTED_REPLY),
        (Protocol.IMAP, b"* BYE too many\r\n", (), Failure.RATE_LIMITED),
        (Protocol.IMAP, b"220 smtp\r\n", (), Failure.UNEXPECTED_REPLY),
        (Protocol.POP3, b"-ERR busy\r\n", (), Failure.RATE_LIMITED),
        (Protocol.POP3, b"* OK imap\r\n", (), Failure.UNEXPECTED_REPLY),
        (Protocol.LDAP, b"", (b"\x30\x80\x00",), Failure.UNEXPECTED_REPLY),
        (Protocol.LDAP, b"", (b"\x30\x84\xff\xff\xff\xff",), Failure.UNEXPECTED_REPLY),
        (Protocol.LDAP, b"", (b"\x30\x05\x02\x01\x00\x78\x00",), Failure.RATE_LIMITED),
        (Protocol.LDAP, b"", (b"\x30\x05\x02\x01\x02\x64\x00",), Failure.UNEXPECTED_REPLY),
        (Protocol.LDAP, b"", (b"HTTP/1.1 400\r\n",), Failure.UNEXPECTED_REPLY),
        (Protocol.RDP, b"", (b"\3\0\0\1",), Failure.UNEXPECTED_REPLY),
        (Protocol.RDP, b"", (b"HTTP/1.1 400\r\n",), Failure.UNEXPECTED_REPLY),
        (Protocol.DNS_TCP, b"", (b"\0\x0cnot a reply!",), Failure.UNEXPECTED_REPLY),
        (Protocol.SIP_TCP, b"", (b"HTTP/1.1 400\r\n\r\n",), Failure.UNEXPECTED_REPLY),
    ],
)
async def test_a_server_that_does_not(
    farm: Farm, speak: Speak, protocol: Protocol, first: bytes, steps: tuple[bytes, ...], failure: Failure
) -> None:
    touch = await speak(protocol, await farm.serve(script(farm, *steps, first=first)))
    assert (touch.attempt.failure, touch.attempt.phase) == (failure, Phase.EXCHANGE)


async def test_nobody_logs_in_or_sends_mail(farm: Farm, speak: Speak) -> None:
    port = await farm.serve(script(farm, b"250 mx\r\n", first=b"220 b\r\n"))
    await speak(Protocol.SMTP, port)
    said = b"".join(farm.requests).upper()
    assert said.startswith(b"EHLO [IPV6:::1]\r\n")
    assert not any(word in said for word in (b"MAIL", b"RCPT", b"AUTH", b"VRFY", b"DATA"))


async def test_mail_servers_are_told_the_name_that_was_set(farm: Farm, road: FreeRoad, tls: TlsSettings) -> None:
    dialer = PinnedDialer(policy=Policy(), pacing=road, gate=open_gate, tls=tls, ehlo="scan.example.vn")
    port = await farm.serve(script(farm, b"250 mx\r\n", first=b"220 b\r\n"))
    target = Target(host="mx.example.vn", port=port, protocol=Protocol.SMTP)
    await dialer.touch(Endpoint(name="mx.example.vn", address="::1", port=port), target)
    assert farm.requests[0] == b"EHLO scan.example.vn\r\n"


@pytest.mark.parametrize(
    ("protocol", "first", "steps"),
    [
        (Protocol.SUBMISSION, b"220 b\r\n", (b"250-mx\r\n250 STARTTLS\r\n", b"220 go\r\n")),
        (Protocol.IMAP, b"* OK\r\n", (b"* CAPABILITY IMAP4rev1 STARTTLS\r\na OK\r\n", b"b OK go\r\n")),
        (Protocol.POP3, b"+OK\r\n", (b"+OK\r\nSTLS\r\n.\r\n", b"+OK go\r\n")),
    ],
)
async def test_starttls_verifies_for_clients_and_not_between_mail_servers(
    farm: Farm, speak: Speak, ca: trustme.CA, protocol: Protocol, first: bytes, steps: tuple[bytes, ...]
) -> None:
    def upgrading(leaf: trustme.LeafCert) -> Handler:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(first)
            for step in steps:
                await reader.readline()
                writer.write(step)
                await writer.drain()
            await writer.start_tls(server_context(leaf))
            await reader.read()

        return handler

    good, other = ca.issue_cert("portal.test"), ca.issue_cert("elsewhere.test")
    touch = await speak(protocol, await farm.serve(upgrading(good)))
    assert touch.attempt.failure is None, touch.attempt.detail
    assert dict(touch.facts)["starttls"] == "yes"
    assert touch.certificate is not None
    wrong = await farm.serve(upgrading(other))
    touch = await speak(protocol, wrong)
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.CERTIFICATE_WRONG_NAME, Phase.TLS)
    if protocol is Protocol.SUBMISSION:
        touch = await speak(Protocol.SMTP, wrong)
        assert touch.attempt.failure is None
        assert touch.tls_version.startswith("TLS")
        assert touch.certificate is not None
        assert (touch.certificate.names, touch.certificate.name_matches) == (("elsewhere.test",), False)


async def test_what_was_said_in_clear_text_before_tls_is_an_attack(farm: Farm, speak: Speak) -> None:
    port = await farm.serve(script(farm, b"250 STARTTLS\r\n", b"220 go\r\n250 injected\r\n", first=b"220 b\r\n"))
    touch = await speak(Protocol.SUBMISSION, port)
    assert touch.attempt.failure is Failure.UNEXPECTED_REPLY
