"""An authoritative server mishandles questions for AAAA records.

What it looks at:
    Every authoritative server of the name's zone, asked directly and without recursion: first A, then AAAA, of the
    same name. At most eight servers, one address each.

Why it matters:
    A server that drops AAAA questions makes every dual-stack client wait for seconds; one that answers NXDOMAIN
    makes the name vanish from caches although its A record exists. Load balancers that answer DNS are
    the usual culprits.

Passes when:
    Every server that answered A also answered AAAA, with records or with NODATA.

Fails when:
    A server answered A, with records or NODATA, and then dropped the AAAA question, or answered it with NXDOMAIN,
    SERVFAIL, NOTIMP, FORMERR, REFUSED, another error code, a malformed message (a record of the wrong length, or A in
    its place), or without authority, as if it were lame for AAAA. The tag names the first such server's fault.

Cannot tell when:
    No server answered A either (silent or lame servers say nothing about AAAA), the zone could not be found, or the
    AAAA question failed on our side.

How to fix:
    Update or reconfigure the server or load balancer so that it answers AAAA like any other type: the record, or
    NOERROR with an empty answer and the SOA in the authority section.

References:
    RFC 4074 sections 4.1 to 4.5, RFC 8906 section 3.

Policy settings:
    `timeouts.dns_udp`, `timeouts.dns_tcp`, `pacing.authority_qps`.
"""

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.dns import AuthorityEvidence, DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Verdict

_MISHANDLED = {
    DnsOutcome.TIMEOUT: "aaaa-dropped",
    DnsOutcome.NXDOMAIN: "aaaa-nxdomain",
    DnsOutcome.SERVFAIL: "aaaa-servfail",
    DnsOutcome.NOTIMP: "aaaa-notimp",
    DnsOutcome.FORMERR: "aaaa-formerr",
    DnsOutcome.REFUSED: "aaaa-refused",
    DnsOutcome.OTHER_RCODE: "aaaa-other-rcode",
    DnsOutcome.MALFORMED: "aaaa-malformed",
    DnsOutcome.LAME: "aaaa-lame",
}
_ANSWERED = frozenset({DnsOutcome.ANSWER, DnsOutcome.NODATA})

RULE = Rule(
    code="DNS003",
    name="aaaa-query-mishandled",
    since="0.1",
    tags=frozenset(
        {"aaaa-handled", "no-name", "name-nonexistent", "zone-undecided", "servers-undecided", *_MISHANDLED.values()}
    ),
)


def judge(authority: AuthorityEvidence, policy: Policy) -> Verdict:
    """What the servers that answered A made of AAAA."""
    if authority.found is DnsOutcome.NOT_ASKED:
        return RULE.not_applicable("no-name")
    if authority.found is not DnsOutcome.ANSWER:
        return RULE.unknown("zone-undecided", name=authority.name, cause=authority.found.value)
    heard = [server for server in authority.servers if server.a in _ANSWERED]
    wrong = [server for server in heard if server.aaaa in _MISHANDLED]
    if wrong:
        first = wrong[0]
        return RULE.failed(
            _MISHANDLED[first.aaaa],
            server=first.server,
            address=first.address,
            name=authority.name,
            zone=authority.zone,
            count=len(wrong),
            total=len(heard),
        )
    right = [server for server in heard if server.aaaa in _ANSWERED]
    if right:
        return RULE.passed(
            "aaaa-handled", zone=authority.zone, name=authority.name, count=len(right), total=len(authority.servers)
        )
    if authority.servers and all(server.a is DnsOutcome.NXDOMAIN for server in authority.servers):
        return RULE.not_applicable("name-nonexistent", name=authority.name)
    doubtful = next((server for server in authority.servers if server.a is not DnsOutcome.NXDOMAIN), None)
    outcome = DnsOutcome.NOT_ASKED if doubtful is None else doubtful.aaaa if doubtful.a in _ANSWERED else doubtful.a
    return RULE.unknown("servers-undecided", zone=authority.zone, total=len(authority.servers), cause=outcome.value)


CHECK = Check(
    rule=RULE,
    needs=(AuthorityEvidence,),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE, Kind.DEVICE}),
    judge=judge,
)
