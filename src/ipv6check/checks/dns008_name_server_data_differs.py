"""The zone's name servers tell different things, over one family and the other or among themselves.

What it looks at:
    SOA record, NS records and the AAAA answer for one name of the zone, at every address of its name servers, over
    IPv6 and, in a scan that sends over IPv4, over IPv4.

Why it matters:
    A server that is updated over one family only serves yesterday's addresses to clients of the other. It looks
    healthy to whoever tests it over IPv4.

Passes when:
    All addresses that answer tell the same SOA record, the same NS records, and the same data.

Fails when:
    One server tells another SOA record over IPv6 than over IPv4 (`soa-differs`), servers tell different SOA records
    (`soa-out-of-sync`), different lists of servers (`servers-differ`), or data over IPv6 that none tells over IPv4
    (`data-differs`). A difference of SOA records stands only after a second look, so that a transfer under way does
    not count; data that changes from one question to the next is not compared.

Cannot tell when:
    The zone could not be found, or fewer than two addresses answered for reasons of ours. It is not applicable where
    fewer than two addresses answer at all.

How to fix:
    Check NOTIFY and zone transfer to the server named, over IPv6 too, and that no old process or other machine answers
    on one of its addresses.

References:
    RFC 1034 section 4.3.5, RFC 1996, RFC 2182 section 5.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.checks.zone import SERVERS_UNDECIDED, ZONE_TAGS, undecided_cause, zone_or_verdict
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ServerTest, ZonesEvidence

RULE = Rule(
    code="DNS008",
    name="name-server-data-differs",
    since="0.2",
    tags=ZONE_TAGS
    | {
        "same-everywhere",
        "soa-differs",
        "soa-out-of-sync",
        "servers-differ",
        "data-differs",
        "one-address",
        SERVERS_UNDECIDED,
    },
)


def judge(zones: ZonesEvidence, policy: Policy) -> Verdict:
    """Whether all that answer agree."""
    report = zone_or_verdict(RULE, zones)
    if isinstance(report, Verdict):
        return report
    tests = [test for test in report.tests if test.answers]
    pair = _differing(tests)
    if pair is not None:
        tag, one, other = pair
        return RULE.failed(
            tag,
            zone=report.zone,
            name=report.sample,
            server=other.names[0],
            address=other.address,
            other=one.address,
            soa=other.soa,
            expected=one.soa,
        )
    if len(tests) >= 2:
        return RULE.passed("same-everywhere", zone=report.zone, count=len(tests))
    cause = undecided_cause(report, 6)
    if cause:
        return RULE.unknown(SERVERS_UNDECIDED, zone=report.zone, total=len(report.servers), cause=cause)
    return RULE.not_applicable("one-address", zone=report.zone)


def _differing(tests: list[ServerTest]) -> tuple[str, ServerTest, ServerTest] | None:
    """The tag, what is expected, and the address that tells something else."""
    v6, v4 = [test for test in tests if test.is_v6], [test for test in tests if not test.is_v6]
    if len({test.soa for test in tests}) > 1:
        for six in v6:
            for four in v4:
                if six.soa != four.soa and not set(six.names).isdisjoint(four.names):
                    return "soa-differs", four, six
        return "soa-out-of-sync", tests[0], next(test for test in tests if test.soa != tests[0].soa)
    listing = [test for test in tests if test.servers]
    for test in listing:
        if test.servers != listing[0].servers:
            return "servers-differ", listing[0], test
    if any(test.varies for test in tests):
        return None
    known = {test.data for test in v4 if test.data}
    odd = next((test for test in v6 if known and test.data and test.data not in known), None)
    return ("data-differs", next(test for test in v4 if test.data), odd) if odd is not None else None


CHECK = Check(
    rule=RULE,
    needs=(ZonesEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
)
