"""What others saw of an asset and an operator brought in: sockets of a host, leases, neighbours, configurations.

Imported evidence is never measured by a scan. It names who took it and when, belongs to an asset and not to one of its
targets, and is stored with the scan that judged by it.
"""

from enum import StrEnum
from typing import ClassVar

from ipv6check.model.evidence_base import Evidence
from ipv6check.model.record import Record


class Source(StrEnum):
    """What kind of file it came from."""

    HOST = "host"
    NEIGHBOURS = "neighbours"
    KEA_LEASES = "kea-leases"
    ISC_LEASES = "isc-leases"
    NETBOX = "netbox"
    CONFIGURATION = "device-configuration"
    SNMP = "snmp"


class Provenance(Record, frozen=True, kw_only=True):
    """Where imported evidence came from.

    ``vantage`` is the machine that took it, ``file`` the name of the file (``sha256`` of its octets), ``taken_at`` when
    it was taken (UTC seconds since 1970), ``tool`` what wrote it, empty if the file does not say.
    """

    source: Source
    vantage: str
    file: str
    sha256: str
    taken_at: float
    tool: str = ""


class Sighting(Record, frozen=True, kw_only=True):
    """One thing seen of an asset. With ``addresses`` (IPv6, without length) the asset is addressed; without, it is
    capable only, and ``proof`` is the line of the configuration that says so.

    ``seen_at`` is when this entry was true (UTC seconds), which in a lease file is older than the file; ``line`` is its
    line, 0 for the whole file; ``matched_by`` the name or address by which it was told to be this asset.
    """

    provenance: Provenance
    seen_at: float
    matched_by: str
    addresses: tuple[str, ...] = ()
    proof: str = ""
    line: int = 0


class Socket(Record, frozen=True, kw_only=True):
    """One socket that waits for peers on a host.

    ``address`` is the literal it is bound to (``::`` and ``0.0.0.0`` are all). ``v6only`` tells of an IPv6 socket
    whether IPv4 peers are refused, None if the kernel did not tell. ``owner`` is the process, or ``uid N`` where no
    process was seen.
    """

    transport: str
    address: str
    port: int
    v6only: bool | None = None
    owner: str = ""

    @property
    def at(self) -> str:
        """Address and port as people write them."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


class Listening(Record, frozen=True, kw_only=True):
    """What a host has on one of the things that an asset is made of.

    ``wanted`` is what was looked for (``tcp/443`` or ``process nginx``), ``target`` the key of the asset's target that
    it is, empty for software; ``address`` is the literal at which peers expect it, empty for any. ``has_ipv6`` is
    False if no interface of the host has an IPv6 address beyond link-local, None if that was not seen. ``blind``:
    processes of others were not seen, so that a process that is missing proves nothing.
    """

    provenance: Provenance
    host: str
    matched_by: str
    wanted: str
    target: str = ""
    address: str = ""
    sockets: tuple[Socket, ...] = ()
    has_ipv6: bool | None = None
    blind: bool = False


class AssetEvidence(Evidence, frozen=True, kw_only=True):
    """Evidence that belongs to an asset as a whole. ``observed_at`` is when the scan took it up."""

    of_asset: ClassVar[bool] = True


class ImportedEvidence(AssetEvidence, tag="imported/1", frozen=True, kw_only=True):
    """Everything imported that shows an asset addressed or capable; empty if nothing was."""

    sightings: tuple[Sighting, ...] = ()


class HostEvidence(AssetEvidence, tag="host/1", frozen=True, kw_only=True):
    """The listening sockets of the hosts an asset runs on. ``missing`` are its required targets on hosts of which
    nothing was imported."""

    listenings: tuple[Listening, ...]
    missing: tuple[str, ...] = ()


class Claim(Record, frozen=True, kw_only=True):
    """What one import says about one asset, which goes by its id, kind and name: an id alone may be another's in
    another inventory."""

    asset: str
    kind: str
    name: str
    listenings: tuple[Listening, ...] = ()
    sightings: tuple[Sighting, ...] = ()


class Bundle(Record, frozen=True, kw_only=True):
    """What one file brought in. Of one source, vantage and ``subject`` (the machine or device that the file is about)
    the newest is kept."""

    provenance: Provenance
    subject: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def key(self) -> str:
        """Equal for files of which a newer one replaces an older."""
        return f"{self.provenance.source.value}\n{self.provenance.vantage}\n{self.subject}"
