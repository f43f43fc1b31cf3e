"""One paced GET over HTTP/3 to one literal address, and everything that went wrong as a value."""

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ipv6check.model.contact import Attempt
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Target
from ipv6check.net.api import Page, Touch
from ipv6check.net.attempts import attempt_of
from ipv6check.net.classify import Broken
from ipv6check.net.dialer import Gate, Pacer
from ipv6check.net.journey import Journey, Limits
from ipv6check.net.tls import host_for_tls
from ipv6check.net.web.page import PageReader
from ipv6check.net.web.reply import Sent, limit_of, reply_of, request_fields
from ipv6check.net.web.transport import as_response, fields_of, get_request

if TYPE_CHECKING:
    from ipv6check.net.web.quic import Roots

_BACKOFF_S = 5.0
_MOST_BACKOFF_S = 30.0
_PORT = 443


class QuicClient:
    """``net.api.Quic`` for real. One for a scan; the arguments are those of ``PinnedDialer``."""

    def __init__(
        self,
        *,
        policy: Policy,
        pacing: Pacer,
        gate: Gate,
        contact: str = "",
        source: str = "",
        now: Callable[[], float] = time.time,
    ) -> None:
        self._limits = Limits(policy.timeouts, source=source)
        self._pacing = pacing
        self._gate = gate
        self._now = now
        self._pages = PageReader()
        self._heard: set[tuple[int, int]] = set()
        self._roots: Roots | None = None
        self._fields = [
            (name.lower(), value) for name, value in request_fields(contact) if name != b"Connection"
        ]  # RFC 9114 section 4.2

    async def get(self, endpoint: Endpoint, target: Target) -> Touch:
        """One connection, one GET of the target's path.

        LOCAL_NOT_INSTALLED without the extra. Where nothing at all came back, LOCAL_PORT_BLOCKED unless somebody has
        answered us over UDP on that port and family: firewalls close it to clients, with and without a word. Never
        raises but for cancellation.
        """
        at = self._now()
        reason = self._gate(endpoint.address, internal=True, zone=endpoint.zone)
        if reason:
            barred = Attempt(at=at, phase=Phase.ROUTE, failure=Failure.NOT_CONTACTED, detail=reason)
            return Touch(attempt=barred)
        if find_spec("aioquic") is None:
            return Touch(attempt=Attempt(at=at, phase=Phase.ROUTE, failure=Failure.LOCAL_NOT_INSTALLED))
        journey = Journey()
        async with self._pacing.slot(endpoint.address):
            try:
                touch = await self._fetch(endpoint, target, at, journey)
            except ImportError:  # there, and without something that it needs
                return Touch(attempt=Attempt(at=at, phase=Phase.ROUTE, failure=Failure.LOCAL_NOT_INSTALLED))
            except Broken as broken:
                ending = self._explain(broken, endpoint)
                return Touch(
                    attempt=attempt_of(at, journey, ending.phase, ending),
                    certificate=journey.certificate,
                    tls_version=journey.tls_version,
                )
        self._heard.add((endpoint.family, endpoint.port))
        return touch

    def _explain(self, broken: Broken, endpoint: Endpoint) -> Broken:
        """Whether what is missing may be missing near us."""
        where = (endpoint.family, endpoint.port)
        if broken.phase is not Phase.EXCHANGE:
            self._heard.add(where)
        elif where not in self._heard and not broken.failure.is_ours:
            return Broken(Failure.LOCAL_PORT_BLOCKED, broken.phase, broken.failure.value)
        return broken

    async def _fetch(self, endpoint: Endpoint, target: Target, at: float, journey: Journey) -> Touch:
        from ipv6check.net.web.quic import Roots, ask_h3  # half a second of CPU, only where HTTP/3 was announced

        if self._roots is None:
            self._roots = Roots()
        host = host_for_tls(endpoint.name or endpoint.address)
        port = None if target.port == _PORT else target.port
        parts = ("https", host, port, target.path or "/")
        url = get_request(parts, [], endpoint=endpoint, journey=journey, limits=self._limits).url
        sent = Sent(endpoint, b"GET", url.netloc, url.raw_path, self._fields)
        answer = await ask_h3(sent, host, self._limits, journey, self._roots, at)
        response = as_response(
            answer.status,
            answer.headers,
            bytes(answer.body),
            version="3",
            truncated=answer.truncated,
            raw_octets=answer.raw_octets,
        )
        fields = fields_of(response)
        readable = response.extensions["readable"]
        content_type = fields.get("content-type", "") if readable else "application/octet-stream"
        reading = self._pages.read(response.extensions["body"], content_type)
        reply = reply_of(response, fields, reading, at)
        limit = limit_of(reply)
        if limit is not None:
            asked = _BACKOFF_S if reply.retry_after_s is None else reply.retry_after_s
            self._pacing.backoff(endpoint.address, min(asked, _MOST_BACKOFF_S))
        return Touch(
            attempt=attempt_of(at, journey, Phase.HTTP, limit),
            certificate=journey.certificate,
            tls_version=journey.tls_version,
            http=reply,
            page=Page(text=reading.text),
        )
