"""Tables of a device over SNMP: from a real agent with users of its own, and from agents that mean harm."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from ipaddress import IPv6Address

import pytest

from ipv6check.model.device import DeviceTables
from ipv6check.model.trouble import MissingExtra
from ipv6check.net.clients import snmpsource
from ipv6check.net.clients.snmpsource import AUTHENTICATION, PRIVACY, Community, SnmpSource, Unread, User
from ipv6check.net.clients.snmptables import COLUMNS
from ipv6check.net.conversations import question
from ipv6check.net.conversations.ber import element, integer, tlv
from tests.loopback.services.test_real_servers import free_ports, running

pytest.importorskip("pysnmp")

SNMPD = """\
agentaddress udp6:[::1]:{port}
rocommunity6 sesame ::1
createUser nina SHA-256 a-long-secret
createUser phuong SHA a-long-secret AES another-secret
rouser nina auth
rouser phuong priv
[snmp] persistentDir {folder}
"""
COMMUNITY = Community(secret="sesame")
NINA = User(name="nina", auth_secret="a-long-secret")
PHUONG = User(name="phuong", auth_secret="a-long-secret", auth="sha", priv_secret="another-secret")


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of Net-SNMP's agent on ::1, once it answers."""
    (port,) = free_ports(1)
    folder = tmp_path_factory.mktemp("snmpd")
    with running(folder, "snmpd", "-f", "-Lf", "log", "-C", "-c", "config", config=SNMPD, port=port):
        wait_for(port)
        yield port


def wait_for(port: int) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as ours:
        ours.settimeout(0.1)
        for _ in range(300):
            ours.sendto(question.snmp("", "").octets, ("::1", port))
            try:
                ours.recv(2000)
            except TimeoutError:
                continue
            return
    raise AssertionError("the agent never came up")


@asynccontextmanager
async def opened(secret: Community | User, **limits: float):
    source = SnmpSource(secret, **limits)
    try:
        yield source
    finally:
        source.close()


@pytest.mark.parametrize("secret", [COMMUNITY, NINA, PHUONG], ids=["v2c", "v3-auth", "v3-priv"])
async def test_a_real_agent_tells_its_addresses(agent: int, secret: Community | User) -> None:
    async with opened(secret) as source:
        tables = await source.read("::1", agent)
    (loopback,) = [one for one in tables.addresses if one.address == "::1"]
    assert (loopback.status, loopback.interface, loopback.is_up) == ("preferred", "lo", True)
    assert tables.forwards is not None
    assert tables.cut == ()


@pytest.mark.parametrize(
    ("secret", "word"),
    [
        (User(name="nina", auth_secret="not-the-secret"), "wrong_digest"),
        (User(name="nobody", auth_secret="a-long-secret"), "unknown_user_name"),
        (Community(secret="not-it"), "timeout"),
    ],
)
async def test_a_wrong_secret_tells_nothing_and_is_not_told(agent: int, secret: Community | User, word: str) -> None:
    async with opened(secret, tries=1, timeout_s=0.5) as source:
        with pytest.raises(Unread) as told:
            await source.read("::1", agent)
    assert str(told.value) == word
    assert "not-" not in f"{told.value!r} {secret!r}"


Answer = Callable[[tuple[int, ...], int], list[bytes]]


