"""nmap XML (``nmap -oX``): open ports of hosts that are up become services.

Entities are refused and every host is let go after reading, so that neither a bomb nor a large file fills memory.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.protocols import KNOWN
from ipv6check.sources.harvest import Harvest, SourceTrouble

_MOST_OCTETS = 1 << 30
_MANAGEMENT = frozenset({"ssh", "telnet", "snmp", "netconf"})


def read_nmap(path: Path, harvest: Harvest) -> None:
    """Add what one file lists. Raises SourceTrouble if it is no nmap XML."""
    seen_root = False
    try:
        if path.stat().st_size > _MOST_OCTETS:
            raise SourceTrouble(f"{path}: is larger than {_MOST_OCTETS >> 20} MiB; split the scan")
        for element in _elements(path):
            if element.tag == "nmaprun":
                seen_root = True
                started = element.get("start", "")
                if started.isdigit() and len(started) < 12:
                    harvest.dated = datetime.fromtimestamp(int(started), UTC).date().isoformat()
            elif element.tag == "host":
                _host(element, harvest)
                element.clear()
            elif element.tag == "finished" and element.get("exit", "success") != "success":
                harvest.reject(0, "the scan did not end by itself, so the list is not whole")
    except ParseError as fault:
        line = fault.position[0]
        raise SourceTrouble(f"{path}:{line}: is not valid XML, or was cut off") from None
    except OSError as fault:
        raise SourceTrouble(f"{path}: cannot be read: {fault.strerror}") from None
    if not seen_root:
        raise SourceTrouble(f"{path}: is XML, but not of nmap")


def _elements(path: Path) -> Iterator[Element]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    with path.open("rb") as stream:
        depth = 0
        try:
            # nmap writes a DOCTYPE without entities; entities of any kind are refused.
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=False):
                if event == "start":
                    depth += 1
                    if depth == 1:
                        yield element
                    if depth > 64:
                        raise SourceTrouble(f"{path}: is nested deeper than 64 levels")
                    continue
                depth -= 1
                if depth:
                    yield element
        except DefusedXmlException:
            raise SourceTrouble(f"{path}: defines XML entities, which is not read") from None


def _host(host: Element, harvest: Harvest) -> None:
    status = host.find("status")
    if status is not None and status.get("state") != "up":
        harvest.left_out["hosts that were not up"] += 1
        return
    places = [one.get("addr", "") for one in host.findall("address") if one.get("addrtype") in ("ipv4", "ipv6")]
    if not places:
        harvest.left_out["hosts without an IP address"] += 1
        return
    names = host.findall("hostnames/hostname")
    given = [one.get("name", "") for one in names if one.get("type") == "user"]
    # The name somebody asked for is meant; a PTR record may say anything.
    name = next(iter(given), "")
    found = 0
    for port in host.findall("ports/port"):
        state = port.find("state")
        if state is None or state.get("state") != "open":
            continue
        found += 1
        _port(port, name or places[0], harvest)
    if not found:
        harvest.left_out["hosts without an open port"] += 1


def _port(port: Element, host: str, harvest: Harvest) -> None:
    number = port.get("portid", "")
    if port.get("protocol") != "tcp":
        harvest.left_out[f"open {port.get('protocol', 'unknown')} ports, which cannot be asked"] += 1
        return
    service = port.find("service")
    spoken = service.get("name", "") if service is not None else ""
    tunnel = service.get("tunnel", "") if service is not None else ""
    if spoken == "http":
        word = "https" if tunnel == "ssl" else "http"
    elif tunnel == "ssl":
        word = f"{spoken}s" if f"{spoken}s" in KNOWN else "tls"
    else:
        word = spoken if spoken in KNOWN else "tcp"
    place = f"[{host}]" if ":" in host else host
    harvest.add(
        Draft(
            harvest.file,
            0,
            kind="service",
            targets=[DraftTarget(f"{place}:{number}/{word}")],
            tags=["management"] if word in _MANAGEMENT else [],
        )
    )
