"""Prometheus service discovery: ``file_sd`` files and ``http_sd`` answers, a list of groups of targets with labels."""

from pathlib import Path

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.location import is_host_port, is_url
from ipv6check.sources.harvest import Harvest, SourceTrouble, fields_of, items_of, text_of

_AGENCY = ("agency", "tenant", "organisation", "organization", "__meta_netbox_tenant")


def is_discovery(value: object) -> bool:
    """True for a list of objects with targets."""
    groups = items_of(value)
    return bool(groups) and all(isinstance(fields_of(one).get("targets"), list) for one in groups)


def read_discovery(path: Path | str, value: object, harvest: Harvest) -> None:
    """Add the targets: URLs as applications, ``host:port`` as services, bare names by what they are.

    Raises SourceTrouble if it is something else. Labels are not taken over, but the agency and ``__scheme__``.
    """
    if not isinstance(value, list):
        raise SourceTrouble(f"{path}: is not a list of groups with targets and labels")
    for number, group in enumerate(value, start=1):
        listed = fields_of(group).get("targets")
        if not isinstance(listed, list):
            harvest.reject(0, f"group {number} has no list of targets")
            continue
        labels = fields_of(fields_of(group).get("labels"))
        agency = next((found for label in _AGENCY if (found := text_of(labels.get(label)))), "")
        scheme = text_of(labels.get("__scheme__"))
        for item in listed:
            target = text_of(item)
            if not target:
                harvest.reject(0, f"group {number} has a target that is no text")
                continue
            # A bare name in a list for a blackbox exporter is a site; host:port is a service whatever its port.
            if scheme in ("http", "https") and is_host_port(target):
                target = f"{scheme}://{target}"
            kind = "application" if is_url(target) else ""
            harvest.add(Draft(harvest.file, 0, kind=kind, agency=agency, targets=[DraftTarget(target)]))
