"""Whether a site announces HTTP/3, and why it may be that it was not tried."""

from ipv6check.checks.parity import NO_IPV6_REPLY
from ipv6check.checks.premise import ADDRESS_TAGS, UNDECIDED, address_premise
from ipv6check.checks.reach import Reach, find, in_state
from ipv6check.model.check import Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.http3 import Announced, Http3Evidence
from ipv6check.model.verdict import Verdict
from ipv6check.model.zone import BindingEvidence

NOT_ANNOUNCED = "not-announced"
ANNOUNCEMENT_UNDECIDED = "announcement-dns-undecided"
ELSEWHERE = "announced-elsewhere"
ANNOUNCED_TAGS = ADDRESS_TAGS | {NO_IPV6_REPLY, NOT_ANNOUNCED, ANNOUNCEMENT_UNDECIDED, ELSEWHERE}


def announced_premise(
    rule: Rule, name: NameEvidence, endpoint: EndpointEvidence, binding: BindingEvidence, http3: Http3Evidence
) -> Verdict | None:
    """Unless None: why there is no HTTP/3 to speak about."""
    premise = address_premise(rule, name, endpoint) or _reply_premise(rule, endpoint)
    if premise is not None:
        return premise
    match http3.announced:
        case Announced.NOWHERE:
            return rule.not_applicable(NOT_ANNOUNCED)
        case Announced.UNTOLD:
            return rule.unknown(ANNOUNCEMENT_UNDECIDED, name=binding.name, cause=binding.outcome.value)
    if http3.elsewhere:
        return rule.unknown(ELSEWHERE, announced=http3.announced.value, host=http3.elsewhere)
    return None


def _reply_premise(rule: Rule, endpoint: EndpointEvidence) -> Verdict | None:
    """Unless None: why there is nothing over TCP to which HTTP/3 would be the alternative."""
    if any(contact.http is not None for contact in endpoint.v6 if find(contact).reach is Reach.SERVED):
        return None
    undecided = in_state(map(find, endpoint.v6), Reach.UNDECIDED)
    if undecided:
        return rule.unknown(UNDECIDED, **undecided[0].args())
    return rule.not_applicable(NO_IPV6_REPLY, address=endpoint.v6[0].address, port=endpoint.v6[0].port)
