"""Echo against this machine's own addresses, and without the right to it in a namespace."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipv6check.model.failure import Failure
from ipv6check.model.path import Told
from ipv6check.net.path.echosocket import checksum
from ipv6check.net.path.ping import Pinger
from ipv6check.net.path.sizedecho import sized_echo

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
async def pinger():
    made = Pinger(timeout_s=1.0)
    if made.means == "none":
        pytest.skip("neither ping sockets nor raw sockets are allowed here")
    yield made
    made.close()


@pytest.mark.parametrize("address", ["::1", "0:0:0:0:0:0:0:1", "127.0.0.1"])
async def test_an_answer_has_a_time_and_took_one_request(pinger, address):
    reply = await pinger.echo(address)
    assert reply.address == address
    assert reply.failure is None
    assert reply.sent == 1
    assert 0 < reply.rtt_ms < 1000


@pytest.mark.parametrize("octets", [1, 16, 1232, 1452, 9000])
async def test_the_size_can_be_chosen(pinger, octets):
    assert (await pinger.echo("::1", payload_octets=octets)).failure is None


async def test_many_at_once_find_their_own_answers(pinger):
    replies = await asyncio.gather(*(pinger.echo("::1" if i % 2 else "127.0.0.2") for i in range(200)))
    assert [reply.failure for reply in replies] == [None] * 200
    assert all(reply.rtt_ms is not None for reply in replies)


async def test_no_such_interface_is_our_fault(pinger):
    reply = await pinger.echo("fe80::1", zone="nowhere0")
    assert reply.failure is Failure.LOCAL_NO_ROUTE
    assert reply.sent == 0


async def test_a_cancelled_echo_leaves_nothing_behind(pinger):
    task = asyncio.ensure_future(pinger.echo("::1"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await pinger.echo("::1")).failure is None


def descriptors():
    return set(os.listdir("/proc/self/fd"))


async def test_a_closed_pinger_gives_its_descriptors_back():
    before = descriptors()
    pinger = Pinger()
    await pinger.echo("::1")
    pinger.close()
    assert descriptors() <= before


async def test_sized_echo_says_how_big():
    for size in (1280, 1500):
        reply = await sized_echo("::1", size)
        if reply.failure is Failure.LOCAL_PERMISSION:
            pytest.skip("echo is not allowed here")
        assert (reply.told, reply.failure) == (Told.ANSWER, None)
        assert reply.rtt_ms is not None
    too_big = await sized_echo("::1", 70_000)
    assert too_big.failure is not None
    assert too_big.failure.is_ours


def test_the_internet_checksum():
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D  # RFC 1071 section 3
    assert checksum(b"\x01") == 0xFEFF


NAMESPACE = """
import asyncio, json, os, sys
from ipv6check.net.path.ping import Pinger
from ipv6check.net.path.sizedecho import sized_echo

async def main(addresses):
    pinger = Pinger(timeout_s=0.6)
    replies = [await pinger.echo(address) for address in addresses]
    replies.append(await sized_echo("::1", 1280, timeout_s=0.3))
    pinger.close()
    sent = [getattr(r, "sent", 0) for r in replies]
    print(json.dumps([pinger.means, [[str(r.failure), r.rtt_ms is not None, n] for r, n in zip(replies, sent)]]))

