"""The demo province: its agencies, its hosts, how each behaves, and the verdicts that must come out."""

from dataclasses import dataclass, field

ZONE = "tinh-mau.test"

V6 = ("::1",)
V4 = ("127.0.0.1",)


@dataclass(frozen=True)
class Host:
    """A name: its records, how the DNS answers for it, and how its server behaves (``served`` over which families)."""

    name: str
    aaaa: tuple[str, ...] = V6
    a: tuple[str, ...] = V4
    dns: str = "answer"
    behaviour: str = "healthy"
    title: str = ""


@dataclass(frozen=True)
class Item:
    """One asset of the inventory, with every verdict that differs from its kind's healthy ones."""

    id: str
    kind: str
    agency: str
    name: str
    host: str = ""
    port: str = "web"
    extra: str = ""
    truth: dict[str, str] = field(default_factory=dict)


AGENCIES = (
    ("mau", "Tỉnh Mẫu", "Sample province", "province", ""),
    ("mau/stttt", "Sở Thông tin và Truyền thông", "Department of Information and Communications", "province", "mau"),
    ("mau/syt", "Sở Y tế", "Department of Health", "province", "mau"),
    ("mau/snn", "Sở Nông nghiệp", "Department of Agriculture", "province", "mau"),
    ("mau/bac", "Huyện Bắc", "North district", "district", "mau"),
    ("mau/nam", "Huyện Nam", "South district", "district", "mau"),
    ("mau/bac/xa1", "Xã Một", "First commune", "commune", "mau/bac"),
)


def host(label: str) -> str:
    """The full name of a label in the zone."""
    return f"{label}.{ZONE}" if label else ZONE


HOSTS = (
    Host(host("")),
    Host(host("www")),
    *(Host(host(label)) for label in ("dichvucong", "stttt", "syt", "snn", "bac", "nam", "xa1", "api", "login")),
    Host(host("v4only"), aaaa=()),
    Host(host("refused"), behaviour="refused"),
    Host(host("blackhole"), behaviour="blackhole"),
    Host(host("mute"), behaviour="mute"),
    Host(host("expired"), behaviour="expired"),
    Host(host("wrongname"), behaviour="wrongname"),
    Host(host("error500"), behaviour="error500"),
    Host(host("differs"), behaviour="differs"),
    Host(host("busy"), behaviour="busy"),
    Host(host("leaves"), behaviour="leaves"),
    Host(host("docaddr"), aaaa=("2001:db8::80",)),
    Host(host("mixed"), aaaa=("::1", "2001:db8::80")),
    Host(host("servfail"), dns="servfail"),
    Host(host("silent"), dns="silent"),
    Host(host("mail")),
    Host(host("oldmail"), behaviour="oldmail"),
    Host(host("v6site"), a=()),
)

