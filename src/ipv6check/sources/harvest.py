"""What a source was found to list, before it becomes assets."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ipv6check.files.problem import Problem
from ipv6check.inventory.draft import Draft
from ipv6check.model.agency import Agency
from ipv6check.model.trouble import Trouble

# What one import may bring; more belongs into several inventories.
MOST_DRAFTS = 1_000_000
# What one source that is held as a whole may weigh: a list of a million hosts has about 60 MB.
MOST_OCTETS = 128 * 1024 * 1024


class SourceTrouble(Trouble):
    """A source that cannot be used; the text says which, why, and what to do."""


@dataclass(slots=True)
class Harvest:
    """``source`` names the origin without secrets and stays the same from one import to the next. ``drafts`` are what
    it lists, ``faults`` rows that cannot be used, ``notes`` warnings, ``left_out`` how many entries were left out on
    purpose, by reason, ``dated`` the day the source itself says it is of (ISO, empty for today). ``agencies`` are
    declared ones with their lines, ``naming`` rows that name agencies and no asset."""

    source: str
    file: str
    drafts: list[Draft] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    agencies: list[tuple[Agency, int]] = field(default_factory=list)
    naming: list[Draft] = field(default_factory=list)
    dated: str = ""

    def add(self, draft: Draft) -> None:
        """Take one entry. Raises SourceTrouble beyond the bound."""
        if len(self.drafts) >= MOST_DRAFTS:
            raise SourceTrouble(f"{self.file}: lists more than {MOST_DRAFTS} entries; split it")
        self.drafts.append(draft)

    def reject(self, line: int, message: str) -> None:
        """Keep an entry apart that cannot be used."""
        self.faults.append(Problem(self.file, line, message))


def without_secrets(url: str) -> str:
    """The address as it may be shown and stored. Raises SourceTrouble if it carries a name, password or query."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SourceTrouble("the address of the source is not a valid URL") from None
    if "@" in parts.netloc:
        raise SourceTrouble("the address of the source holds a user name or password; give the token by reference")
    if parts.query or parts.fragment:
        raise SourceTrouble("the address of the source must not have a query or fragment")
    if not parts.hostname or port == 0:
        raise SourceTrouble("the address of the source has no host, or port 0")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise SourceTrouble("the address of the source holds a blank, a backslash or a control character")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def text_of(value: object) -> str:
    """A value of foreign JSON as text; empty for what is none."""
    if isinstance(value, bool) or value is None:
        return ""
    return str(value).strip() if isinstance(value, (str, int, float)) else ""


def fields_of(value: object) -> dict[str, object]:
    """A JSON object; empty for anything else."""
    return value if isinstance(value, dict) else {}


def items_of(value: object) -> list[object]:
    """A JSON list; empty for anything else."""
    return value if isinstance(value, list) else []
