"""`ipv6check host` against the real kernel: sockets this test opens are told for what they are."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from ipv6check.checks.listening import Hearing
from ipv6check.hosts.collect import collect
from ipv6check.hosts.proc import entries, holders, text_of
from ipv6check.hosts.services import Service, services
from ipv6check.model.host import HostDocument

DUAL, ONLY, SPLIT, V4, LOOPBACK, MAPPED, UDP = "dual", "v6only", "split", "v4", "loopback", "mapped", "udp"


def opened(address: str, port: int = 0, *, v6only: bool | None = None, udp: bool = False) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
    if v6only is not None:
        found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    found.bind((address, port))
    if not udp:
        found.listen()
    return found


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with ExitStack() as stack:
        held = {
            DUAL: opened("::", v6only=False),
            ONLY: opened("::", v6only=True),
            V4: opened("0.0.0.0"),
            LOOPBACK: opened("::1"),
            MAPPED: opened("::ffff:127.0.0.1", v6only=False),
            UDP: opened("::1", udp=True),
            SPLIT: opened("::", v6only=True),
        }
        numbers = {name: one.getsockname()[1] for name, one in held.items()}
        held["other half"] = opened("0.0.0.0", numbers[SPLIT])
        for one in held.values():
            stack.enter_context(one)
        yield numbers


@pytest.fixture(scope="module")
def document(ports: dict[str, int]) -> HostDocument:
    return collect(vantage="lab", names=["www.example.vn."])


def service(document: HostDocument, port: int) -> Service:
    [found] = [one for one in services(document) if one.port == port and str(os.getpid()) in shown(one)]
    return found


def shown(one: Service) -> str:
    return " ".join(str(process.pid) for socket in one.sockets for process in socket.processes)


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        (DUAL, Hearing.DUAL),
        (ONLY, Hearing.IPV6_ONLY),
        (SPLIT, Hearing.BOTH),
        (V4, Hearing.IPV4_ONLY),
        (LOOPBACK, Hearing.LOOPBACK),
        (MAPPED, Hearing.LOOPBACK),
        (UDP, Hearing.LOOPBACK),
    ],
)
def test_a_socket_is_told_for_what_it_lets_in(document, ports, name, heard):
    found = service(document, ports[name])
    assert found.hearing is heard
    assert found.transport == ("udp" if name == UDP else "tcp")
    assert next(process.pid for socket in found.sockets for process in socket.processes) == os.getpid()


def test_a_connected_or_closed_socket_is_no_service(ports):
    with socket.create_connection(("::1", ports[LOOPBACK])) as peer:
        own = peer.getsockname()[1]
        assert own not in {one.port for one in collect().sockets}


def test_proc_alone_lists_the_same_sockets_without_v6only(document, ports):
    listed = {(one.address, one.port) for one in entries(text_of(Path("/proc/net/tcp6")), "tcp")}
    assert {("::", ports[DUAL]), ("::", ports[ONLY]), ("::1", ports[LOOPBACK])} <= listed
    assert ("127.0.0.1", 1) not in listed
    assert {("0.0.0.0", ports[V4])} <= {
        (one.address, one.port) for one in entries(text_of(Path("/proc/net/tcp")), "tcp")
    }


def test_the_machine_is_described(document):
    assert document.vantage == "lab"
    assert document.names[-1] == "www.example.vn"
    assert ("lo", "::1") in {(one.interface, one.address) for one in document.addresses}
    assert document.bindv6only is False
    assert document.unseen.v6only is False


def test_the_document_reads_back_and_holds_to_its_schema(document):
    octets = msgspec.json.encode(document)
    assert msgspec.json.decode(octets, type=HostDocument) == document
    schema = json.loads(files("ipv6check").joinpath("data/schema/host-1.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(octets))
    assert set(schema["properties"]) == set(HostDocument.__struct_fields__)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_another_user_sees_the_socket_and_not_the_process_and_says_so(ports):
    """Run as nobody: the port is there, its owner is a uid, and the run says that it was blind."""
    code = (
        "import os, msgspec; from ipv6check.hosts.collect import collect;"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534);"
        "print(msgspec.json.encode(collect()).decode())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    told = msgspec.json.decode(done.stdout, type=HostDocument)
    [found] = [one for one in services(told) if one.port == ports[DUAL]]
    assert found.hearing is Hearing.DUAL
    assert found.owner == "uid 0"
    assert told.unseen.is_blind


def test_a_process_that_ends_meanwhile_is_passed_over(tmp_path):
    (tmp_path / "1").mkdir()
    assert holders([5], tmp_path).by_inode == {}
