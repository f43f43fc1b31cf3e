"""A resolver that changes its answer: the first AAAA answer for a name is good, the next ones lead inside.

Everything else goes to the lab's resolver and back unchanged. Run in the servers' namespace:
``python -m tests.lab.rebinder LISTEN RESOLVER NAME GOOD``; prints one line when it listens.
"""

import socket
import sys

import dns.flags
import dns.message
import dns.rrset

INNER = ("::1", "fd00:ec2::254", "fe80::1", "::ffff:29.255.0.7")


def main(listen: str, resolver: str, name: str, good: str) -> None:
    """Answer until killed."""
    asked = 0
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as server:
        server.bind((listen, 53))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            octets, client = server.recvfrom(4096)
            query = dns.message.from_wire(octets)
            question = query.question[0]
            if question.name.to_text(omit_final_dot=True).lower() == name and question.rdtype == 28:
                address = good if asked == 0 else INNER[asked % len(INNER)]
                asked += 1
                response = dns.message.make_response(query, recursion_available=True)
                response.answer.append(dns.rrset.from_text(question.name, 0, "IN", "AAAA", address))
                server.sendto(response.to_wire(), client)
                continue
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as upstream:
                upstream.settimeout(1)
                upstream.sendto(octets, (resolver, 53))
                try:
                    server.sendto(upstream.recv(4096), client)
                except TimeoutError:
                    continue


if __name__ == "__main__":
    main(*sys.argv[1:])
