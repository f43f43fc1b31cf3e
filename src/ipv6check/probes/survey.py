"""One zone, surveyed: its delegation as parent and child tell it, and every server address asked directly."""

import asyncio
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from ipv6check.model.dns import DnsOutcome, Lookup
from ipv6check.model.zone import Chain, Direct, ServerTest, ZoneReport, ZoneServer
from ipv6check.net.api import Net
from ipv6check.probes.chain import ChainWalker
from ipv6check.probes.probe import Subject
from ipv6check.probes.suffixes import registrable

MOST_SERVERS = 13  # of one zone: as many as the root has
MOST_PARENT_SERVERS = 3  # asked for the delegation, until one of them is not the child's as well

_ABSENT = Direct(outcome=DnsOutcome.NOT_ASKED)


async def survey(zone: str, sample: str, subject: Subject, net: Net, walker: ChainWalker) -> ZoneReport:
    """Everything about ``zone``; ``sample`` is a name in it, for data to compare."""
    listed, (parent, referral), chain, ds, dnskey = await asyncio.gather(
        net.resolver.lookup(zone, "NS", fresh=subject.fresh),
        _delegation(zone, subject, net),
        walker.reach(zone) if 6 in subject.families else _unwalked(),
        net.resolver.lookup(zone, "DS", fresh=subject.fresh),
        net.resolver.lookup(zone, "DNSKEY", fresh=subject.fresh),
    )
    servers = await _servers(listed, referral, subject, net)
    tests = await _test_all(zone, sample, servers, subject, net)
    tests = [(_without_own_silence(test, net), asked) for test, asked in tests]
    tests = await _measure_noise(sample, tests, net)
    queries = listed.queries + ds.queries + dnskey.queries + referral.queries + chain.queries
    return ZoneReport(
        zone=zone,
        organisation=registrable(zone),
        parent=parent,
        listed=listed.outcome,
        referral=_referral_word(referral),
        servers=servers,
        tests=tuple(test for test, _ in tests),
        sample=sample,
        ds=ds.outcome,
        dnskey=dnskey.outcome,
        bogus=listed.bogus or dnskey.bogus or ds.bogus,
        chain=chain,
        asked_v4=4 in subject.families,
        asked_v6=6 in subject.families,
        queries=queries + sum(asked for _, asked in tests),
    )


async def _unwalked() -> Chain:
    return Chain(undecided="no_ipv6")


def _referral_word(referral: Direct) -> DnsOutcome:
    """ANSWER for a referral; an answer with authority means that the server holds the child as well."""
    if referral.referral:
        return DnsOutcome.ANSWER
    return DnsOutcome.NODATA if referral.outcome is DnsOutcome.ANSWER else referral.outcome


async def _delegation(zone: str, subject: Subject, net: Net) -> tuple[str, Direct]:
    """The parent zone, and what one of its servers refers to."""
    above = zone.partition(".")[2]
    if not above:
        return "", _ABSENT
    _, parent = await net.resolver.zone_of(above)
    if not parent:
        return "", _ABSENT
    names = await net.resolver.lookup(parent, "NS")
    best = _ABSENT
    queries = 0
    for server in sorted(names.records)[:MOST_PARENT_SERVERS]:
        for address in (await _addresses(server, subject, net))[:2]:
            told = await net.resolver.ask_direct(address, zone, "NS")
            queries += told.queries
            if told.referral == zone:
                return parent, replace(told, queries=queries)
            if best.outcome is not DnsOutcome.ANSWER:
                best = told
            if told.outcome is not DnsOutcome.TIMEOUT:
                break
    return parent, replace(best, referral="", queries=queries)


async def _addresses(server: str, subject: Subject, net: Net) -> list[str]:
    """Where a server may be contacted, IPv6 first."""
    found: list[str] = []
    for rdtype, family in (("AAAA", 6), ("A", 4)):
        if family in subject.families:
            lookup = await net.resolver.lookup(server, rdtype)
            if not lookup.synthesised:
                found += [one for one in lookup.records if not net.dialer.bar(one, internal=subject.internal)]
    return found


async def _servers(listed: Lookup, referral: Direct, subject: Subject, net: Net) -> tuple[ZoneServer, ...]:
    """The union of both lists, with glue and with the addresses that the resolver finds."""
    child = listed.records if listed.outcome is DnsOutcome.ANSWER and not listed.chain else ()
    names = list(dict.fromkeys((*child, *referral.servers)))[:MOST_SERVERS]
    found = await asyncio.gather(*(_server(name, child, referral, subject, net) for name in names))
    return tuple(sorted(found, key=lambda server: server.name))


