"""One row of an inventory as it was written, whatever the format, before anything is normalised."""

from dataclasses import dataclass, field

from ipv6check.model.asset import Attestation


@dataclass(slots=True)
class DraftTarget:
    """One target as written, with what is expected of it."""

    text: str
    expected_status: tuple[int, ...] = ()
    send: str = ""
    expect: str = ""
    required: bool = True


@dataclass(slots=True)
class Draft:
    """Text as written; empty means not given. ``health`` is the path asked instead of ``/``; ``trimmed``: blanks were
    cut off the target.

    ``agency`` and ``bureau`` are ids or free names (``bureau`` below ``agency``), with what the row says about the
    agency in ``place``, ``agency_level``, ``successor`` and ``agency_until``.
    """

    file: str
    line: int
    id: str = ""
    kind: str = ""
    agency: str = ""
    bureau: str = ""
    place: str = ""
    agency_level: str = ""
    successor: str = ""
    agency_until: str = ""
    name: str = ""
    targets: list[DraftTarget] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    protocol: str = ""
    health: str = ""
    tags: list[str] = field(default_factory=list)
    view: str = ""
    weight: str = ""
    role: str = ""
    owner: str = ""
    gateway: str = ""
    deployed: str = ""
    source: str = ""
    seen: str = ""
    vanished: str = ""
    attestation: Attestation | None = None
    trimmed: bool = False
