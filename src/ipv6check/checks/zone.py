"""What the rules about name servers have in common: which server is one, which of them answer, what is undecided."""

from collections.abc import Iterable

from ipv6check.model.check import Rule
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import ServerTest, ZoneReport, ZonesEvidence

NO_NAME = "no-name"
ZONE_UNDECIDED = "zone-undecided"
SERVERS_UNDECIDED = "servers-undecided"
ZONE_TAGS = frozenset({NO_NAME, ZONE_UNDECIDED})

_OURS = frozenset({DnsOutcome.LOCAL_ERROR, DnsOutcome.NOT_ASKED, DnsOutcome.RECURSED})
OPTED_OUT_WORD = "opted_out"


def zone_or_verdict(rule: Rule, zones: ZonesEvidence) -> ZoneReport | Verdict:
    """The name's own zone; not applicable to a target without a name, unknown where its zone was not told."""
    if zones.found is DnsOutcome.NOT_ASKED:
        return rule.not_applicable(NO_NAME)
    if zones.zone is None:
        return rule.unknown(ZONE_UNDECIDED, name=zones.name, cause=zones.found.value)
    return zones.zone


def tests_over(report: ZoneReport, family: int) -> tuple[ServerTest, ...]:
    """The server addresses of one family."""
    return tuple(test for test in report.tests if test.is_v6 == (family == 6))


def is_ours(test: ServerTest) -> bool:
    """True if an address was not heard for reasons of ours, or because its operator asked not to be contacted."""
    if test.barred:
        return test.barred == OPTED_OUT_WORD
    return test.udp in _OURS


def count_answering(report: ZoneReport, family: int) -> int:
    """Servers that answer with authority over a family. Names that share an address are one server, and one name
    with several addresses is one as well."""
    return _components(test.names for test in tests_over(report, family) if test.answers)


def _components(groups: Iterable[tuple[str, ...]]) -> int:
    """How many sets remain when all that overlap are joined."""
    joined: list[set[str]] = []
    for group in groups:
        touching = [one for one in joined if not one.isdisjoint(group)]
        joined = [one for one in joined if one.isdisjoint(group)]
        joined.append(set(group).union(*touching))
    return len(joined)


def undecided_cause(report: ZoneReport, family: int) -> str:
    """Why there may be more servers than were heard; empty if everything was told."""
    if not (report.asked_v6 if family == 6 else report.asked_v4):
        return DnsOutcome.NOT_ASKED.value
    if report.listed is not DnsOutcome.ANSWER:
        return report.listed.value
    for server in report.servers:
        outcome = server.aaaa if family == 6 else server.a
        if not outcome.is_known:
            return outcome.value
    for test in tests_over(report, family):
        if is_ours(test):
            return test.barred or test.udp.value
    return ""


def too_few(rule: Rule, report: ZoneReport, family: int) -> Verdict:
    """The verdict on the number of servers: two pass, one fails, none fails."""
    answering, listed = count_answering(report, family), len(report.servers)
    if answering >= 2:
        return rule.passed("two-or-more", zone=report.zone, count=answering, total=listed)
    cause = undecided_cause(report, family)
    if cause:
        return rule.unknown(SERVERS_UNDECIDED, zone=report.zone, total=listed, cause=cause)
    if answering == 1:
        only = next(test for test in tests_over(report, family) if test.answers)
        return rule.failed("only-one", zone=report.zone, server=only.names[0], address=only.address, total=listed)
    tag = "none-answers" if tests_over(report, family) else "no-address"
    return rule.failed(tag, zone=report.zone, total=listed)


def worst_of(rule: Rule, reports: Iterable[ZoneReport], total: int) -> Verdict:
    """The worst verdict on the IPv6 servers of several zones; a pass if all have two."""
    found = [too_few(rule, report, 6) for report in reports]
    order = {"fail": 0, "unknown": 1, "pass": 2}
    first = min(found, key=lambda verdict: order[verdict.status.value])
    return first if first.status.value != "pass" else rule.passed("two-or-more", zone=first.args["zone"], count=total)


TOO_FEW_TAGS = frozenset({"two-or-more", "only-one", "none-answers", "no-address", SERVERS_UNDECIDED})
