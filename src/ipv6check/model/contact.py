"""What happened at one endpoint: attempts, phases, certificates and replies."""

from typing import ClassVar

from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.record import Record


class Certificate(Record, gc=False, frozen=True, kw_only=True):
    """The leaf certificate a server presented. Dates are UTC seconds since 1970.

    ``verified`` is False when it was read by a second handshake that does not verify; then ``name_matches``
    and ``fault`` say what is wrong with it.
    """

    sha256: str
    not_before: float = 0.0
    not_after: float = 0.0
    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    name_matches: bool = True
    verified: bool = True


class PageLink(Record, gc=False, frozen=True, kw_only=True):
    """A host that a page makes a browser turn to (A-labels or a literal), for what (script, style, image, frame, font,
    media or other), and the first such URL, cut at 256 characters."""

    host: str
    kinds: tuple[str, ...] = ()
    url: str = ""


class HttpReply(Record, gc=False, frozen=True, kw_only=True):
    """The final response to one GET, measured on the octets read (raw ≤ 256 kB, decoded ≤ 1 MiB).

    ``body_sha256`` is the hash of the text after what changes at every visit (nonces, tokens, times) is
    removed. ``title`` is cut at 256 characters. ``links`` are the hosts a page loads from, read over IPv6 only and
    where a rule asks for them. ``alt_svc`` are the other ways to the origin that it announces (RFC 7838).
    """

    status: int
    version: str = ""
    location: str = ""
    content_type: str = ""
    server: str = ""
    title: str = ""
    retry_after_s: float | None = None
    challenge: bool = False
    body_sha256: str = ""
    body_octets: int = 0
    truncated: bool = False
    links: tuple[PageLink, ...] = ()
    alt_svc: str = ""


class Attempt(Record, gc=False, frozen=True, kw_only=True):
    """One connection: the phase it ended in, and the failure, or none. ``at`` is UTC seconds since 1970."""

    at: float
    phase: Phase
    failure: Failure | None = None
    detail: str = ""
    tcp_ms: float | None = None
    tls_ms: float | None = None
    http_ms: float | None = None


class Contact(Record, gc=False, frozen=True, kw_only=True):
    """All attempts at one address and port, in order, and what the last useful one brought back.

    ``certificate``, ``http`` and ``reply`` come from the successful attempt, else from the latest that got so far.
    ``samples_ms`` are TCP connect times, more than one only where latency was looked into. ``clamped`` are connections
    with small segments, made only after a stall, to tell a path-MTU black hole; they never decide a verdict. ``facts``
    are what a conversation learnt, by name (``starttls`` yes or no, ``software``, ``rcode`` …).
    """

    address: str
    port: int
    attempts: tuple[Attempt, ...] = ()
    certificate: Certificate | None = None
    tls_version: str = ""
    http: HttpReply | None = None
    reply: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    samples_ms: tuple[float, ...] = ()
    clamped: tuple[Attempt, ...] = ()

    @property
    def family(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.address else 4

    @property
    def decisive(self) -> Attempt | None:
        """The first success, else a spent budget, else the latest attempt that tells of the target, else the latest;
        None if never tried."""
        for attempt in self.attempts:
            if attempt.failure is None:
                return attempt
        if self.attempts and self.attempts[-1].failure is Failure.BUDGET:
            return self.attempts[-1]
        for attempt in reversed(self.attempts):
            if attempt.failure is not None and not attempt.failure.is_ours:
                return attempt
        return self.attempts[-1] if self.attempts else None

    @property
    def connected(self) -> bool:
        """True if any attempt finished the TCP handshake."""
        return any(attempt.tcp_ms is not None for attempt in self.attempts)

    @property
    def flaky(self) -> bool:
        """True if some attempts succeeded and others failed for a reason that is not ours."""
        ends = {
            attempt.failure is None for attempt in self.attempts if not (attempt.failure and attempt.failure.is_ours)
        }
        return len(ends) == 2


class Barred(Record, gc=False, frozen=True, kw_only=True):
    """An address of the target that was not contacted: its block's word from the address table, or ``opted_out``."""

    address: str
    reason: str


class Comparison(Record, gc=False, frozen=True, kw_only=True):
    """The same page over both families. Similarities run from 0 (nothing alike) to 1; ``noise`` compares two
    IPv4 fetches and is measured only where the families' texts differ. ``compared`` is False if a text could not be
    fetched again, so that nothing is known about the content."""

    similarity: float = 1.0
    noise: float = 1.0
    compared: bool = True
    status_same: bool = True
    type_same: bool = True
    title_same: bool = True
    location_same: bool = True


class EndpointEvidence(Evidence, tag="endpoint/1", gc=False, frozen=True, kw_only=True):
    """One target over both families, every address by itself.

    ``accepted`` are the HTTP status codes the inventory expects; empty means any below 400. ``sampled``: there were
    more addresses than the policy allows to probe. ``plain_http`` holds contacts on port 80 over IPv6, tried only
    where HTTPS answered on no IPv6 address.
    """

    needs_confirmation: ClassVar[bool] = True

    target: str
    accepted: tuple[int, ...] = ()
    v6: tuple[Contact, ...] = ()
    v4: tuple[Contact, ...] = ()
    barred: tuple[Barred, ...] = ()
    sampled: bool = False
    plain_http: tuple[Contact, ...] = ()
    comparison: Comparison | None = None


class EchoReply(Record, gc=False, frozen=True, kw_only=True):
    """ICMP echo at one address. ``failure`` is None for an answer; LOCAL_PERMISSION means it was not measured."""

    address: str
    failure: Failure | None = None
    rtt_ms: float | None = None
    sent: int = 1


class EchoEvidence(Evidence, tag="echo/1", gc=False, frozen=True, kw_only=True):
    """ICMPv6 (and, for comparison, ICMP) echo at the target's addresses; ``means`` is dgram, raw or none."""

    needs_confirmation: ClassVar[bool] = True

    host: str
    replies: tuple[EchoReply, ...] = ()
    means: str = "none"
