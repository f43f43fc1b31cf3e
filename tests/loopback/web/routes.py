"""Run by ``routes.sh`` inside its namespace: touches each address and prints the word."""

import asyncio

from ipv6check.model.policy import Policy, Timeouts
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import FreeRoad, open_gate

ADDRESSES = (
    ("2001:db8:1::2", ""),
    ("2001:db8:2::1", ""),
    ("2001:db8:3::1", ""),
    ("2001:db8:1::99", ""),
    ("2001:db8:9::1", ""),
    ("2001:db8:a::1", ""),
    ("192.0.2.1", ""),
    ("fe80::2", "near"),
    ("fe80::1", "near"),
)


async def touch_all() -> None:
    limits = Timeouts(tcp=5.0, tls=1.0)
    dialer = PinnedDialer(policy=Policy(timeouts=limits), pacing=FreeRoad(), gate=open_gate)
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "fe80::1%near", 443)
    target = Target(host="a.test", port=443, protocol=Protocol.TCP)
    for address, zone in ADDRESSES:
        touch = await dialer.touch(Endpoint(name="a.test", address=address, port=443, zone=zone), target)
        print(address, touch.attempt.phase, touch.attempt.failure or "none")  # noqa: T201
    server.close()


if __name__ == "__main__":
    asyncio.run(touch_all())
