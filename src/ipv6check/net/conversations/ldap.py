"""LDAP: an anonymous look at the root DSE (RFC 4511, RFC 4512 section 5.1), of which every server tells something, and
StartTLS where the server lists it (RFC 4511 section 4.14). Nobody binds.

Whether the server lets strangers see the entry does not matter: any result to our message is an answer.
"""

from ipv6check.model.failure import Failure
from ipv6check.net.classify import Broken
from ipv6check.net.conversations.ber import element, integer, tlv
from ipv6check.net.conversations.talk import Talk, Told, refused, unexpected

_SEARCH, _ENTRY, _DONE, _REFERENCE, _EXTENDED_REQUEST, _EXTENDED, _UNBIND = 0x63, 0x64, 0x65, 0x73, 0x77, 0x78, 0x42
_SUCCESS = b"\0"
_MOST_MESSAGES = 8
_NO_TLS = frozenset(
    {Failure.TLS_ALERT, Failure.TLS_VERSION, Failure.TLS_MALFORMED, Failure.CLIENT_CERTIFICATE_REQUIRED}
)
START_TLS = b"1.3.6.1.4.1.1466.20037"


def _message(number: int, *body: bytes) -> bytes:
    return tlv(0x30, integer(number), *body)


REQUEST = _message(
    1,
    tlv(
        _SEARCH,
        tlv(0x04),  # the root
        integer(0, 0x0A),  # that entry alone
        integer(0, 0x0A),
        integer(1),
        integer(5),
        tlv(0x01, b"\0"),
        tlv(0x87, b"objectClass"),
        tlv(0x30, tlv(0x04, b"supportedLDAPVersion"), tlv(0x04, b"supportedExtension")),
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


def _read(heard: bytes, number: int) -> tuple[int, bytes]:
    """What sort of answer to our message it is, and its content. Raises ``Broken`` for anything else."""
    try:
        outer = element(heard)
        identity = element(heard, outer[1]) if outer else None
        body = element(heard, identity[2]) if identity else None
    except ValueError:
        raise unexpected(heard) from None
    if identity is None or body is None:
        raise unexpected(heard)
    told = int.from_bytes(heard[identity[1] : identity[2]])
    if told == 0 and body[0] == _EXTENDED:
        raise refused(heard)  # a notice of disconnection (RFC 4511 section 4.4.1): not now
    if told != number:
        raise unexpected(heard)
    return body[0], heard[body[1] : body[2]]


async def ldaps(talk: Talk) -> Told:
    """Port 636. The first message of the answer decides."""
    return (await _look(talk))[0]


async def ldap(talk: Talk) -> Told:
    """Port 389. Certificates are put on record and not verified: whom its clients trust is the directory's affair."""
    told, first, entry = await _look(talk)
    if first != _ENTRY or (b"1.3.6.1.4.1.1466." not in entry and b"supportedExtension" not in entry):
        return told  # a server that shows strangers nothing may still have it
    if START_TLS not in entry:
        return Told(facts=(*told.facts, ("starttls", "no")))
    for _ in range(_MOST_MESSAGES):
        if _read(await talk.hear(_whole), 1)[0] == _DONE:
            break
    heard = await talk.hear(_whole, say=_message(2, tlv(_EXTENDED_REQUEST, tlv(0x80, START_TLS))))
    sort, answer = _read(heard, 2)
    if sort != _EXTENDED:
        raise unexpected(heard)
    try:
        result = element(answer)
    except ValueError:
        raise unexpected(heard) from None
    if result is None or answer[result[1] : result[2]] != _SUCCESS:
        return Told(facts=(*told.facts, ("starttls", "refused")))
    try:
        await talk.start_tls(verify=False)
    except Broken as broken:
        if broken.failure not in _NO_TLS:
            raise
        return Told(facts=(*told.facts, ("starttls", "broken")))  # the directory has answered all the same
    talk.say(_message(3, tlv(_UNBIND)))
    return Told(facts=(*told.facts, ("starttls", "yes")))


async def _look(talk: Talk) -> tuple[Told, int, bytes]:
    """The first message of the answer to the look, its sort and its content."""
    heard = await talk.hear(_whole, say=REQUEST)
    sort, entry = _read(heard, 1)
    if sort not in (_ENTRY, _DONE, _REFERENCE):
        raise unexpected(heard)
    return Told(facts=(("answer", "entry" if sort == _ENTRY else "result"),)), sort, entry
