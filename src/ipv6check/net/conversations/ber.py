"""The little of ASN.1's basic encoding (X.690) that a first question in LDAP or SNMP takes."""


def tlv(tag: int, *contents: bytes) -> bytes:
    """One element; contents of up to 65,535 octets."""
    content = b"".join(contents)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    return bytes((tag, 0x82)) + len(content).to_bytes(2) + content


def integer(value: int, tag: int = 0x02) -> bytes:
    """An INTEGER that is not negative."""
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1))


def element(octets: bytes, at: int = 0) -> tuple[int, int, int] | None:
    """Tag, start of the content and end of the element at ``at``; None while it is not whole. Raises ValueError for
    lengths that are indefinite or of more than four octets."""
    if len(octets) < at + 2:
        return None
    tag, length, start = octets[at], octets[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4:
            raise ValueError("a length of that form is not read")
        if len(octets) < start + count:
            return None
        length = int.from_bytes(octets[start : start + count])
        start += count
    return (tag, start, start + length) if len(octets) >= start + length else None