NAME_SERVERS = {  # the zone has one name server, at a documentation address, no parent, and no root above it
    "DNS005": "fail",
    "DNS006": "fail",
    "DNS007": "fail",
    "DNS008": "not-applicable",
    "DNS009": "not-applicable",
    "DNS010": "unknown",
    "DNS011": "not-applicable",
    "DNS013": "not-applicable",
    "DNS015": "unknown",  # the reverse zone of ::1 is refused
    "DNS016": "fail",
}
HEALTHY_WEB = NAME_SERVERS | {
    "DNS001": "pass",
    "DNS002": "pass",
    "DNS003": "unknown",  # the zone's name server has a documentation address, which is never asked
    "DNS004": "not-applicable",
    "DNS014": "not-applicable",
    "OFF001": "fail",  # nothing here is without IPv4
    "ADR001": "pass",
    "ADR002": "pass",
    "ADR003": "pass",
    "TCP001": "pass",
    "TCP002": "pass",
    "ICM001": "any",  # whether echo is permitted is the machine's business
    "PTH001": "pass",
    "TLS001": "pass",
    "TLS002": "pass",
    "HTTP001": "pass",
    "HTTP002": "pass",
    "HTTP003": "pass",
    "HTTP004": "pass",
    "HTTP005": "pass",
    "HTTP006": "pass",
    "HTTP007": "pass",
    "HTTP008": "not-applicable",  # no page here announces HTTP/3
    "LAT001": "pass",
    "LAT002": "pass",
    "OFF003": "unknown",  # no root above the zone, so the way through the DNS over IPv6 is not told
}
HEALTHY_SERVICE = (
    {
        rule: HEALTHY_WEB[rule]
        for rule in ("DNS001", "DNS002", "DNS003", "ADR001", "ADR002", "ADR003", "TCP001", "TCP002", "LAT001", "LAT002")
    }
    | {"ICM001": "any", "PTH001": "pass", "SVC001": "pass", "OFF001": "fail"}
    | NAME_SERVERS
)
PARTS = ("HTTP006", "HTTP007")  # of a page that came back
NO_PAGE = dict.fromkeys(PARTS, "not-applicable")
NO_ADDRESS = {
    rule: "not-applicable" for rule in HEALTHY_WEB if not rule.startswith(("DNS", "OFF")) or rule == "DNS015"
} | {"OFF003": "fail"}
UNTOLD = {rule: "unknown" for rule in HEALTHY_WEB if rule not in ("DNS003", "DNS004", "DNS011", "DNS014")}
CERTIFICATE = {"TLS001": "fail", "TLS002": "any", "HTTP001": "fail", "HTTP002": "not-applicable", "OFF003": "fail"} | {
    rule: "not-applicable" for rule in ("HTTP003", "HTTP004", *PARTS)
}
MUTE_OPEN = ("TLS001", "TLS002", "HTTP002", "HTTP003", "HTTP004", *PARTS)
DEVICE_TRUTH = {
    "OFF001": "pass",
    "OFF002": "pass",
    "DNS001": "any",
    "DNS002": "any",
    "DNS003": "any",
    "ADR001": "pass",
    "ADR002": "pass",
    "ADR003": "pass",
    "ICM001": "any",
    "DEV001": "pass",
    "DEV002": "pass",
    "DEV003": "not-applicable",
    "ATT001": "fail",
}
DEAD = {"TCP001": "fail", "HTTP001": "fail", "OFF003": "fail", "LAT002": "fail"} | {
    rule: "not-applicable" for rule in ("TLS001", "TLS002", "HTTP002", "HTTP003", "HTTP004", "LAT001", *PARTS)
}


def app(label: str, agency: str, truth: dict[str, str] | None = None, *, port: str = "web", tags: str = "") -> Item:
    """A web application on a label of the zone."""
    return Item(
        id=f"app-{label or 'portal'}",
        kind="application",
        agency=agency,
        name=host(label),
        host=host(label),
        port=port,
        extra=tags,
        truth=HEALTHY_WEB | (truth or {}),
    )


def service(label: str, agency: str, port: str, truth: dict[str, str] | None = None) -> Item:
    """A TCP service that must greet with 220."""
    return Item(
        id=f"svc-{label}",
        kind="service",
        agency=agency,
        name=f"Mail {label}",
        host=host(label),
        port=port,
        extra='expect: "220 "',
        truth=HEALTHY_SERVICE | (truth or {}),
    )


def paper(item_id: str, kind: str, agency: str, name: str, extra: str, truth: dict[str, str]) -> Item:
    """An asset that is judged by what is written about it."""
    return Item(id=item_id, kind=kind, agency=agency, name=name, extra=extra, truth=truth)


SIGNED = "attestation: {document: 'CV 17', signer: 'Head of IT', date: 2026-01-05, expires: 2099-12-31}"
EXPIRED = "attestation: {document: 'CV 3', signer: 'Head of IT', date: 2021-01-05, expires: 2022-01-05}"

