"""A mail exchanger that has an IPv6 address does not answer SMTP there.

What it looks at:
    Port 25 of the eight preferred mail exchangers, at every IPv6 address up to the policy's number and at two IPv4
    addresses: the greeting and the answer to EHLO. Nothing is mailed. A host is asked once a scan, however many names
    it takes mail for. The top of a zone that has no MX record is asked itself (RFC 5321 section 5.1).

Why it matters:
    Senders take an AAAA record at its word. Each address that does not answer delays mail from dual-stack senders, and
    a mail server that has IPv6 alone does not deliver at all.

Passes when:
    Every exchanger that has an IPv6 address greets with 220 and answers EHLO at each of them.

Fails when:
    An address refuses or drops connections, or the conversation breaks, while somebody answers this vantage on port 25
    over IPv6. Silence after the connection fails only beside an answer of the same exchanger.

Cannot tell when:
    Nobody answers on port 25, as where a provider closes it (see `smtp_anchor`); a server refuses this vantage by a 4xx
    or 5xx greeting, or keeps it waiting over both families; the DNS did not tell. The rule does not apply to a name
    that takes no mail, to exchangers without IPv6 (MAI001), and to one that is as dead over IPv4.

How to fix:
    Have the mail server listen on the address and open port 25 there. If its log shows this vantage's connection, look
    for what turns away IPv6 peers.

References:
    RFC 5321 sections 3.1, 4.5.3.2 and 5, RFC 7505, RFC 3974.

Policy settings:
    `timeouts.tcp`, `timeouts.http` (the whole conversation), `retries`, `thresholds.max_addresses`; the settings
    `smtp_anchor` and `ehlo_name`.
"""

from ipv6check.checks.exchangers import PREMISE_TAGS, Standing, State, first_in, mail_premise, speaks, stand
from ipv6check.checks.reach import find
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.mail import MailEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Arg, Verdict

RULE = Rule(
    code="MAI002",
    name="exchanger-unanswered",
    since="0.3",
    tags=PREMISE_TAGS | {"exchangers-answer", "exchanger-dead", "exchanger-fails-alike"},
)


def judge(mail: MailEvidence, policy: Policy) -> Verdict:
    """Whether every exchanger with IPv6 answers there."""
    premise = mail_premise(RULE, mail)
    if premise is not None:
        return premise
    standings = [stand(test) for test in mail.exchangers]
    if standings[0].test.implicit and not _takes_mail(standings[0]):
        return RULE.not_applicable("no-mail", name=mail.name)
    dead = first_in(standings, State.DEAD)
    if dead is not None:
        return RULE.failed("exchanger-dead", name=mail.name, **dead.args())
    undecided = first_in(standings, State.UNDECIDED)
    if undecided is not None:
        return RULE.unknown("exchanger-undecided", name=mail.name, **undecided.args())
    answering = [one for one in standings if one.state is State.ANSWERS]
    alike = first_in(standings, State.ALIKE)
    if answering:
        counted: dict[str, Arg] = {"count": len(answering), "total": mail.total}
        return RULE.passed("exchangers-answer", name=mail.name, **counted, host=answering[0].test.host)
    if alike is not None:
        return RULE.not_applicable("exchanger-fails-alike", name=mail.name, **alike.args())
    return RULE.not_applicable("no-exchanger-with-ipv6", name=mail.name)


def _takes_mail(own: Standing) -> bool:
    """False for a name without MX record of which it is not known that anything answers SMTP there."""
    return any(speaks(find(contact)) for contact in own.test.v6 + own.test.v4)


CHECK = Check(
    rule=RULE,
    needs=(MailEvidence,),
    kinds=frozenset({Kind.DOMAIN}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
    compares=True,
)
