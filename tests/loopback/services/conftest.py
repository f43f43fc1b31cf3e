"""The servers, the private CA and the dialer of the web's tests, for services."""

from collections.abc import Awaitable, Callable

import pytest

from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Touch
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import NAME, ca, dialer, farm, good, road, tls  # noqa: F401 - fixtures

Speak = Callable[..., Awaitable[Touch]]


@pytest.fixture
def speak(dialer: PinnedDialer) -> Speak:  # noqa: F811
    """One connection in a protocol to a port on an address of this machine."""

    async def speak(protocol: Protocol, port: int, *, address: str = "::1", **more: str) -> Touch:
        target = Target(host=NAME, port=port, protocol=protocol, **more)
        return await dialer.touch(Endpoint(name=NAME, address=address, port=port), target)

    return speak
