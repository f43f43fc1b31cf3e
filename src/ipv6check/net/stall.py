"""What TCP itself knows when octets do not come: lost ones leave a hole, a slow server leaves nothing."""

import socket
import struct

OCTETS_MISSING = "octets_missing"
LARGE_UNACKNOWLEDGED = "large_unacknowledged"
UNACKNOWLEDGED = "unacknowledged"

ALWAYS_FITS = 1220  # octets of a segment in a packet of 1280 (RFC 8200 section 5)
# struct tcp_info of linux/tcp.h: bytes_acked, bytes_sent and rcv_ooopack stand at fixed places since Linux 5.4
_LARGEST_AT = 20  # tcpi_rcv_mss
_ACKED_AT, _SENT_AT, _OUT_OF_ORDER_AT, _OCTETS = 120, 200, 224, 232


def sign_of_loss(sock: socket.socket) -> str:
    """The sign that a connection without progress shows.

    ``octets_missing``: later octets than the next ones arrived, so that something before them was lost towards us.
    ``large_unacknowledged``: more than fits a small packet was sent and never acknowledged. ``unacknowledged``: a few
    octets were. Empty: both sides have what the other sent, or the kernel does not tell.
    """
    told = _info(sock)
    if len(told) < _OCTETS:
        return ""
    if struct.unpack_from("=I", told, _OUT_OF_ORDER_AT)[0]:
        return OCTETS_MISSING
    acked, sent = struct.unpack_from("=Q", told, _ACKED_AT)[0], struct.unpack_from("=Q", told, _SENT_AT)[0]
    retransmitted = struct.unpack_from("=Q", told, _SENT_AT + 8)[0]
    waiting = sent - retransmitted - acked
    if waiting > ALWAYS_FITS:
        return LARGE_UNACKNOWLEDGED
    return UNACKNOWLEDGED if waiting > 1 else ""


def largest_segment(sock: socket.socket) -> int:
    """Octets of the largest segment that has arrived; 0 if the kernel does not tell, never more than has been seen."""
    told = _info(sock)
    return int(struct.unpack_from("=I", told, _LARGEST_AT)[0]) if len(told) >= _LARGEST_AT + 4 else 0


def _info(sock: socket.socket) -> bytes:
    """The kernel's struct tcp_info; empty where there is none, or the socket is closed already."""
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _OCTETS)
    except (OSError, AttributeError):
        return b""
