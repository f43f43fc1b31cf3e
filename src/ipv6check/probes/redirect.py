"""The redirect chain over IPv6 only: every hop is a new endpoint, resolved AAAA-only and pinned."""

from urllib.parse import urljoin, urlsplit

from ipv6check.model.contact import EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Net
from ipv6check.probes.probe import Seen, Subject, contactable
from ipv6check.probes.tries import redirect_wait, redirect_wants_more

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"https": 443, "http": 80}
_MOST_URL = 2048  # where a Location is cut as it is read
_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.:")  # of a name's A-labels or an address


class RedirectProbe:
    """Walks from the target's own answer over IPv6; a target that does not redirect costs nothing."""

    yields = RedirectEvidence
    needs: tuple[type[Evidence], ...] = (EndpointEvidence,)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> RedirectEvidence:
        """One walk. The first hop is the endpoint evidence's; each further one is a look-up and a connection."""
        observed_at = net.clock.utc()
        started = net.clock.monotonic()
        endpoint = seen[EndpointEvidence]
        assert isinstance(endpoint, EndpointEvidence)
        earlier = seen.get(RedirectEvidence)
        tries = earlier.tries + 1 if isinstance(earlier, RedirectEvidence) and earlier.hops else 1
        target = subject.target
        host = f"[{target.host}]" if ":" in target.host else target.host
        default = _PORTS.get(target.protocol, 0) == target.port
        url = f"{target.protocol}://{host}{'' if default else f':{target.port}'}{target.path}"
        first = next((contact for contact in endpoint.v6 if contact.http), None)
        if first is None or first.http is None or 6 not in subject.families:
            return RedirectEvidence(observed_at=observed_at, url=url, tries=tries)
        walk = _Walk(subject, net, policy)
        await walk.follow(url, first.http.status, first.http.location, first.address)
        return RedirectEvidence(
            observed_at=observed_at,
            took_ms=round((net.clock.monotonic() - started) * 1000, 2),
            url=url,
            hops=tuple(walk.hops),
            downgraded=walk.downgraded,
            tries=tries,
            landed=walk.landed,
        )

    def wait_s(self, evidence: RedirectEvidence, policy: Policy, families: tuple[int, ...]) -> float | None:
        """Until a broken walk is repeated."""
        return redirect_wait(evidence, policy)

    def is_doubtful(self, evidence: RedirectEvidence) -> bool:
        """True if the walk ended in a failure that another walk may disprove."""
        return redirect_wants_more(evidence)


