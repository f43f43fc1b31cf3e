"""SSH: the server's identification (RFC 4253 section 4.2), which it sends on its own. Nothing is sent."""

from ipv6check.net.conversations.talk import Talk, Told, line, refused, text_of, unexpected

MOST_LINES = 50
_NOT_NOW = (b"Exceeded MaxStartups", b"Not allowed at this time")
"""What OpenSSH says instead of its identification to one connection too many, and to an address in penalty."""


async def converse(talk: Talk) -> Told:
    """Lines before the identification are allowed."""
    heard = b""
    for _ in range(MOST_LINES):
        heard = await talk.hear(line)
        if heard.startswith(b"SSH-"):
            _, version, *software = text_of(heard).split("-", 2)
            return Told(
                reply=text_of(heard)[:255], facts=(("version", version[:20]), ("software", "".join(software)[:80]))
            )
        if heard.startswith(_NOT_NOW):
            raise refused(heard)
        if b"\0" in heard or heard.startswith((b"HTTP/", b"220", b"* OK", b"+OK")):
            break
    raise unexpected(heard)
