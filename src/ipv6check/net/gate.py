"""The last question before a packet leaves: may this address be contacted at all?"""

from collections.abc import Iterable

from ipv6check.model.address import bar
from ipv6check.model.optout import OptOut
from ipv6check.model.prefixes import NO_PREFIXES, Prefixes

OPTED_OUT = "opted_out"


class Gate:
    """The address table and the opt-out list in one answer.

    The opt-out list comes first and holds for ``treat_as_global`` too: a demo's switch does not overrule a person.
    """

    __slots__ = ("optout", "treat_as_global")

    def __init__(self, *, optout: OptOut | None = None, treat_as_global: Iterable[str] = ()) -> None:
        """``treat_as_global`` are prefixes as the policy names them. Raises ValueError for a bad one."""
        self.optout = optout or OptOut()
        texts = tuple(treat_as_global)
        self.treat_as_global = Prefixes(texts) if texts else NO_PREFIXES

    def bar(self, address: str, *, internal: bool, zone: str = "") -> str:
        """Why ``address`` must not be contacted: ``opted_out``, ``malformed``, or the word of its block in the
        address table; empty if it may. ``zone`` is the inventory's, never one an answer or a redirect brought."""
        if self.optout.address(address):
            return OPTED_OUT
        return bar(address, internal=internal, zone=zone, treat_as_global=self.treat_as_global)