class _Walk:
    """One walk along a chain."""

    def __init__(self, subject: Subject, net: Net, policy: Policy) -> None:
        self.subject = subject
        self.net = net
        self.policy = policy
        self.hops: list[Hop] = []
        self.downgraded = False
        self.landed: HttpReply | None = None

    async def follow(self, url: str, status: int, location: str, address: str) -> None:
        """Append hops until one ends the walk."""
        visited = set()
        while True:
            if status not in _REDIRECTS or not location:
                self.hops.append(Hop(url=url, outcome=HopOutcome.FINAL, status=status, address=address))
                return
            self.landed = None
            self.hops.append(Hop(url=url, outcome=HopOutcome.FOLLOWED, status=status, address=address))
            visited.add(url)
            try:
                following = urljoin(url, location)
            except ValueError:
                self.hops.append(Hop(url=location[:_MOST_URL], outcome=HopOutcome.BLOCKED_URL, detail="malformed"))
                return
            if len(location) >= _MOST_URL or len(following) > _MOST_URL:  # cut, it would be another page
                self.hops.append(Hop(url=following[:_MOST_URL], outcome=HopOutcome.BLOCKED_URL, detail="malformed"))
                return
            if following in visited:
                self.hops.append(Hop(url=following, outcome=HopOutcome.LOOP))
                return
            if len(self.hops) > self.policy.thresholds.max_redirects:
                self.hops.append(Hop(url=following, outcome=HopOutcome.TOO_MANY))
                return
            if url.lower().startswith("https:") and following.lower().startswith("http:"):
                self.downgraded = True
            answered = await self._hop(following)
            if answered is None:
                return
            url = following
            status, location, address = answered

    async def _hop(self, url: str) -> tuple[int, str, str] | None:
        """Status, Location and address of one further hop; None if the walk ends there, with the reason appended."""
        target = target_of(url, own_port=self.subject.target.port)
        if isinstance(target, str):
            self.hops.append(Hop(url=url, outcome=HopOutcome.BLOCKED_URL, detail=target))
            return None
        if self.subject.is_opted_out(target.host):
            self.hops.append(Hop(url=url, outcome=HopOutcome.BLOCKED_ADDRESS, detail="opted_out"))
            return None
        if target.is_literal:
            if ":" not in target.host:
                self.hops.append(Hop(url=url, outcome=HopOutcome.IPV4_LITERAL))
                return None
            addresses = await self._allowed_literal(url, target.host)
        else:
            addresses = await self._resolve(url, target.host)
        if not addresses:
            return None
        failed: Hop | None = None
        for address in addresses[:2]:
            zone = self.subject.target.zone if target.host == self.subject.target.host else ""
            endpoint = Endpoint(name=target.host, address=address, port=target.port, zone=zone)
            touch = await self.net.dialer.touch(endpoint, target)
            if touch.http is not None:
                self.landed = touch.http
                return touch.http.status, touch.http.location, address
            failed = Hop(url=url, outcome=HopOutcome.UNREACHABLE, address=address, failure=touch.attempt.failure)
        assert failed is not None
        self.hops.append(failed)
        return None

    async def _allowed_literal(self, url: str, address: str) -> tuple[str, ...]:
        """The literal itself, unless it may not be contacted; a redirect never widens what the asset's view admits."""
        if address == self.subject.target.host:  # already contacted: the asset's own view and zone hold
            zone = self.subject.target.zone
            reason = self.net.dialer.bar(address, internal=self.subject.internal, zone=zone)
        else:
            reason = self.net.dialer.bar(address, internal=False)
        if reason:
            self.hops.append(Hop(url=url, outcome=HopOutcome.BLOCKED_ADDRESS, address=address, detail=reason))
            return ()
        return (address,)

    async def _resolve(self, url: str, host: str) -> tuple[str, ...]:
        """The host's IPv6 addresses that may be contacted; empty with the reason appended."""
        lookup = await self.net.resolver.lookup(host, "AAAA", fresh=self.subject.fresh)
        if lookup.outcome is not DnsOutcome.ANSWER or lookup.synthesised:
            absent = lookup.outcome.proves_absence or lookup.synthesised
            outcome = HopOutcome.NO_AAAA if absent else HopOutcome.DNS_UNKNOWN
            self.hops.append(Hop(url=url, outcome=outcome, detail=lookup.outcome.value))
            return ()
        own = self.subject.internal and host == self.subject.target.host
        view = self.subject if own else Subject(target=self.subject.target, families=self.subject.families)
        allowed, barred = contactable(lookup, view, self.net)
        if not allowed:
            self.hops.append(
                Hop(url=url, outcome=HopOutcome.BLOCKED_ADDRESS, address=barred[0].address, detail=barred[0].reason)
            )
        return allowed


def target_of(url: str, *, own_port: int = 443) -> Target | str:
    """The target a redirect points at, or the word why it is not followed: scheme, userinfo, malformed or port.

    Ports other than 80, 443 and the target's own are not followed, so that no page can point us at a neighbour's SMTP.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "malformed"
    if parts.scheme not in _PORTS:
        return "scheme"
    if parts.username is not None or parts.password is not None:
        return "userinfo"
    try:
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    except UnicodeError:
        return "malformed"
    port = port or _PORTS[parts.scheme]
    if not host or not _HOST.issuperset(host):
        return "malformed"
    if port not in (80, 443, own_port):
        return "port"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    literal = ipv4_of(host)
    return Target(host=literal or host, port=port, protocol=Protocol(parts.scheme), path=path)


def ipv4_of(host: str) -> str:
    """The dotted form of a host that a browser would read as an IPv4 address (decimal, octal, hex, short); else empty.

    A name whose last label is numeric can only be an address (WHATWG URL, section "host parsing").
    """
    last = host.rsplit(".", 1)[-1]
    if ":" in host or (not last.isdigit() and not last.startswith("0x")):
        return ""
    parts = host.split(".")
    try:
        numbers = [
            int(part, 8 if len(part) > 1 and part[0] == "0" and part[1:2] not in ("x", "") else 0) for part in parts
        ]
    except ValueError:
        return "0.0.0.0"
    if len(parts) > 4:
        return "0.0.0.0"
    value = numbers[-1]
    for index, number in enumerate(numbers[:-1]):
        value += number << (24 - 8 * index)
    return ".".join(str((value >> shift) & 255) for shift in (24, 16, 8, 0))