asyncio.run(main(sys.argv[1:]))
"""


def in_namespace(setup, *addresses, prefix=(), program=NAMESPACE):
    """What ``program`` prints in fresh network and user namespaces after the shell commands ``setup``."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-Urnm", "true"], check=False).returncode:
        pytest.skip("private namespaces are not allowed here")
    script = f'ip link set lo up && {setup} && exec {" ".join(prefix)} "$0" "$@"'
    ran = subprocess.run(
        ["unshare", "-Urnm", "sh", "-c", script, sys.executable, "-c", program, *addresses],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
        env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    return json.loads(ran.stdout)


def without_right():
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not there to give the right up")
    return ("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw")


def test_without_the_right_nothing_was_measured():
    means, replies = in_namespace("true", "::1", "127.0.0.1", prefix=without_right())
    assert means == "none"
    assert replies == [["local_permission", False, 0]] * 3


def test_ping_sockets_need_no_right_but_the_group():
    opened = "echo 0 0 > /proc/sys/net/ipv4/ping_group_range"
    means, replies = in_namespace(opened, "::1", "127.0.0.1", prefix=without_right())
    assert means == "dgram"
    assert replies == [["None", True, 1], ["None", True, 1], ["None", True, 0]]


ROUTER = " && ".join(
    [
        "mount -t tmpfs tmpfs /run",
        "ip netns add router",
        "ip link add near type veth peer name far netns router",
        "ip address add 2001:db8:1::1/64 dev near nodad",
        "ip link set near up",
        "ip -n router address add 2001:db8:1::2/64 dev far nodad",
        "ip -n router link set far up",
        "ip netns exec router sysctl -qw net.ipv6.conf.all.forwarding=1",
        "ip -n router route add prohibit 2001:db8:13::/64",
        "ip -n router route add blackhole 2001:db8:bb::/64",
        "ip route add default via 2001:db8:1::2",
        "ip route add unreachable 2001:db8:2::/64",
        "ip -n router address add 192.0.2.2/24 dev far",
        "ip -n router route add prohibit 198.51.100.0/24",
        "ip netns exec router sysctl -qw net.ipv4.ip_forward=1",
        "ip address add 192.0.2.1/24 dev near",
        "ip route add 198.51.100.0/24 via 192.0.2.2",
    ]
)


@pytest.mark.parametrize("opened", ["true", "echo 0 0 > /proc/sys/net/ipv4/ping_group_range"], ids=["raw", "dgram"])
def test_a_routers_errors_are_the_paths_and_our_own_are_ours(opened):
    cases = {
        "2001:db8:1::2": ["None", True, 1],
        "2001:db8:13::1": ["admin_prohibited", False, 2],
        "2001:db8:99::1": ["no_route", False, 2],
        "2001:db8:bb::1": ["timeout", False, 2],
        "2001:db8:2::1": ["local_no_route", False, 2],
        "192.0.2.2": ["None", True, 1],
        "198.51.100.1": ["address_unreachable", False, 2],  # IPv4 has no other errno for "prohibited"
        "203.0.113.1": ["local_no_route", False, 2],
    }
    _, replies = in_namespace(f"{opened} && {ROUTER}", *cases)
    assert dict(zip(cases, replies, strict=False)) == cases


AFTER_ERRORS = """
import asyncio, json, sys
from ipv6check.net.path.ping import Pinger

async def main(refused, healthy):
    pinger = Pinger(timeout_s=0.6)
    await asyncio.gather(*(pinger.echo(refused) for _ in range(3)))
    one_by_one = [await pinger.echo(healthy) for _ in range(3)]
    mixed = await asyncio.gather(*(pinger.echo(healthy if i % 2 else refused) for i in range(60)))
    last = await pinger.echo(healthy)
    pinger.close()
    good = [*one_by_one, *mixed[1::2], last]
    wrong = sum(r.failure is None for r in mixed[::2])
    print(json.dumps([[str(r.failure) for r in good], [r.sent for r in good], wrong]))

name, refused, healthy = sys.argv[1:]
if name == "uvloop":
    import uvloop
    factory = uvloop.new_event_loop
else:
    factory = None
with asyncio.Runner(loop_factory=factory) as runner:
    runner.run(main(refused, healthy))
"""


@pytest.mark.parametrize(
    ("refused", "healthy"),
    [("2001:db8:13::1", "2001:db8:1::2"), ("2001:db8:99::1", "2001:db8:1::2"), ("198.51.100.1", "192.0.2.2")],
)
@pytest.mark.parametrize("opened", ["true", "echo 0 0 > /proc/sys/net/ipv4/ping_group_range"], ids=["raw", "dgram"])
@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_errors_about_one_address_do_not_silence_the_others(loop, opened, refused, healthy):
    """libuv stops watching a descriptor that once reported an error; every echo after it went unanswered."""
    if loop == "uvloop":
        pytest.importorskip("uvloop")
    unlimited = "ip netns exec router sysctl -qw net.ipv6.icmp.ratemask= net.ipv4.icmp_ratemask=0"
    failures, sent, wrong = in_namespace(
        f"{opened} && {ROUTER} && {unlimited}", loop, refused, healthy, program=AFTER_ERRORS
    )
    assert failures == ["None"] * 34
    assert sent == [1] * 34
    assert wrong == 0
