"""A resolver that answers SERVFAIL to all: ``python -m tests.lab.servfail LISTEN``, in the servers' namespace."""

import socket
import sys

SERVFAIL = 2


def main(listen: str) -> None:
    """Answer until killed: the question, with QR, RA and the response code set."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as server:
        server.bind((listen, 53))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            octets, client = server.recvfrom(4096)
            head = bytes([octets[2] | 0x80, 0x80 | SERVFAIL]) + b"\0\1" + bytes(6)
            end = 12 + octets[12:].index(b"\0") + 5
            server.sendto(octets[:2] + head + octets[12:end], client)


if __name__ == "__main__":
    main(sys.argv[1])
