"""Replies of both families side by side, or the verdict why there is nothing to compare."""

from dataclasses import dataclass

from ipv6check.checks.premise import (
    ADDRESS_TAGS,
    IPV4_NOT_ANSWERING,
    IPV4_UNDECIDED,
    NOT_CONTACTED,
    PARITY_TAGS,
    UNDECIDED,
    address_premise,
    parity_premise,
)
from ipv6check.checks.reach import Reach, find, in_state
from ipv6check.checks.web import is_held_back
from ipv6check.model.check import Rule
from ipv6check.model.contact import Contact, EndpointEvidence, HttpReply
from ipv6check.model.dns import NameEvidence
from ipv6check.model.verdict import Arg, Verdict

NO_IPV6_REPLY = "no-ipv6-reply"
REPLY_TAGS = ADDRESS_TAGS | PARITY_TAGS | {NO_IPV6_REPLY}


@dataclass(frozen=True, slots=True)
class Pair:
    """One IPv6 address and the IPv4 address, each with its reply."""

    address: str
    port: int
    v6: HttpReply
    ipv4_address: str
    v4: HttpReply

    def args(self) -> dict[str, Arg]:
        """Both addresses and the port."""
        return {"address": self.address, "port": self.port, "ipv4_address": self.ipv4_address}


def paired_replies(rule: Rule, name: NameEvidence, endpoint: EndpointEvidence) -> list[Pair] | Verdict:
    """Every IPv6 reply with the IPv4 reply, at least one; or not applicable or unknown.

    A reply that is a rate limit or a challenge tells nothing about the page and makes the verdict unknown.
    """
    premise = address_premise(rule, name, endpoint)
    if premise is not None:
        return premise
    v6 = _replies(endpoint.v6)
    if not v6:
        findings = [find(contact) for contact in endpoint.v6]
        undecided = in_state(findings, Reach.UNDECIDED)
        if undecided:
            return rule.unknown(UNDECIDED, **undecided[0].args())
        return rule.not_applicable(NO_IPV6_REPLY, address=endpoint.v6[0].address, port=endpoint.v6[0].port)
    premise = parity_premise(rule, name, endpoint)
    if premise is not None:
        return premise
    v4 = _replies(endpoint.v4)
    if not v4:
        finding = find(endpoint.v4[0])
        cause = finding.cause or NOT_CONTACTED
        if finding.reach in (Reach.UNDECIDED, Reach.SERVED):
            return rule.unknown(IPV4_UNDECIDED, name=name.name, cause=cause)
        return rule.not_applicable(IPV4_NOT_ANSWERING, address=finding.contact.address, cause=cause)
    for contact, reply in (*v6, *v4):
        held_back = is_held_back(reply)
        if held_back:
            return rule.unknown(UNDECIDED, address=contact.address, port=contact.port, cause=held_back)
    other, other_reply = v4[0]
    return [Pair(contact.address, contact.port, reply, other.address, other_reply) for contact, reply in v6]


def _replies(contacts: tuple[Contact, ...]) -> list[tuple[Contact, HttpReply]]:
    """The contacts that brought an HTTP reply, with it."""
    return [(contact, contact.http) for contact in contacts if contact.http is not None]
