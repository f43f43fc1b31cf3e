"""The least that a target can cost: two TLS connections with a small GET, blocking, one after the other.

    python -m tests.lab.floor INVENTORY COUNT    → CPU-ms per target (user+sys), as JSON; runs inside the lab

Names of the inventory whose IPv6 side works are taken as they come. DNS is asked before the clock starts.
"""

import csv
import json
import resource
import socket
import ssl
import sys
from pathlib import Path

from tests.lab.look import ask


def main() -> int:
    """Fetch from up to COUNT names, twice each, and print the cost."""
    names, count = Path(sys.argv[1]), int(sys.argv[2])
    targets = []
    with names.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            addresses = (*ask(row["target"], "AAAA")[1][:1], *ask(row["target"], "A")[1][:1])
            if len(addresses) == 2 and addresses[0].startswith("2d00:1:"):
                targets.append((row["target"], addresses))
            if len(targets) == count:
                break
    context = ssl.create_default_context()
    fetch(*targets[0][1][:1], targets[0][0], context)
    before = _cpu_s()
    for name, addresses in targets:
        for address in addresses:
            fetch(address, name, context)
    cost = (_cpu_s() - before) * 1000 / len(targets)
    sys.stdout.write(json.dumps({"cpu_ms_per_target": round(cost, 3), "targets": len(targets)}))
    return 0


def fetch(address: str, name: str, context: ssl.SSLContext) -> int:
    """Octets of the whole reply."""
    octets = 0
    with (
        socket.create_connection((address, 443), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=name) as sock,
    ):
        sock.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        while chunk := sock.recv(65536):
            octets += len(chunk)
    return octets


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
