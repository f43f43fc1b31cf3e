"""A second opinion on the lab: what plain sockets see of names, without any of ipv6check. Runs inside the lab.

python -m tests.lab.look NAME… < /dev/null    → {NAME: {"AAAA": …, "A": …, "6": …, "4": …}}
"""

import contextlib
import hashlib
import json
import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

from tests.lab.plan import RESOLVER6

PATIENCE_S = 1.5


def main() -> int:
    """Look at every name given, 32 at once."""
    context = ssl.create_default_context()
    with ThreadPoolExecutor(32) as pool:
        seen = dict(zip(sys.argv[1:], pool.map(lambda name: look(name, context), sys.argv[1:]), strict=True))
    sys.stdout.write(json.dumps(seen))
    return 0


def look(name: str, context: ssl.SSLContext) -> dict[str, str]:
    """The DNS's words for AAAA and A, and how a GET ends at the first address of each family."""
    found = {}
    for rdtype, family in (("AAAA", "6"), ("A", "4")):
        word, addresses = ask(name, rdtype)
        found[rdtype] = word
        found[family] = get(name, addresses[0], context) if addresses else ""
    return found


def ask(name: str, rdtype: str) -> tuple[str, list[str]]:
    """The response code, or NODATA, and the addresses."""
    answer = _answer(dns.message.make_query(name, rdtype))
    wanted = dns.rdatatype.from_text(rdtype)
    addresses = sorted(record.address for rrset in answer.answer if rrset.rdtype == wanted for record in rrset)
    if answer.rcode() == dns.rcode.NOERROR and not addresses:
        return "NODATA", []
    return dns.rcode.to_text(answer.rcode()), addresses


def _answer(query: dns.message.Message) -> dns.message.Message:
    """The resolver's answer; asked again where the link may lose packets."""
    for _ in range(4):
        with contextlib.suppress(dns.exception.Timeout):
            return dns.query.udp(query, RESOLVER6, timeout=1)
    return dns.query.udp(query, RESOLVER6, timeout=5)


def get(name: str, address: str, context: ssl.SSLContext) -> str:
    """The phase and reason of a failure, or status and a hash of the body."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as plain:
        plain.settimeout(PATIENCE_S)
        try:
            plain.connect((address, 443))
        except OSError as error:
            return f"tcp {_reason(error)}"
        try:
            with context.wrap_socket(plain, server_hostname=name) as sock:
                sock.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
                reply = b"".join(iter(lambda: sock.recv(65536), b""))
        except OSError as error:
            return f"tls {_reason(error)}"
    head, _, body = reply.partition(b"\r\n\r\n")
    return f"{head.split()[1].decode()} {hashlib.sha256(body).hexdigest()[:12]}"


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate {error.verify_code}"
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
