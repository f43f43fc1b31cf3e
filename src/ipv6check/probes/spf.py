"""``check_host`` of RFC 7208 without I/O: a generator that asks questions of the DNS and is sent what was found.

With an address it tells what the record says about mail from there. Without one it walks through all the record names
for an address that nothing names, and tells which IPv6 addresses would have been passed on the way: what stands behind
the tenth look-up is not reached.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.spf import Address, Malformed, Record, SpfResult, Term, expand, is_spf, parse

MOST_LOOKUPS = 10
MOST_VOID = 2
MOST_NAMES = 10
"""Exchangers of one ``mx``, of which more are an error, and names of one ``ptr`` (section 4.6.4)."""

Question = tuple[str, str]
Asking = Generator[Question, Lookup, SpfResult]


@dataclass(slots=True)
class Told:
    """How an evaluation ended, with the word why if it is an error, and what it cost.

    ``covers`` are the IPv6 networks that would have passed, ``senders`` those of them that are one address named by the
    domain's own record; ``names_v4`` tells of any sender over IPv4, ``depends`` that a term could not be told without a
    message or an address.
    """

    result: SpfResult = SpfResult.NONE
    cause: str = ""
    lookups: int = 0
    voids: int = 0
    covers: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    names_v4: bool = False
    depends: bool = False


class _Ended(Exception):
    """An error ends the whole evaluation, however deep."""

    def __init__(self, result: SpfResult, cause: str) -> None:
        super().__init__(cause)
        self.result, self.cause = result, cause


def evaluate(domain: str, address: Address | None = None) -> Generator[Question, Lookup, Told]:
    """What ``domain`` says about mail from ``address``, or with None which IPv6 addresses it passes."""
    walk = _Walk(domain, address)
    try:
        walk.told.result = yield from walk.check(domain, counts=address is None, own=True)
    except _Ended as ended:
        walk.told.result, walk.told.cause = ended.result, ended.cause
    return walk.told


class _Walk:
    """One evaluation: its counters, and the address it is about."""

    def __init__(self, domain: str, address: Address | None) -> None:
        self.told = Told()
        self._domain, self._address = domain, address
        self._rdtype = "A" if isinstance(address, IPv4Address) else "AAAA"

    def check(self, domain: str, *, counts: bool, own: bool) -> Asking:
        """The record of ``domain``. ``counts``: what it passes is covered; ``own``: nobody else's record led here."""
        record = yield from self._record(domain)
        if record is None:
            return SpfResult.NONE
        for term in record.terms:
            if (yield from self._matches(term, domain, counts=counts and term.result is SpfResult.PASS, own=own)):
                return term.result
        if not record.redirect or any(term.name == "all" for term in record.terms):
            return SpfResult.NEUTRAL
        self._count()
        target = self._expand(record.redirect, domain)
        if target is None:
            return self._untold(counts=True)
        result = yield from self.check(target, counts=counts, own=own)
        if result is SpfResult.NONE:
            raise _Ended(SpfResult.PERMERROR, "spf_missing_record")
        return result

    def _record(self, domain: str) -> Generator[Question, Lookup, Record | None]:
        found = yield domain, "TXT"
        texts = [text for text in self._records(found) if is_spf(text)]
        if not texts:
            return None
        if len(texts) > 1:
            raise _Ended(SpfResult.PERMERROR, "spf_several_records")
        try:
            return parse(texts[0])
        except Malformed:
            raise _Ended(SpfResult.PERMERROR, "spf_syntax") from None

    def _matches(self, term: Term, domain: str, *, counts: bool, own: bool) -> Generator[Question, Lookup, bool]:
        match term.name:
            case "all":
                if counts:
                    self._cover("all", own=False)
                return True
            case "ip4" | "ip6":
                return self._is_in(term, counts=counts, own=own)
        self._count()
        target = self._expand(term.domain, domain) if term.domain else domain
        if target is None:
            self._untold(counts=counts)
            return False
        match term.name:
            case "include":
                return (yield from self._include(target, counts=counts))
            case "a":
                return (yield from self._has(target, term, counts=counts, own=own, void=True))
            case "mx":
                return (yield from self._exchanges(target, term, counts=counts, own=own))
            case "ptr":
                return (yield from self._is_named(target, counts=counts))
            case _:
                return (yield from self._exists(target, counts=counts))

    def _is_in(self, term: Term, *, counts: bool, own: bool) -> bool:
        network = term.network
        assert network is not None
        if counts and isinstance(network, IPv6Network):
            self._cover(str(network), own=own)
        self.told.names_v4 |= counts and network.version == 4
        return self._address is not None and self._address.version == network.version and self._address in network

    def _include(self, target: str, *, counts: bool) -> Generator[Question, Lookup, bool]:
        result = yield from self.check(target, counts=counts, own=False)
        if result is SpfResult.NONE:
            raise _Ended(SpfResult.PERMERROR, "spf_missing_record")
        return result is SpfResult.PASS and self._address is not None

    def _has(self, host: str, term: Term, *, counts: bool, own: bool, void: bool) -> Generator[Question, Lookup, bool]:
        found = yield host, self._rdtype
        length = term.length4 if self._rdtype == "A" else term.length6
        self.told.names_v4 |= counts
        for text in self._records(found, void=void):
            network = ip_network(f"{text}/{length}", strict=False)
            if counts:
                self._cover(str(network), own=own)
            if self._address is not None and self._address in network:
                return True
        return False

    def _exchanges(self, domain: str, term: Term, *, counts: bool, own: bool) -> Generator[Question, Lookup, bool]:
        found = yield domain, "MX"
        hosts = [text.partition(" ")[2] for text in self._records(found, void=True)]
        if len(hosts) > MOST_NAMES:
            raise _Ended(SpfResult.PERMERROR, "spf_too_many_names")
        for host in hosts:
            if host not in ("", ".") and (yield from self._has(host, term, counts=counts, own=own, void=False)):
                return True
        return False

    def _exists(self, name: str, *, counts: bool) -> Generator[Question, Lookup, bool]:
        found = yield name, "A"
        matches = bool(self._records(found, void=True))
        if matches and counts:
            self._cover("all", own=False)
        return matches

    def _is_named(self, domain: str, *, counts: bool) -> Generator[Question, Lookup, bool]:
        """True if a name of the address, which leads back to it, lies in ``domain``. Errors are no match (5.5)."""
        if self._address is None:
            self._untold(counts=counts)
            return False
        found = yield self._address.reverse_pointer, "PTR"
        for name in found.records[:MOST_NAMES]:
            if name == domain or name.endswith(f".{domain}"):
                forward = yield name, self._rdtype
                if any(ip_address(text) == self._address for text in forward.records):
                    return True
        return False

    def _records(self, found: Lookup, *, void: bool = False) -> tuple[str, ...]:
        """What was found. Raises ``_Ended`` for a look-up that failed, and for the third of nothing."""
        if found.outcome is DnsOutcome.ANSWER and not found.synthesised:
            return found.records
        if found.outcome is not DnsOutcome.ANSWER and not found.outcome.proves_absence:
            raise _Ended(SpfResult.TEMPERROR, found.outcome.value)
        if void:
            self.told.voids += 1
            if self.told.voids > MOST_VOID:
                raise _Ended(SpfResult.PERMERROR, "spf_too_many_void")
        return ()

    def _count(self) -> None:
        self.told.lookups += 1
        if self.told.lookups > MOST_LOOKUPS:
            raise _Ended(SpfResult.PERMERROR, "spf_too_many_lookups")

    def _expand(self, text: str, domain: str) -> str | None:
        return expand(text, domain=domain, sender_domain=self._domain, address=self._address)

    def _untold(self, *, counts: bool) -> SpfResult:
        """A term that depends on the message: of an address nothing more can be told, a walk goes on without it."""
        self.told.depends |= counts
        if self._address is not None:
            raise _Ended(SpfResult.UNTOLD, "spf_macro")
        return SpfResult.NEUTRAL

    def _cover(self, network: str, *, own: bool) -> None:
        self.told.covers.append(network)
        address, _, length = network.partition("/")
        if own and length == "128" and isinstance(ip_address(address), IPv6Address):
            self.told.senders.append(address)
