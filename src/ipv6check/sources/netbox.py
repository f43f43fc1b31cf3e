"""NetBox over its REST API: devices and virtual machines, prefixes, and addresses with a DNS name of their own."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.net.clients.jsonsource import JsonSource
from ipv6check.sources.harvest import Harvest, SourceTrouble, fields_of, items_of, text_of

_PAGE = "500"
_MOST_PAGES = 5000
_V2 = "nbt_"


def authorization(token: str) -> str:
    """The header for a token: v2 tokens (NetBox 4.5 and later) begin with nbt_. Raises SourceTrouble, without it."""
    if not token:
        return ""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise SourceTrouble("the NetBox token holds a blank or a character that no token has; give the token alone")
    return f"Bearer {token}" if token.startswith(_V2) else f"Token {token}"


def read_netbox(service: JsonSource, harvest: Harvest) -> None:
    """Add what NetBox lists. Raises FetchTrouble or SourceTrouble."""
    names: dict[str, str] = {}
    alone: list[dict[str, object]] = []
    for one in _pages(service, "/api/ipam/ip-addresses/", harvest):
        name = text_of(one.get("dns_name"))
        if name:
            names[text_of(one.get("id"))] = name
            if not one.get("assigned_object"):
                alone.append(one)
    _machines(service, "/api/dcim/devices/", "netbox-device", names, harvest)
    _machines(service, "/api/virtualization/virtual-machines/", "netbox-vm", names, harvest)
    _named(alone, harvest)
    _prefixes(service, harvest)


def _pages(service: JsonSource, path: str, harvest: Harvest) -> Iterator[dict[str, object]]:
    """Every entry. Of a ``next`` link only the query is taken, so that a token goes nowhere else."""
    query = {"limit": _PAGE}
    read, total = 0, 0
    for _ in range(_MOST_PAGES):
        page = fields_of(service.get(path, query))
        if "results" not in page:
            raise SourceTrouble(f"{harvest.file}{path}: is not a list of NetBox; is this the right address?")
        results = items_of(page["results"])
        counted = page.get("count")
        total = counted if isinstance(counted, int) else total
        read += len(results)
        for one in results:
            yield fields_of(one)
        following = text_of(page.get("next"))
        if not following:
            break
        after = dict(parse_qsl(urlsplit(following).query))
        if after == query or not results:
            raise SourceTrouble(f"{harvest.file}{path}: its pages lead in a circle")
        query = after
    else:
        raise SourceTrouble(f"{harvest.file}{path}: has more than {_MOST_PAGES} pages")
    if read != total:
        harvest.reject(0, f"{path} told of {total} entries and gave {read}; the list is not whole")


def _is_active(one: dict[str, object], harvest: Harvest, what: str) -> bool:
    status = text_of(fields_of(one.get("status")).get("value")) or text_of(one.get("status"))
    if status.lower() not in ("", "active"):
        harvest.left_out[f"{what} with status {status[:40]}"] += 1
        return False
    return True


def _label(value: object) -> str:
    return text_of(fields_of(value).get("name"))


def _address(value: object) -> str:
    return text_of(fields_of(value).get("address")).partition("/")[0]


def _tags(one: dict[str, object]) -> list[str]:
    return [tag.lower() for item in items_of(one.get("tags")) if (tag := _label(item))]


def _machines(service: JsonSource, path: str, kind: str, names: dict[str, str], harvest: Harvest) -> None:
    for one in _pages(service, path, harvest):
        if not _is_active(one, harvest, "machines"):
            continue
        primaries = [fields_of(one.get("primary_ip6")), fields_of(one.get("primary_ip4"))]
        places = [_address(value) for value in primaries]
        places += [names.get(text_of(value.get("id")), "") for value in primaries]
        number = text_of(one.get("id"))
        harvest.add(
            Draft(
                harvest.file,
                0,
                id=f"{kind}-{number}",
                kind="device",
                name=text_of(one.get("name")) or f"{kind}-{number}",
                agency=_label(one.get("tenant")),
                role=_label(one.get("role")) or _label(one.get("device_role")),
                targets=[DraftTarget(place) for place in dict.fromkeys(places) if place],
                tags=_tags(one),
            )
        )


def _named(alone: list[dict[str, object]], harvest: Harvest) -> None:
    """Addresses that belong to no machine, but have a name: one device a name, with the addresses of both families."""
    by_name: dict[str, list[dict[str, object]]] = {}
    for one in alone:
        if _is_active(one, harvest, "addresses"):
            by_name.setdefault(text_of(one.get("dns_name")).lower().rstrip("."), []).append(one)
    for name, several in by_name.items():
        places = [_address(one) for one in several]
        harvest.add(
            Draft(
                harvest.file,
                0,
                id=f"netbox-name-{name}",
                kind="device",
                name=name,
                agency=next((label for one in several if (label := _label(one.get("tenant")))), ""),
                targets=[DraftTarget(place) for place in dict.fromkeys([name, *places]) if place],
                tags=list(dict.fromkeys(tag for one in several for tag in _tags(one))),
            )
        )


def _prefixes(service: JsonSource, harvest: Harvest) -> None:
    """Prefixes of one VLAN are one network: that it has an IPv6 prefix beside the IPv4 one is what counts."""
    groups: dict[str, list[dict[str, object]]] = {}
    for one in _pages(service, "/api/ipam/prefixes/", harvest):
        if _is_active(one, harvest, "prefixes"):
            vlan = text_of(fields_of(one.get("vlan")).get("id"))
            key = f"netbox-vlan-{vlan}" if vlan else f"netbox-prefix-{text_of(one.get('id'))}"
            groups.setdefault(key, []).append(one)
    for key, several in groups.items():
        first = several[0]
        prefixes = [text_of(one.get("prefix")) for one in several]
        harvest.add(
            Draft(
                harvest.file,
                0,
                id=key,
                kind="network",
                name=_label(first.get("vlan")) or text_of(first.get("description")) or prefixes[0],
                agency=next((label for one in several if (label := _label(one.get("tenant")))), ""),
                role=_label(first.get("role")),
                targets=[DraftTarget(prefix) for prefix in prefixes],
                tags=list(dict.fromkeys(tag for one in several for tag in _tags(one))),
            )
        )
