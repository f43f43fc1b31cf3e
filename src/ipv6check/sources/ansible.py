"""``ansible-inventory --list``: hosts become devices, groups their tags."""

from collections.abc import Mapping
from pathlib import Path

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.normalise import looks_like_address
from ipv6check.sources.harvest import Harvest, SourceTrouble, fields_of, items_of, text_of

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_GROUPS = 20


def read_ansible(path: Path, value: object, harvest: Harvest) -> None:
    """Add what the JSON lists. Raises SourceTrouble if it is something else. Variables are not read, but the address,
    the port of SSH and ``ipv6check_*`` ones: they often hold passwords."""
    whole = fields_of(value)
    if not isinstance(whole.get("_meta"), dict):
        raise SourceTrouble(f"{path}: has no _meta; write it with `ansible-inventory --list`")
    variables = fields_of(fields_of(whole["_meta"]).get("hostvars"))
    groups: dict[str, list[str]] = {name: [] for name in variables}
    for group, content in whole.items():
        if group == "_meta":
            continue
        for host in items_of(fields_of(content).get("hosts")):
            member = groups.setdefault(text_of(host), [])
            if group not in ("all", "ungrouped"):
                member.append(group)
    for host, member in groups.items():
        _host(host, member, fields_of(variables.get(host)), harvest)


def _host(host: str, groups: list[str], variables: Mapping[str, object], harvest: Harvest) -> None:
    place = text_of(variables.get("ansible_host")) or text_of(variables.get("ansible_ssh_host"))
    if text_of(variables.get("ansible_connection")) == "local" or host in _LOCAL or place in _LOCAL:
        harvest.left_out["the control host itself"] += 1
        return
    if "{{" in place or "!vault" in place:
        harvest.reject(0, f"the host {host[:80]!r} has an address that Ansible works out itself; resolve it first")
        return
    port = text_of(variables.get("ansible_port"))
    places = dict.fromkeys(one for one in (place, host if "." in host or looks_like_address(host) else "") if one)
    harvest.add(
        Draft(
            harvest.file,
            0,
            kind="device",
            name=host,
            agency=text_of(variables.get("ipv6check_agency")),
            role=text_of(variables.get("ipv6check_role")),
            targets=[DraftTarget(one) for one in places],
            ports=[port] if port and port != "22" else [],
            tags=[group.lower() for group in groups[:_MOST_GROUPS]],
        )
    )