ITEMS: tuple[Item, ...] = (
    app("", "mau", tags="tags: [portal]", truth={"DNS004": "pass"}),
    app("www", "mau", truth={"DNS004": "pass"}),
    app("dichvucong", "mau", tags="tags: [public-service-portal]"),
    app("stttt", "mau/stttt"),
    app("login", "mau/stttt"),
    app("api", "mau/stttt"),
    app("syt", "mau/syt"),
    app("snn", "mau/snn"),
    app("bac", "mau/bac"),
    app("nam", "mau/nam"),
    app("xa1", "mau/bac/xa1"),
    app("v4only", "mau/snn", NO_ADDRESS | {"DNS001": "fail"}),
    app("refused", "mau/syt", DEAD | {"TCP002": "any", "HTTP005": "any"}, port="refused"),
    app("blackhole", "mau/nam", DEAD | {"TCP002": "any", "HTTP005": "any", "PTH001": "unknown"}, port="blackhole"),
    app("mute", "mau/nam", {rule: "any" for rule in MUTE_OPEN} | {"HTTP001": "fail", "OFF003": "fail"}, port="mute"),
    app("expired", "mau/snn", CERTIFICATE),
    app("wrongname", "mau/bac", CERTIFICATE),
    app(
        "error500",
        "mau/syt",
        NO_PAGE | {"HTTP001": "fail", "HTTP002": "fail", "HTTP003": "not-applicable", "OFF003": "fail"},
    ),
    app("differs", "mau/bac", {"HTTP003": "fail"}),
    app("busy", "mau/stttt", {rule: "unknown" for rule in ("HTTP001", "HTTP002", "HTTP003", "HTTP008", *PARTS)}),
    app("leaves", "mau/stttt", NO_PAGE | {"HTTP004": "fail", "OFF003": "fail"}),
    app("docaddr", "mau/nam", NO_ADDRESS | {"ADR001": "fail", "ICM001": "any"}),
    app("mixed", "mau/bac", {"ADR002": "fail"}),
    app("gone", "mau/syt", NO_ADDRESS | {"DNS001": "fail", "DNS002": "fail", "OFF001": "pass"}),
    app("servfail", "mau/snn", UNTOLD),
    app("silent", "mau/snn", UNTOLD),
    service("mail", "mau", "smtp"),
    service("oldmail", "mau/nam", "oldmail", {"SVC001": "fail"}),
    Item("dev-edge", "device", "mau/stttt", "edge-1", "::1", "ssh", "role: router, view: internal", DEVICE_TRUTH),
    Item(
        "dev-old",
        "device",
        "mau/nam",
        "switch-old",
        "::1",
        "closed",
        "role: switch, view: internal",
        DEVICE_TRUTH | {"DEV001": "fail"},
    ),
    paper(
        "net-wan",
        "network",
        "mau",
        "WAN",
        'targets: ["2405:4800:100::/40"], gateway: "2405:4800:100::1"',
        {"NET001": "pass", "NET002": "pass", "NET003": "not-applicable", "ATT001": "fail", "OFF002": "pass"},
    ),
    paper(
        "net-lan",
        "network",
        "mau/bac",
        "LAN",
        "",
        {"NET001": "fail", "NET002": "fail", "NET003": "not-applicable", "ATT001": "fail", "OFF002": "not-applicable"},
    ),
    paper("sw-erp", "software", "mau/stttt", "Document management", SIGNED, {"ATT001": "pass"}),
    paper("sw-hr", "software", "mau/snn", "Personnel records", EXPIRED, {"ATT001": "fail"}),
    paper("sw-map", "software", "mau/syt", "Land registry map", "", {"ATT001": "fail"}),
)


def inventory_yaml(ports: dict[str, int]) -> str:
    """The inventory as a person would have written it, with the ports of this run."""
    lines = ["schema: ipv6check.inventory/1", "mandate: dual-stack", "agencies:"]
    for agency, vi, en, level, parent in AGENCIES:
        above = f", parent: {parent}" if parent else ""
        lines.append(f'  - {{id: {agency}, name: {{vi: "{vi}", en: "{en}"}}, level: {level}{above}}}')
    lines.append("assets:")
    for item in ITEMS:
        fields = [f"id: {item.id}", f"kind: {item.kind}", f"agency: {item.agency}", f'name: "{item.name}"']
        extra = item.extra
        if item.kind == "application":
            fields.append(f'targets: ["https://{item.host}:{ports[item.port]}/"]')
        elif item.kind == "service":
            fields.append(f'targets: [{{target: "{item.host}:{ports[item.port]}/tcp", {extra}}}]')
            extra = ""
        elif item.kind == "device":
            fields.append(f'targets: ["{item.host}"], ports: [{ports[item.port]}]')
        lines.append(f"  - {{{', '.join([*fields, extra] if extra else fields)}}}")
    return "\n".join(lines) + "\n"