class HostileAgent(asyncio.DatagramProtocol):
    """Speaks v2c to anybody; ``answer`` makes datagrams of the name asked for and of the request's id."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, peer: tuple) -> None:
        self.asked += 1
        for octets in self.answer(*_request(data)):
            self.transport.sendto(octets, peer)


def _request(data: bytes) -> tuple[tuple[int, ...], int]:
    def inside(at: int, skip: int) -> int:
        for _ in range(skip):
            at = element(data, at)[2]
        return element(data, at)[1]

    pdu = inside(element(data)[1], 2)
    start, end = element(data, pdu)[1:]
    number = int.from_bytes(data[start:end])
    _, start, end = element(data, inside(inside(pdu, 3), 0))
    oid, value = [1, 3], 0
    for octet in data[start + 1 : end]:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            oid.append(value)
            value = 0
    return tuple(oid), number


def _oid(name: tuple[int, ...]) -> bytes:
    octets = bytearray([name[0] * 40 + name[1]])
    for value in name[2:]:
        groups = [value & 0x7F]
        while value := value >> 7:
            groups.append(value & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return tlv(0x06, bytes(octets))


def reply(number: int, *rows: tuple[tuple[int, ...], bytes]) -> bytes:
    bindings = tlv(0x30, *(tlv(0x30, _oid(name), value) for name, value in rows))
    pdu = tlv(0xA2, integer(number), integer(0), integer(0), bindings)
    return tlv(0x30, integer(1), tlv(0x04, b"sesame"), pdu)


def endless(asked: tuple[int, ...], number: int) -> list[bytes]:
    """Names grow for ever, and stay below what was asked for."""
    grown = (*asked[:-1], asked[-1] + 1) if asked not in COLUMNS.values() else (*asked, 1)
    return [reply(number, (grown, integer(1)))]


def looping(asked: tuple[int, ...], number: int) -> list[bytes]:
    root = next(root for root in COLUMNS.values() if asked[: len(root)] == root)
    return [reply(number, ((*root, 2), integer(1)), ((*root, 1), integer(1)))]


def truncated(asked: tuple[int, ...], number: int) -> list[bytes]:
    whole = reply(number, ((*asked, 1), integer(1)))
    return [
        whole[:-3],
        b"\xe4" + whole[1:],
        b"\xa0" + whole[1:],
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30" * 1200,
        b"\x30\x80" * 20_000,
        b"",
    ]


def strange(asked: tuple[int, ...], number: int) -> list[bytes]:
    """Values and indices of the wrong kind in every column, and one good address among them."""
    root = next((root for root in COLUMNS.values() if root == asked), None)
    if root is None:
        return [reply(number, ((1, 3, 6, 1, 9), integer(1)))]
    good = (2, 16, *IPv6Address("2001:db8::5").packed)
    bad = [(2, 16, *[300] * 16), (2, 15, *[1] * 15), (1, 16, *[1] * 16), (9,)]
    fits = integer(1)
    rows = [((*root, *good), fits), *(((*root, *index), tlv(0x04, b"\xff" * 40)) for index in sorted(bad))]
    return [reply(number, *sorted(rows, key=lambda row: row[0]))]


async def read_from(answer: Answer, **limits: float) -> tuple[DeviceTables | str, int]:
    """What was read or why not, and how often the agent was asked; nothing reaches the loop's last resort."""
    loop = asyncio.get_running_loop()
    uncaught: list[dict] = []
    loop.set_exception_handler(lambda _loop, context: uncaught.append(context))
    try:
        return await _read_from(answer, **limits)
    finally:
        assert uncaught == []


async def _read_from(answer: Answer, **limits: float) -> tuple[DeviceTables | str, int]:
    loop = asyncio.get_running_loop()
    transport, hostile = await loop.create_datagram_endpoint(lambda: HostileAgent(answer), local_addr=("::1", 0))
    try:
        async with opened(COMMUNITY, tries=1, timeout_s=0.3, **limits) as source:
            try:
                return await source.read("::1", transport.get_extra_info("sockname")[1]), hostile.asked
            except Unread as unread:
                return str(unread), hostile.asked
    finally:
        transport.close()


async def test_an_endless_table_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmpsource, "MOST_ROWS", 20)
    tables, asked = await read_from(endless)
    assert isinstance(tables, DeviceTables)
    assert set(tables.cut) == set(COLUMNS)
    assert asked == 20 * len(COLUMNS)
    assert tables.addresses == ()


async def test_an_endless_table_ends_with_the_time() -> None:
    assert (await read_from(endless, deadline_s=0.5))[0] == "deadline"


async def test_a_table_that_goes_back_is_left() -> None:
    tables, asked = await read_from(looping)
    assert isinstance(tables, DeviceTables)
    assert asked == len(COLUMNS)


async def test_an_agent_that_hides_the_tables_says_nothing() -> None:
    def hiding(_asked: tuple[int, ...], number: int) -> list[bytes]:
        return [reply(number, ((1, 3, 6, 1, 9), integer(1)))]

    assert (await read_from(hiding))[0] == "tables_missing"


async def test_a_long_value_and_a_long_name_are_not_kept() -> None:
    def long(asked: tuple[int, ...], number: int) -> list[bytes]:
        if asked not in COLUMNS.values():
            return [reply(number, ((*asked, *[7] * 200), integer(1)))]
        return [reply(number, ((*asked, 2, 16, *IPv6Address("2001:db8::6").packed), tlv(0x04, b"x" * 3000)))]

    tables, _ = await read_from(long)
    assert isinstance(tables, DeviceTables)
    assert tables.addresses == ()


async def test_without_the_extra_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysnmp", None)
    with pytest.raises(MissingExtra, match=r"ipv6check\[snmp\]"):
        SnmpSource(COMMUNITY)


@pytest.mark.parametrize("auth", AUTHENTICATION)
@pytest.mark.parametrize("priv", PRIVACY)
async def test_every_protocol_is_known_to_the_library(auth: str, priv: str) -> None:
    user = User(name="x", auth_secret="a-long-secret", auth=auth, priv_secret="a-long-secret", priv=priv)
    async with opened(user):
        pass


@pytest.mark.parametrize("answer", [truncated, lambda _asked, _number: []], ids=["truncated", "silence"])
async def test_what_is_no_answer_is_none(answer: Answer) -> None:
    word, asked = await read_from(answer)
    assert word in ("timeout", "malformed_answer")
    assert asked == 1


async def test_rows_that_contradict_the_tables_are_left_out() -> None:
    tables, _ = await read_from(strange)
    assert isinstance(tables, DeviceTables)
    assert [one.address for one in tables.addresses] == ["2001:db8::5"]
    assert tables.neighbours == ()
