"""Which conversation each protocol has. Those that are not here connect, send and expect what the inventory says."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from ipv6check.model.target import Protocol
from ipv6check.net.conversations import doh, ldap, mail, question, rdp, ssh
from ipv6check.net.conversations.question import Ask
from ipv6check.net.conversations.talk import Talk, Told, Whole, unexpected

Converse = Callable[[Talk], Awaitable[Told]]


def _asked(ask: Ask, whole: Whole, *, framed: bool = False) -> Converse:
    """A conversation that is one question; ``framed`` puts its length before it and takes it off the answer."""

    async def converse(talk: Talk) -> Told:
        made = ask(talk.host, talk.here)
        say = len(made.octets).to_bytes(2) + made.octets if framed else made.octets
        heard = await talk.hear(whole, say=say)
        told = made.answer(heard[2:] if framed else heard)
        if told is None:
            raise unexpected(heard)
        return told

    return converse


STREAMS: Mapping[Protocol, Converse] = MappingProxyType(
    {
        Protocol.SSH: ssh.converse,
        Protocol.SMTP: mail.smtp,
        Protocol.SUBMISSION: mail.submission,
        Protocol.SUBMISSIONS: mail.submissions,
        Protocol.IMAP: mail.imap,
        Protocol.IMAPS: mail.imaps,
        Protocol.POP3: mail.pop3,
        Protocol.POP3S: mail.pop3s,
        Protocol.LDAP: ldap.ldap,
        Protocol.LDAPS: ldap.ldaps,
        Protocol.RDP: rdp.converse,
        Protocol.SIP_TCP: _asked(question.sip_over_stream("TCP"), question.sip_whole),
        Protocol.SIPS: _asked(question.sip_over_stream("TLS"), question.sip_whole),
        Protocol.DNS_TCP: _asked(question.dns, question.dns_whole, framed=True),
        Protocol.DOT: _asked(question.dns, question.dns_whole, framed=True),
        Protocol.DOH: doh.converse,
    }
)

DATAGRAMS: Mapping[Protocol, Ask] = MappingProxyType(
    {
        Protocol.DNS: question.dns,
        Protocol.NTP: question.ntp,
        Protocol.SNMP: question.snmp,
        Protocol.SIP: question.sip,
    }
)
