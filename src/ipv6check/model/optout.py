"""The opt-out list: who asked not to be scanned."""

from collections.abc import Iterable
from ipaddress import ip_network

from ipv6check.model.prefixes import NO_PREFIXES, Prefixes

Fault = tuple[int, str]
"""Line (from 1) and what is wrong with it."""


class OptOut:
    """Names, suffixes and prefixes nobody may contact. An empty one leaves everybody in."""

    __slots__ = ("_names", "_prefixes", "_suffixes")

    def __init__(
        self, *, names: Iterable[str] = (), suffixes: Iterable[str] = (), prefixes: Prefixes = NO_PREFIXES
    ) -> None:
        """``names`` and ``suffixes`` (without leading dot) are lower-case A-labels without final dot."""
        self._names = frozenset(names)
        self._suffixes = frozenset(suffixes)
        self._prefixes = prefixes

    def __bool__(self) -> bool:
        return bool(self._names or self._suffixes or self._prefixes)

    def name(self, host: str) -> bool:
        """True if ``host``, a name or an address literal, is opted out. Costs one look-up per label."""
        if not self:
            return False
        host = host.lower().rstrip(".")
        if host in self._names or host in self._prefixes:
            return True
        while host:
            if host in self._suffixes:
                return True
            host = host.partition(".")[2]
        return False

    def address(self, address: str) -> bool:
        """True if ``address`` lies in an opted-out prefix."""
        return address in self._prefixes


def parse_optout(text: str) -> tuple[OptOut, list[Fault]]:
    """Read a list with one entry per line; ``#`` starts a comment.

    ``example.vn`` means that name alone; ``.example.vn`` and ``*.example.vn`` mean it and every name below: who opts
    a zone out does not expect its apex to be scanned. ``2001:db8::/32`` and ``192.0.2.1`` mean addresses. All faults
    come back at once; nobody may scan with a list that has any, since the missing line may be the one that matters.
    """
    names: list[str] = []
    suffixes: list[str] = []
    prefixes: list[str] = []
    faults: list[Fault] = []
    for line, raw in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        entry = raw.partition("#")[0].strip()
        if not entry:
            continue
        try:
            if "/" in entry or ":" in entry or entry.replace(".", "").isdigit():
                prefixes.append(str(ip_network(entry)))
            elif entry.startswith((".", "*.")):
                suffixes.append(_name(entry.removeprefix("*").removeprefix(".")))
            else:
                names.append(_name(entry))
        except ValueError as error:
            faults.append((line, f"{entry[:80]!r} is no name, suffix or prefix: {error}"))
    return OptOut(names=names, suffixes=suffixes, prefixes=Prefixes(prefixes)), faults


def _name(text: str) -> str:
    """``text`` as lower-case A-labels without final dot. Raises ValueError."""
    name = text.lower().rstrip(".")
    if not name.isascii():
        import idna  # 20 ms, and most lists are ASCII

        name = idna.encode(name, uts46=True).decode()
    labels = name.split(".")
    if len(name) > 253 or not all(_is_label(label) for label in labels):
        raise ValueError("labels hold letters, digits, hyphens and underscores, at most 63")
    return name


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum()
