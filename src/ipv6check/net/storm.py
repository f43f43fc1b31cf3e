"""An address that answers one connection after another with a RST says that it has had enough of us.

One RST is an answer, and a closed port is no storm: the tries of one name never reach the number that counts.
"""

from collections import OrderedDict

IN_A_ROW = 10
"""RSTs after which an address is left alone; a name of its own gets six connections at most."""
FIRST_S = 5.0
LONGEST_S = 30.0
_MOST = 4096  # addresses whose last endings were RSTs; the one heard of longest ago is forgotten


class ResetStorms:
    """Counts, for each address, the connections in a row that ended by a RST, refused or reset."""

    def __init__(self) -> None:
        self._in_a_row: OrderedDict[str, int] = OrderedDict()

    @property
    def remembered(self) -> int:
        """How many addresses are counted now."""
        return len(self._in_a_row)

    def calm(self, address: str) -> None:
        """A connection to the address ended in another way."""
        self._in_a_row.pop(address, None)

    def reset(self, address: str) -> float:
        """A connection to the address ended by a RST: the seconds to leave it alone, 0 while it is no storm; twice as
        long for every ten further ones, up to ``LONGEST_S``."""
        count = self._in_a_row.pop(address, 0) + 1
        self._in_a_row[address] = count
        if len(self._in_a_row) > _MOST:
            self._in_a_row.popitem(last=False)
        storms, rest = divmod(count, IN_A_ROW)
        return 0.0 if rest else min(FIRST_S * 2.0 ** min(storms - 1, 10), LONGEST_S)
