"""Asking a vantage elsewhere: one POST over HTTPS, bounded, without redirects, proxies or stored state."""

import asyncio
import ssl
from urllib.parse import urlsplit

from ipv6check.model.record import Record
from ipv6check.model.trouble import Trouble
from ipv6check.net.web.leanhttpx import httpx

MOST_OCTETS = 64 * 1024 * 1024
CONNECT_S = 10.0
LONGEST_LOOK_S = 960.0
"""How long a vantage that was given no limit may take; its own limit is far below."""

TRIES = 4
LONGEST_WAIT_S = 30.0
_BUSY = frozenset({429, 503})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class AgentRefused(Trouble):
    """The vantage will not look: a person has to change something here or there."""


class AgentSilent(Trouble):
    """The vantage did not answer, or not with sense. It says nothing about any target."""


class Agent(Record, frozen=True, kw_only=True):
    """Where a vantage is and how to be let in. ``token`` is the secret itself; ``ca`` and ``certificate`` are files in
    PEM: further authorities, and our own certificate with its key."""

    url: str
    token: str = ""
    ca: str = ""
    certificate: str = ""


async def post(agent: Agent, path: str, octets: bytes, *, look_s: float) -> tuple[int, bytes]:
    """Status and body of the answer to one POST of JSON. ``look_s`` is how long the vantage may take, 0 for long.

    One that is busy is asked again when it says so, for two minutes at most. Raises AgentRefused for an address that
    cannot be used and AgentSilent for no answer.
    """
    place = agent.url.rstrip("/")
    client = httpx.AsyncClient(
        verify=_context(agent, place),
        timeout=httpx.Timeout(CONNECT_S, read=(look_s or LONGEST_LOOK_S) + 2 * LONGEST_WAIT_S),
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "ipv6check", "Content-Type": "application/json"}
        | ({"Authorization": f"Bearer {agent.token}"} if agent.token else {}),
    )
    async with client:
        for left in reversed(range(TRIES)):
            status, body, wait = await _once(client, place, path, octets)
            if status not in _BUSY or not left or wait > LONGEST_WAIT_S:
                return status, body
            await asyncio.sleep(wait)
    raise AssertionError("the last try returns")


async def _once(client: httpx.AsyncClient, place: str, path: str, octets: bytes) -> tuple[int, bytes, float]:
    """Status, body and Retry-After in seconds."""
    body = bytearray()
    try:
        async with client.stream("POST", place + path, content=octets) as response:
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_OCTETS:
                    raise AgentSilent(f"{place}: answers with more than {MOST_OCTETS >> 20} MiB")
            wait = response.headers.get("retry-after", "")
            return response.status_code, bytes(body), float(wait) if wait.isdecimal() else 5.0
    except httpx.TimeoutException:
        raise AgentSilent(f"{place}: the agent did not answer in time") from None
    except httpx.HTTPError as fault:
        raise AgentSilent(f"{place}: the agent cannot be reached: {str(fault)[:200] or type(fault).__name__}") from None


def _context(agent: Agent, place: str) -> ssl.SSLContext:
    """What is trusted. Raises AgentRefused; no message holds a secret."""
    try:
        parts = urlsplit(place)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise AgentRefused(f"--via {place[:200]}: is no address such as https://agent.example:8443") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid or parts.username:
        raise AgentRefused(f"--via {_shown(place)}: must be an address such as https://agent.example:8443")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise AgentRefused(f"--via {place}: question and token would travel in clear text; use https")
    context = ssl.create_default_context()
    for option, file in (("--via-ca", agent.ca), ("--via-cert", agent.certificate)):
        try:
            if file and option == "--via-ca":
                context.load_verify_locations(file)
            elif file:
                context.load_cert_chain(file)
        except (ssl.SSLError, OSError) as error:
            why = error.strerror if isinstance(error, FileNotFoundError) else "holds nothing of the kind in PEM"
            raise AgentRefused(f"{option} {file}: {why}") from None
    return context


def _shown(place: str) -> str:
    """The address without what may be a password."""
    scheme, mark, rest = place.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"[:200]
