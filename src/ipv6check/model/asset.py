"""Assets: what gets counted."""

from datetime import date as Day
from enum import StrEnum

from ipv6check.model.record import Record
from ipv6check.model.target import Target


class Kind(StrEnum):
    """What an asset is, as an inventory says it."""

    DOMAIN = "domain"
    SERVICE = "service"
    APPLICATION = "application"
    DEVICE = "device"
    NETWORK = "network"
    SOFTWARE = "software"

    @property
    def asset_class(self) -> "AssetClass":
        """The class a mandate counts it under; a domain counts as a service."""
        return _CLASSES[self]


class AssetClass(StrEnum):
    """The five classes of the Vietnamese mandates: mạng lưới, dịch vụ, ứng dụng, phần mềm, thiết bị."""

    NETWORK = "network"
    SERVICE = "service"
    APPLICATION = "application"
    SOFTWARE = "software"
    DEVICE = "device"


_CLASSES = {kind: AssetClass.SERVICE if kind is Kind.DOMAIN else AssetClass(kind.value) for kind in Kind}


class View(StrEnum):
    """Who is meant to reach the asset; only an internal one may live on ULA or RFC 1918 addresses."""

    PUBLIC = "public"
    INTERNAL = "internal"


def evidence_key(target: Target, view: View) -> str:
    """Under which a target's evidence is kept: an internal view saw other addresses, and stays apart."""
    return target.key if view is View.PUBLIC else f"{view.value} {target.key}"


def asset_key(asset_id: str) -> str:
    """Under which evidence about an asset as a whole is kept; no target's key begins so."""
    return f"asset {asset_id}"


class Attestation(Record, frozen=True, kw_only=True):
    """A signed paper about what no scan can see; ``document`` is a reference, never the content."""

    document: str
    signer: str
    date: Day
    expires: Day | None = None
    reviewer: str = ""
    product: str = ""
    version: str = ""


class Origin(Record, frozen=True, kw_only=True):
    """The inventory file and line an asset came from; line 0 means the whole file."""

    file: str
    line: int


class Asset(Record, frozen=True, kw_only=True):
    """One row of the inventory, normalised.

    ``id`` is given by the inventory or derived from kind and content, never from position. ``prefix`` and
    ``gateway`` are documented facts of a network; ``targets`` are what gets probed (none for software).
    ``weight`` counts in weighted rates. ``agency`` is an agency id, empty for none. ``deployed`` is the
    day it went into use, None if nobody wrote it down. ``source`` names the system an import took it from, ``seen`` the
    day it was last listed there, ``vanished`` the day an import first missed it (it stays until a person removes it).
    """

    id: str
    kind: Kind
    name: str
    agency: str = ""
    targets: tuple[Target, ...] = ()
    tags: tuple[str, ...] = ()
    view: View = View.PUBLIC
    weight: float = 1.0
    role: str = ""
    owner: str = ""
    prefix: str = ""
    gateway: str = ""
    attestation: Attestation | None = None
    deployed: Day | None = None
    source: str = ""
    seen: Day | None = None
    vanished: Day | None = None
    origin: Origin | None = None

    @property
    def host(self) -> str:
        """The first target's host, by which a scan groups what it probes; empty without targets."""
        return self.targets[0].host if self.targets else ""
