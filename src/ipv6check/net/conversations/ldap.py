"""LDAP: an anonymous look at the root DSE (RFC 4511, RFC 4512 section 5.1), of which every server tells something.

Whether the server lets strangers see it does not matter: any result to our message is an answer.
"""

from ipv6check.net.conversations.ber import element, integer, tlv
from ipv6check.net.conversations.talk import Talk, Told, refused, unexpected

_MESSAGE = 1
_SEARCH, _ENTRY, _DONE, _REFERENCE, _EXTENDED = 0x63, 0x64, 0x65, 0x73, 0x78
REQUEST = tlv(
    0x30,
    integer(_MESSAGE),
    tlv(
        _SEARCH,
        tlv(0x04),  # the root
        integer(0, 0x0A),  # that entry alone
        integer(0, 0x0A),
        integer(1),
        integer(5),
        tlv(0x01, b"\0"),
        tlv(0x87, b"objectClass"),
        tlv(0x30, tlv(0x04, b"supportedLDAPVersion")),
    ),
)


def _whole(heard: bytes) -> int | None:
    if heard[:1] != b"\x30":
        raise unexpected(heard)
    try:
        found = element(heard)
    except ValueError:
        raise unexpected(heard) from None
    return found[2] if found else None


async def converse(talk: Talk) -> Told:
    """The first message of the answer decides."""
    heard = await talk.hear(_whole, say=REQUEST)
    try:
        outer = element(heard)
        number = element(heard, outer[1]) if outer else None
        body = element(heard, number[2]) if number else None
    except ValueError:
        raise unexpected(heard) from None
    if number is not None and body is not None and heard[number[1] : number[2]] == b"\0" and body[0] == _EXTENDED:
        raise refused(heard)  # a notice of disconnection (RFC 4511 section 4.4.1): not now
    if number is None or body is None or heard[number[1] : number[2]] != b"\1":
        raise unexpected(heard)
    if body[0] not in (_ENTRY, _DONE, _REFERENCE):
        raise unexpected(heard)
    return Told(facts=(("answer", "entry" if body[0] == _ENTRY else "result"),))
