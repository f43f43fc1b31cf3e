"""A mail exchanger offers senders over IPv4 an encryption that it does not give over IPv6.

What it looks at:
    Whether the answer to EHLO offers STARTTLS, and whether the handshake comes about, over each family at the addresses
    of MAI002. As between mail servers, any certificate will do (RFC 7435); what it says is put on record.

Why it matters:
    Opportunistic TLS falls back without a word: mail over IPv6 then crosses the network in clear text, or, where the
    sender insists on TLS, is not delivered.

Passes when:
    At every IPv6 address that answers, STARTTLS is offered and the handshake comes about as over IPv4.

Fails when:
    STARTTLS is offered and works over IPv4, and is not offered, or its handshake breaks, at an IPv6 address.

Cannot tell when:
    A family is undecided, or the server says that TLS is out of order just now (454). The rule does not apply where no
    exchanger answers over IPv6 (MAI002), where there is no IPv4 to compare with, or where STARTTLS does not work there
    either.

How to fix:
    Give the IPv6 listener the TLS settings and the certificate of the IPv4 one, and look for a middlebox that strips
    STARTTLS on one of the paths.

References:
    RFC 3207, RFC 7435, RFC 8314.

Policy settings:
    `timeouts.tls`, `timeouts.http`, `retries`.
"""

from ipv6check.checks.exchangers import PREMISE_TAGS, Standing, mail_premise, speaks, stand
from ipv6check.checks.reach import Finding, Reach, find
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.mail import MailEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Status, Verdict

RULE = Rule(
    code="MAI003",
    name="starttls-differs",
    since="0.3",
    tags=PREMISE_TAGS
    | {
        "starttls-alike", "starttls-not-offered", "starttls-handshake-failed", "starttls-out-of-order",
        "starttls-nowhere", "starttls-uncompared",
    },
)  # fmt: skip
_OFFERED, _MISSING, _BROKEN, _NOT_NOW, _OPEN = "offered", "missing", "broken", "not_now", "open"


def judge(mail: MailEvidence, policy: Policy) -> Verdict:
    """Whether IPv6 senders are given what IPv4 senders are."""
    premise = mail_premise(RULE, mail)
    if premise is not None:
        return premise
    verdicts = [_judge_one(mail, stand(test)) for test in mail.exchangers]
    order = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)
    return min(verdicts, key=lambda verdict: order.index(verdict.status))


def _judge_one(mail: MailEvidence, standing: Standing) -> Verdict:
    test = standing.test
    answering = [one for one in map(find, test.v6) if speaks(one)]
    if not answering:
        if test.implicit or not any(find(contact).reach is Reach.UNDECIDED for contact in test.v6):
            return RULE.not_applicable("no-exchanger-with-ipv6", name=mail.name)
        return RULE.unknown("exchanger-undecided", name=mail.name, **standing.args())
    others = [(one, _tls(one)) for one in map(find, test.v4)]
    works = next((one for one, word in others if word == _OFFERED), None)
    if works is None:
        if any(word in (_OPEN, _NOT_NOW) for _, word in others):
            return RULE.unknown("starttls-uncompared", host=test.host, address=answering[0].contact.address)
        gives = any(_tls(one) == _OFFERED for one in answering)
        if others and not gives and all(word in (_MISSING, _BROKEN) for _, word in others):
            return RULE.not_applicable("starttls-nowhere", host=test.host)
        return RULE.not_applicable("starttls-uncompared", host=test.host, address=answering[0].contact.address)
    words = [(_tls(one), one) for one in answering]
    args = {"host": test.host, "ipv4_address": works.contact.address}
    for wanted, tag in ((_MISSING, "starttls-not-offered"), (_BROKEN, "starttls-handshake-failed")):
        for word, one in words:
            if word == wanted:
                return RULE.failed(tag, name=mail.name, **args, **one.args())
    for word, one in words:
        if word != _OFFERED:
            return RULE.unknown("starttls-out-of-order", **args, **one.args())
    return RULE.passed("starttls-alike", **args, address=answering[0].contact.address)


def _tls(finding: Finding) -> str:
    """What became of STARTTLS at one address; nothing is known where no SMTP was spoken."""
    if finding.reach is Reach.UNDECIDED:
        return _OPEN
    if finding.reach is not Reach.SERVED:
        return _BROKEN if speaks(finding) else ""
    told = dict(finding.contact.facts).get("starttls", "")
    return {"yes": _OFFERED, "no": _MISSING}.get(told, _NOT_NOW)


CHECK = Check(
    rule=RULE,
    needs=(MailEvidence,),
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
    compares=True,
)
