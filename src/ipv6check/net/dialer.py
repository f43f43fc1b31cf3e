"""The dialer: one paced connection to one literal address per try, and everything that went wrong as a value."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from ssl import SSLContext
from typing import Protocol

from ipv6check.model.contact import Attempt, PageLink
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Target
from ipv6check.model.target import Protocol as Spoken
from ipv6check.net.api import Page, Touch
from ipv6check.net.attempts import attempt_of, mistrusted, spoken
from ipv6check.net.certificate import Certificates, judge_unverified
from ipv6check.net.classify import NO_APPLICATION_PROTOCOL, Broken
from ipv6check.net.connection import Connection
from ipv6check.net.conversations.datagram import ask
from ipv6check.net.conversations.exchange import exchange, stated_question
from ipv6check.net.conversations.question import Question
from ipv6check.net.conversations.registry import DATAGRAMS, STREAMS
from ipv6check.net.conversations.talk import Talk, Told
from ipv6check.net.journey import Journey, Limits, establish
from ipv6check.net.storm import ResetStorms
from ipv6check.net.tls import Alpn, TlsSettings, host_for_tls
from ipv6check.net.vantage.egress import Egress
from ipv6check.net.web.expected import lacks_expected
from ipv6check.net.web.leanhttpx import httpx
from ipv6check.net.web.links import links_of
from ipv6check.net.web.page import PageReader, similarity
from ipv6check.net.web.reply import limit_of, reply_of, request_fields
from ipv6check.net.web.transport import PinnedTransport, fields_of, get_request

_BACKOFF_S = 5.0  # after a limit without Retry-After, and after an ICMP prohibition
_RESETS = frozenset({Failure.REFUSED, Failure.RESET})
_MOST_BACKOFF_S = 30.0  # a longer Retry-After is not waited for by the retry table either


class Pacer(Protocol):
    """How soon and how often an address may be connected to."""

    def slot(self, address: str) -> AbstractAsyncContextManager[object]:
        """Waits until a connection to the address may start, and holds its place until it ended."""

    def wait_s(self, address: str) -> float:
        """Seconds until ``slot`` would not wait."""

    def backoff(self, address: str, seconds: float) -> None:
        """Start nothing to the address for so long."""


class Gate(Protocol):
    """The address table and the opt-out list."""

    def __call__(self, address: str, *, internal: bool, zone: str) -> str:
        """Why the address must not be contacted; empty if it may."""


class PinnedDialer:
    """``net.api.Dialer`` for real. One for a scan; connections are never shared or kept.

    ``contact`` is the address or URL an operator of a target can turn to; it goes into the User-Agent. ``source`` is
    the IPv6 address to connect from. ``now`` gives UTC seconds. ``read_links``: say which hosts a page loads from.
    ``smtp_anchors`` are addresses that tell whether this vantage gets out on port 25, ``ehlo`` is the name told to mail
    servers (empty: our address).
    """

    def __init__(
        self,
        *,
        policy: Policy,
        pacing: Pacer,
        gate: Gate,
        contact: str = "",
        source: str = "",
        tls: TlsSettings | None = None,
        now: Callable[[], float] = time.time,
        read_links: bool = False,
        smtp_anchors: Sequence[str] = (),
        ehlo: str = "",
    ) -> None:
        self._limits = Limits(policy.timeouts, source=source, ehlo=ehlo)
        self._egress = Egress(smtp_anchors, timeout_s=policy.timeouts.tcp, source=source)
        self._pacing = pacing
        self._storms = ResetStorms()
        self._gate = gate
        self._tls = tls or TlsSettings()
        self._now = now
        self._certificates = Certificates()
        self._pages = PageReader()
        self._read_links = read_links
        self._transport = PinnedTransport(self._tls, self._certificates)
        self._fields = request_fields(contact)

    def wait_s(self, address: str) -> float:
        """Seconds until pacing would let a new connection to ``address`` start; 0 for now."""
        return self._pacing.wait_s(address)

    def bar(self, address: str, *, internal: bool, zone: str = "") -> str:
        """Why ``address`` must not be contacted; empty if it may."""
        return self._gate(address, internal=internal, zone=zone)

    def swallowed(self, address: str) -> bool:
        """Note that full-size packets from ``address`` are lost; True if they are from everybody."""
        return self._limits.full_size.swallowed(address)

    def similarity(self, one: Page, other: Page) -> float:
        """How alike two pages' texts are, from 0 to 1."""
        return similarity(one.text, other.text)

    async def touch(self, endpoint: Endpoint, target: Target, *, mss: int = 0) -> Touch:
        """One connection; a further one to offer HTTP/2, or where OpenSSL does not hand out a certificate that did not
        verify. ``mss`` clamps TCP segments, 0 leaves them alone.

        A response complete or large enough is a success whatever its status, except 429, 503 with Retry-After and
        challenges, which are RATE_LIMITED. Never raises but for cancellation, which closes the socket.
        """
        at = self._now()
        barred = self._barred(endpoint, at)
        if barred is not None:
            return Touch(attempt=barred)
        touch, broken = await self._once(endpoint, target, at, Alpn.HTTP1, mss)
        if broken is None:
            return touch
        if broken.verify_code:
            return await self._with_certificate(endpoint, target, touch, broken, mss)
        if broken.h2_wanted:
            second, failed = await self._once(endpoint, target, at, Alpn.HTTP2, mss)
            # a server without h2 either keeps the failure it had
            if failed is None:
                return second
            if failed.verify_code:
                return await self._with_certificate(endpoint, target, second, failed, mss)
        return touch

    async def connect_ms(self, endpoint: Endpoint) -> Attempt:
        """TCP connect and close."""
        at = self._now()
        barred = self._barred(endpoint, at)
        if barred is not None:
            return barred
        journey = Journey()
        async with self._pacing.slot(endpoint.address):
            try:
                connection = await establish(endpoint, None, self._limits, journey, self._certificates)
            except Broken as broken:
                return attempt_of(at, journey, broken.phase, broken)
            connection.abort()
        return attempt_of(at, journey, Phase.TCP, None)

    def _barred(self, endpoint: Endpoint, at: float) -> Attempt | None:
        """A last look before any packet. Whether the asset is internal was settled when its addresses were chosen, so
        only what nobody may contact is refused here."""
        reason = self._gate(endpoint.address, internal=True, zone=endpoint.zone)
        if not reason:
            return None
        return Attempt(at=at, phase=Phase.ROUTE, failure=Failure.NOT_CONTACTED, detail=reason)

    async def _once(
        self, endpoint: Endpoint, target: Target, at: float, alpn: Alpn, mss: int
    ) -> "tuple[Touch, _Ending | None]":
        """One connection from start to end."""
        journey = Journey(mss=mss)
        async with self._pacing.slot(endpoint.address):
            try:
                if target.protocol.is_web:
                    touch = await self._fetch(endpoint, target, at, journey, alpn)
                else:
                    touch = await self._speak(endpoint, target, at, journey)
                self._storms.calm(endpoint.address)
                return touch, None
            except Broken as broken:
                self._mind(endpoint.address, broken.failure)
                touch = Touch(
                    attempt=attempt_of(at, journey, broken.phase, broken),
                    certificate=journey.certificate,
                    tls_version=journey.tls_version,
                )
                return touch, _Ending(broken, journey)

    def _mind(self, address: str, failure: Failure) -> None:
        """Leave an address alone for a while if a firewall prohibits us there, or if it resets whatever we open."""
        if failure in _RESETS:
            pause_s = self._storms.reset(address)
        else:
            self._storms.calm(address)
            pause_s = _BACKOFF_S if failure is Failure.ADMIN_PROHIBITED else 0.0
        if pause_s:
            self._pacing.backoff(address, pause_s)

    async def _fetch(self, endpoint: Endpoint, target: Target, at: float, journey: Journey, alpn: Alpn) -> Touch:
        """One GET."""
        host = host_for_tls(endpoint.name or endpoint.address)
        default = 443 if target.protocol is Spoken.HTTPS else 80
        port = None if endpoint.port == default else endpoint.port
        bracketed = f"[{host}]" if ":" in host else host
        authority = (bracketed if port is None else f"{bracketed}:{port}").encode("ascii", "replace")
        request = get_request(
            (target.protocol.value, host, port, target.path or "/"),
            [(b"Host", authority), *self._fields],
            endpoint=endpoint,
            journey=journey,
            limits=self._limits,
            alpn=alpn,
        )
        response = await self._transport.handle_async_request(request)
        body: bytes = response.extensions["body"]
        fields = fields_of(response)
        content_type = fields.get("content-type", "")
        readable = response.extensions["readable"]
        reading = self._pages.read(body, content_type if readable else "application/octet-stream")
        links = self._links(endpoint, response.status_code, content_type, reading.text, request)
        reply = reply_of(response, fields, reading, at, links)
        limit = limit_of(reply)
        if limit is not None:
            asked = _BACKOFF_S if reply.retry_after_s is None else reply.retry_after_s
            self._pacing.backoff(endpoint.address, min(asked, _MOST_BACKOFF_S))
        if target.expect and limit is None:
            limit = lacks_expected(target, reply, body, content_type, readable=readable)
        return Touch(
            attempt=attempt_of(at, journey, Phase.HTTP, limit),
            certificate=journey.certificate,
            tls_version=journey.tls_version,
            http=reply,
            page=Page(text=reading.text),
        )

    def _links(
        self, endpoint: Endpoint, status: int, content_type: str, text: str, request: httpx.Request
    ) -> tuple[PageLink, ...]:
        """The hosts a page loads from; none of what is no page, and none over IPv4, where nobody asks for them."""
        if not self._read_links or endpoint.family != 6 or status >= 300 or "html" not in content_type.lower():
            return ()
        return links_of(text, str(request.url))

    async def _speak(self, endpoint: Endpoint, target: Target, at: float, journey: Journey) -> Touch:
        """A question over UDP, or TCP, TLS if asked for, and the protocol's conversation or the stated exchange."""
        if target.protocol.is_datagram:
            return spoken(at, journey, Phase.EXCHANGE, await self._ask(endpoint, target, journey))
        alpn = Alpn.EITHER if target.protocol is Spoken.DOH else Alpn.NONE
        context = self._tls.verifying(alpn) if target.protocol.uses_tls else None
        connection = await self._connect(endpoint, context, journey)
        try:
            phase, told = Phase.TLS if context else Phase.TCP, Told()
            converse = STREAMS.get(target.protocol)
            if target.expect:
                phase, told = Phase.EXCHANGE, Told(reply=await exchange(connection, target, self._limits, journey))
            elif converse is not None:
                talk = Talk(connection, endpoint, self._limits, journey, self._tls, self._certificates)
                phase, told = Phase.EXCHANGE, await converse(talk)
        finally:
            connection.abort()
        return spoken(at, journey, phase, told)

    async def _connect(self, endpoint: Endpoint, context: SSLContext | None, journey: Journey) -> Connection:
        """TCP and TLS; a failure on port 25 is ours unless somebody answers us there."""
        try:
            connection = await establish(endpoint, context, self._limits, journey, self._certificates)
        except Broken as broken:
            if journey.tcp_ms is not None:
                raise
            raise await self._egress.explain(broken, endpoint) from None
        self._egress.answered(endpoint)
        return connection

    async def _ask(self, endpoint: Endpoint, target: Target, journey: Journey) -> Told:
        def make(host: str, here: str) -> Question:
            return DATAGRAMS[target.protocol](host, here) if target.protocol in DATAGRAMS else stated_question(target)

        started = time.perf_counter()
        try:
            told = await ask(endpoint, make, self._limits)
        except Broken as broken:
            raise await self._egress.explain(broken, endpoint, datagram=True) from None
        else:
            self._egress.answered(endpoint, datagram=True)
            return told
        finally:
            journey.http_ms = (time.perf_counter() - started) * 1000

    async def _with_certificate(
        self, endpoint: Endpoint, target: Target, touch: Touch, ending: "_Ending", mss: int
    ) -> Touch:
        """The failed touch with the certificate that did not verify; where that handshake did not leave it behind, it
        is read by another that sends nothing after."""
        journey = ending.journey
        der = journey.unverified
        if der is None:
            der, journey = await self._read_certificate(endpoint, target, mss)
        if der is None:
            return touch  # the word of the first handshake stands, without a certificate
        host = host_for_tls(endpoint.name or endpoint.address)
        seen = judge_unverified(der, host=host, verify_code=ending.verify_code, now=self._now())
        return mistrusted(touch.attempt, journey, *seen)

    async def _read_certificate(self, endpoint: Endpoint, target: Target, mss: int) -> tuple[bytes | None, Journey]:
        """The certificate (DER) a server shows to somebody who accepts any; None if it shows none."""
        context = self._tls.reading(Alpn.HTTP1 if target.protocol.is_web else Alpn.NONE)
        journey = Journey(mss=mss)
        async with self._pacing.slot(endpoint.address):
            try:
                connection = await establish(endpoint, context, self._limits, journey, self._certificates)
            except Broken:
                return None, journey
            der = connection.tls.getpeercert(binary_form=True) if connection.tls is not None else None
            connection.abort()
        return der, journey


class _Ending:
    """What a broken attempt asks for next."""

    __slots__ = ("h2_wanted", "journey", "verify_code")

    def __init__(self, broken: Broken, journey: Journey) -> None:
        self.journey = journey
        self.verify_code = broken.verify_code
        self.h2_wanted = journey.wants_h2 or broken.detail == NO_APPLICATION_PROTOCOL
