"""RDP: an X.224 connection request with a negotiation of TLS (MS-RDPBCGR 2.2.1.1), and the confirm it asks for."""

from ipv6check.net.conversations.talk import Talk, Told, unexpected

REQUEST = bytes.fromhex("030000130ee000000000000100080003000000")
_CONFIRM = 0xD0
_PROTOCOLS = {0: "rdp", 1: "tls", 2: "credssp", 8: "credssp-ex"}


def _whole(heard: bytes) -> int | None:
    """A TPKT (RFC 1006 section 6)."""
    if heard[:1] != b"\3":
        raise unexpected(heard)
    if len(heard) < 4:
        return None
    length = int.from_bytes(heard[2:4])
    if length < 7:
        raise unexpected(heard)
    return length if len(heard) >= length else None


async def converse(talk: Talk) -> Told:
    """A refusal to negotiate is an answer too."""
    heard = await talk.hear(_whole, say=REQUEST)
    if heard[5] & 0xF0 != _CONFIRM:
        raise unexpected(heard)
    chosen = "rdp"
    if len(heard) >= 19:
        number = int.from_bytes(heard[15:19], "little")
        chosen = _PROTOCOLS.get(number, str(number)) if heard[11] == 2 else "failure"
    return Told(facts=(("security", chosen),))
