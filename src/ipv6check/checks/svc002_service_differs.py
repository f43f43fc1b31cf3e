"""A service tells IPv6 clients something else than IPv4 clients.

What it looks at:
    What the conversations of both families learnt: whether STARTTLS is offered (SMTP, submission, IMAP, POP3, LDAP),
    the response code of a DNS server, whether a time server is synchronised, the security that RDP chooses.

Why it matters:
    Access lists and listeners are kept per family. A resolver that refuses IPv6 clients, or a mail server that offers
    no encryption to them, answers, and still does not serve.

Passes when:
    Both families were told the same.

Fails when:
    A fact differs. An IPv6 address beside others that agree is enough.

Cannot tell when:
    A family's conversation is undecided. Where one of them does not work at all, the rule does not apply: that is
    SVC001's, or IPv4's own affair.

How to fix:
    Give the listener and the access list of IPv6 what those of IPv4 have, then compare again with
    `ipv6check check HOST:PORT/PROTOCOL`.

References:
    RFC 3207, RFC 4511, RFC 7858, RFC 8484, RFC 5905.

Policy settings:
    None.
"""

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
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import Contact, EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="SVC002",
    name="service-differs",
    since="0.3",
    tags=ADDRESS_TAGS | PARITY_TAGS | {"service-alike", "service-differs", "service-not-answering"},
)
_COMPARED = frozenset({"starttls", "rcode", "synchronised", "security"})


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether both families were told the same."""
    premise = address_premise(RULE, name, endpoint) or parity_premise(RULE, name, endpoint)
    if premise is not None:
        return premise
    findings = [find(contact) for contact in endpoint.v6]
    served = in_state(findings, Reach.SERVED)
    if not served:
        undecided = in_state(findings, Reach.UNDECIDED)
        if undecided:
            return RULE.unknown(UNDECIDED, **undecided[0].args())
        return RULE.not_applicable("service-not-answering", **findings[0].args())
    other = find(endpoint.v4[0])
    if other.reach is Reach.UNDECIDED:
        return RULE.unknown(IPV4_UNDECIDED, name=name.name, cause=other.cause or NOT_CONTACTED)
    if other.reach is not Reach.SERVED:
        return RULE.not_applicable(IPV4_NOT_ANSWERING, address=other.contact.address, cause=other.cause)
    expected = _facts(other.contact)
    for finding in served:
        for fact, value in _facts(finding.contact).items():
            if expected.get(fact, value) != value:
                return RULE.failed(
                    "service-differs",
                    address=finding.contact.address,
                    port=finding.contact.port,
                    ipv4_address=other.contact.address,
                    fact=fact,
                    ipv6=value,
                    ipv4=expected[fact],
                )
    return RULE.passed("service-alike", address=served[0].contact.address, ipv4_address=other.contact.address)


def _facts(contact: Contact) -> dict[str, str]:
    """What is compared: not what says that something is out of order just now, which one look cannot settle."""
    return {
        name: value
        for name, value in contact.facts
        if name in _COMPARED
        and value != "SERVFAIL"
        and not (name == "starttls" and value not in ("yes", "no", "broken"))
    }


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.SERVICE}),
    judge=judge,
    protocols=frozenset(
        {
            Protocol.SMTP, Protocol.SUBMISSION, Protocol.IMAP, Protocol.POP3, Protocol.DNS, Protocol.DNS_TCP,
            Protocol.DOT, Protocol.DOH, Protocol.LDAP, Protocol.NTP, Protocol.RDP,
        }
    ),
    compares=True,
)  # fmt: skip
