"""Port 25: whose fault a connection is that does not come about."""

import asyncio

import pytest

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint
from ipv6check.net.classify import Broken
from ipv6check.net.vantage.egress import PORT, Egress

DEAD = Endpoint(name="mail.example.vn", address="2001:db8::25", port=PORT)
SILENT = Broken(Failure.TIMEOUT, Phase.TCP)


def egress(*anchors: str) -> Egress:
    return Egress(anchors, timeout_s=1.0)


async def told(one: Egress, endpoint: Endpoint = DEAD, broken: Broken = SILENT) -> Failure:
    return (await one.explain(broken, endpoint)).failure


@pytest.mark.parametrize("failure", [Failure.TIMEOUT, Failure.REFUSED, Failure.ADMIN_PROHIBITED, Failure.NO_ROUTE])
async def test_while_nobody_answers_there_it_may_be_ours(failure: Failure) -> None:
    found = await egress().explain(Broken(failure, Phase.TCP), DEAD)
    assert (found.failure, found.phase, found.detail) == (Failure.LOCAL_PORT_BLOCKED, Phase.TCP, failure.value)


async def test_another_target_that_answers_settles_it_for_its_own_family() -> None:
    one = egress()
    one.answered(Endpoint(name="", address="2001:db8::26", port=PORT))
    assert await told(one) is Failure.TIMEOUT
    assert await told(one, Endpoint(name="", address="192.0.2.25", port=PORT)) is Failure.LOCAL_PORT_BLOCKED


async def test_other_ports_and_our_own_troubles_stay_what_they_are() -> None:
    one = egress()
    one.answered(Endpoint(name="", address="2001:db8::26", port=443))
    assert await told(one) is Failure.LOCAL_PORT_BLOCKED
    assert await told(one, Endpoint(name="", address="2001:db8::25", port=587)) is Failure.TIMEOUT
    assert await told(one, broken=Broken(Failure.LOCAL_RESOURCES, Phase.TCP)) is Failure.LOCAL_RESOURCES


async def test_an_anchor_is_asked_once_and_only_for_its_family() -> None:
    visits = 0

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        writer.close()

    try:
        server = await asyncio.start_server(greet, "::1", PORT)
    except OSError as error:
        pytest.skip(f"port 25 cannot be listened on here: {error}")
    async with server:
        one = egress("192.0.2.25", "::1")
        assert {*await asyncio.gather(*(told(one) for _ in range(5)))} == {Failure.TIMEOUT}
        assert await told(one) is Failure.TIMEOUT
        assert visits == 1
    gone = egress("::1")
    assert await told(gone) is Failure.LOCAL_PORT_BLOCKED
