"""Finding duplicates among a million rows without keeping the rows.

A dict of a million strings to line numbers takes about 200 MB; this takes 16 bytes a slot, 32 MB for a million. Two
different texts share an eight-byte hash once in 10^7 inventories of that size.
"""

import hashlib
from array import array

_START = 1 << 12


class Seen:
    """The first place of every text, by hash (open addressing, linear probing, at most two thirds full)."""

    def __init__(self) -> None:
        self._hashes = array("Q", bytes(8 * _START))
        self._places = array("Q", bytes(8 * _START))
        self._mask = _START - 1
        self._used = 0

    def first(self, text: str, place: int) -> int | None:
        """The place where ``text`` was seen before, or None, and then ``place`` is remembered for it."""
        code = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") or 1
        hashes = self._hashes
        slot = code & self._mask
        while found := hashes[slot]:
            if found == code:
                return self._places[slot]
            slot = (slot + 1) & self._mask
        hashes[slot] = code
        self._places[slot] = place
        self._used += 1
        if self._used * 3 > self._mask * 2:
            self._grow()
        return None

    def _grow(self) -> None:
        old_hashes, old_places = self._hashes, self._places
        size = 2 * len(old_hashes)
        hashes = self._hashes = array("Q", bytes(8 * size))
        places = self._places = array("Q", bytes(8 * size))
        mask = self._mask = size - 1
        for code, place in zip(old_hashes, old_places, strict=True):
            if code:
                slot = code & mask
                while hashes[slot]:
                    slot = (slot + 1) & mask
                hashes[slot] = code
                places[slot] = place
