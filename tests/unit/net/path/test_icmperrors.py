"""What ICMP types and codes mean, and how the kernel's record of an error is read."""

import socket
import struct

import pytest

from ipv6check.model.path import Told
from ipv6check.net.path.icmperrors import meaning, read_record

ICMP6, ICMP4, LOCAL = 3, 2, 1


@pytest.mark.parametrize(
    ("version", "kind", "code", "told"),
    [
        (6, 1, 0, Told.NO_ROUTE),
        (6, 1, 1, Told.ADMIN_PROHIBITED),
        (6, 1, 2, Told.BEYOND_SCOPE),
        (6, 1, 3, Told.ADDRESS_UNREACHABLE),
        (6, 1, 4, Told.PORT_UNREACHABLE),
        (6, 1, 5, Told.SOURCE_POLICY),
        (6, 1, 6, Told.REJECT_ROUTE),
        (6, 1, 99, Told.OTHER_ERROR),
        (6, 2, 0, Told.PACKET_TOO_BIG),
        (6, 3, 0, Told.HOP_LIMIT),
        (6, 4, 1, Told.PARAMETER_PROBLEM),
        (6, 77, 0, Told.OTHER_ERROR),
        (4, 3, 0, Told.NO_ROUTE),
        (4, 3, 1, Told.ADDRESS_UNREACHABLE),
        (4, 3, 3, Told.PORT_UNREACHABLE),
        (4, 3, 4, Told.PACKET_TOO_BIG),
        (4, 3, 13, Told.ADMIN_PROHIBITED),
        (4, 11, 0, Told.HOP_LIMIT),
        (4, 1, 0, Told.OTHER_ERROR),
    ],
)
def test_meaning(version: int, kind: int, code: int, told: Told):
    assert meaning(version, kind, code) is told


def record(origin: int, kind: int, code: int, info: int, sender: bytes) -> bytes:
    return struct.pack("=IBBBBII", 90, origin, kind, code, 0, info, 0) + sender


def six(address: str) -> bytes:
    return struct.pack("=H", socket.AF_INET6) + bytes(6) + socket.inet_pton(socket.AF_INET6, address) + bytes(4)


def test_a_router_that_tells_its_mtu():
    error = read_record(record(ICMP6, 2, 0, 1280, six("2a00::1")), b"quoted")
    assert error is not None
    assert (error.told, error.sender, error.mtu, error.quoted) == (Told.PACKET_TOO_BIG, "2a00::1", 1280, b"quoted")


def test_an_mtu_is_read_from_packet_too_big_only():
    error = read_record(record(ICMP6, 4, 1, 40, six("2a00::1")), b"")
    assert error is not None
    assert error.mtu == 0


def test_our_own_kernel_is_nobody_on_the_path():
    error = read_record(record(LOCAL, 0, 0, 1500, b""), b"")
    assert error is not None
    assert (error.local, error.sender, error.mtu) == (True, "", 1500)


@pytest.mark.parametrize("sender", [b"", b"\x00", struct.pack("=H", 99) + bytes(30)], ids=["none", "cut", "other"])
def test_an_unreadable_sender_is_nobody(sender: bytes):
    error = read_record(record(ICMP4, 11, 0, 0, sender), b"")
    assert error is not None
    assert (error.told, error.sender) == (Told.HOP_LIMIT, "")


def test_other_origins_are_no_errors_of_the_path():
    assert read_record(record(4, 0, 0, 0, b""), b"") is None
