"""How much of a body is read, and its gzip coding undone within that."""

import zlib

MAX_RAW = 262_144
MAX_DECODED = 1_048_576
_GZIP = 31  # zlib window bits for a gzip wrapper


def is_gzip(coding: bytes) -> bool:
    """True for the one coding that is offered, under either name (RFC 9110 section 8.4.1.3)."""
    return coding.strip().lower() in (b"gzip", b"x-gzip")


class GzipDecoder:
    """Inflates gzip members one after the other (RFC 1952 section 2.2), never past the room it is given."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP)
        self.stopped = False
        self.complete = False

    def decode(self, data: bytes, room: int) -> bytes:
        """Up to ``room`` octets of what ``data`` inflates to; ``stopped`` if there was more. Raises ``zlib.error``."""
        parts = []
        while data:
            if self.complete:
                if not data.startswith(b"\x1f"):  # padding after the last member
                    break
                self._stream = zlib.decompressobj(_GZIP)
                self.complete = False
            if room <= 0:
                self.stopped = True
                break
            part = self._stream.decompress(data, room)
            parts.append(part)
            room -= len(part)
            self.complete = self._stream.eof
            data = self._stream.unused_data
            if self._stream.unconsumed_tail:
                self.stopped = True
                break
        return b"".join(parts)
