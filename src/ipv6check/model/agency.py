"""Agencies: who answers for an asset, as a dated tree with many-to-many succession."""

from datetime import date

from ipv6check.model.asset import Attestation
from ipv6check.model.record import Record


class AgencyDocument(Record, frozen=True, kw_only=True):
    """A paper of the body itself, such as its plan; ``kind`` is the word a mandate asks for (``plan-issued``)."""

    kind: str
    paper: Attestation


class Agency(Record, frozen=True, kw_only=True):
    """One body of the administration.

    ``names`` maps a language tag to a name. ``valid_from`` and ``valid_to`` are inclusive days; ``None`` is
    open. ``succeeded_by`` names the bodies that took over (several after a split; several agencies may name
    the same successor after a merger). ``documents`` stay with the body that issued them.
    """

    id: str
    names: dict[str, str]
    level: str = ""
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    succeeded_by: tuple[str, ...] = ()
    documents: tuple[AgencyDocument, ...] = ()

    def name(self, language: str) -> str:
        """The name in ``language``, else English, else Vietnamese, else any, else the id."""
        for tag in (language, "en", "vi"):
            if tag in self.names:
                return self.names[tag]
        return next(iter(self.names.values()), self.id)

    def is_valid_on(self, day: date) -> bool:
        """True if the agency existed on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