async def _server(name: str, child: Sequence[str], referral: Direct, subject: Subject, net: Net) -> ZoneServer:
    glue = [line.partition(" ")[2] for line in referral.glue if line.startswith(name + " ")]
    aaaa = await net.resolver.lookup(name, "AAAA", fresh=subject.fresh)
    a = Lookup(name=name, rdtype="A", outcome=DnsOutcome.NOT_ASKED)
    if 4 in subject.families:
        a = await net.resolver.lookup(name, "A", fresh=subject.fresh)
    made_up = aaaa.outcome is DnsOutcome.ANSWER and aaaa.synthesised
    return ZoneServer(
        name=name,
        in_parent=name in referral.servers,
        in_child=name in child,
        glue6=tuple(sorted(one for one in glue if ":" in one)),
        glue4=tuple(sorted(one for one in glue if ":" not in one)),
        aaaa=DnsOutcome.NODATA if made_up else aaaa.outcome,
        a=a.outcome,
        own6=() if made_up else tuple(sorted(aaaa.records)),
        own4=tuple(sorted(a.records)),
    )


async def _test_all(
    zone: str, sample: str, servers: Iterable[ZoneServer], subject: Subject, net: Net
) -> list[tuple[ServerTest, int]]:
    """Every distinct address once, whichever servers have it."""
    names: dict[str, list[str]] = {}
    for server in servers:
        for address in (*server.own6, *server.own4):
            if (6 if ":" in address else 4) in subject.families:
                names.setdefault(address, []).append(server.name)
    return list(
        await asyncio.gather(
            *(test_address(zone, sample, address, tuple(known), subject, net) for address, known in names.items())
        )
    )


async def test_address(
    zone: str, sample: str, address: str, names: tuple[str, ...], subject: Subject, net: Net
) -> tuple[ServerTest, int]:
    """SOA over UDP, NS over TCP and AAAA of ``sample`` over UDP, and how many packets it took."""
    barred = net.dialer.bar(address, internal=subject.internal)
    if barred:
        return ServerTest(address=address, names=names, barred=barred), 0
    ask = net.resolver.ask_direct
    soa, ns = await asyncio.gather(ask(address, zone, "SOA"), ask(address, zone, "NS", tcp=True))
    plain = data = _ABSENT
    if soa.outcome is DnsOutcome.ANSWER:
        data = await ask(address, sample, "AAAA")
    elif soa.outcome in (DnsOutcome.TIMEOUT, DnsOutcome.FORMERR, DnsOutcome.MALFORMED, DnsOutcome.OTHER_RCODE):
        plain = await ask(address, zone, "SOA", edns=False)
    outcome = soa.outcome
    if outcome is DnsOutcome.ANSWER and soa.soa.partition(" ")[0] != zone:
        outcome = DnsOutcome.LAME  # authority for another zone
    test = ServerTest(
        address=address,
        names=names,
        udp=outcome,
        tcp=ns.outcome,
        plain=plain.outcome,
        truncated=soa.truncated or data.truncated,
        soa=soa.soa or plain.soa,
        servers=tuple(sorted(ns.records)) if ns.outcome is DnsOutcome.ANSWER else (),
        data=_data(data),
    )
    return test, soa.queries + ns.queries + plain.queries + data.queries


def _without_own_silence(test: ServerTest, net: Net) -> ServerTest:
    """Silence proves nothing where no server at all was ever heard that way: a firewall near us may drop DNS over the
    family or the transport while everything else passes, the self-test included."""
    family = 6 if test.is_v6 else 4

    def judged(outcome: DnsOutcome, *, tcp: bool) -> DnsOutcome:
        deaf = outcome is DnsOutcome.TIMEOUT and not net.resolver.hears(family, tcp=tcp)
        return DnsOutcome.LOCAL_ERROR if deaf else outcome

    udp, tcp = judged(test.udp, tcp=False), judged(test.tcp, tcp=True)
    plain = judged(test.plain, tcp=False)
    return (
        test if (udp, tcp, plain) == (test.udp, test.tcp, test.plain) else replace(test, udp=udp, tcp=tcp, plain=plain)
    )


def _data(told: Direct) -> tuple[str, ...]:
    """What can be compared; empty if nothing was told. A referral is data too: the name lies below a cut there."""
    if told.outcome is DnsOutcome.ANSWER:
        return ("alias", told.alias) if told.alias else tuple(sorted(told.records))
    if told.referral:
        return ("referral", told.referral)
    return (told.outcome.value,) if told.outcome in (DnsOutcome.NODATA, DnsOutcome.NXDOMAIN) else ()


async def _measure_noise(sample: str, tests: list[tuple[ServerTest, int]], net: Net) -> list[tuple[ServerTest, int]]:
    """If the servers tell different data, each is asked once more: data that changes by itself proves nothing."""
    if len({test.data for test, _ in tests if test.data}) < 2:
        return tests

    async def again(test: ServerTest, queries: int) -> tuple[ServerTest, int]:
        if not test.data:
            return test, queries
        told = await net.resolver.ask_direct(test.address, sample, "AAAA")
        varies = _data(told) != test.data
        return replace(test, varies=varies), queries + told.queries

    return list(await asyncio.gather(*(again(test, queries) for test, queries in tests)))
