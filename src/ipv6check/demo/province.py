"""The demo province: its agencies, its hosts, how each behaves, and the verdicts that must come out."""

from dataclasses import dataclass, field

ZONE = "tinh-mau.test"

V6 = ("::1",)
V4 = ("127.0.0.1",)

ANY = frozenset({"pass", "fail", "unknown", "not-applicable"})
"""For what the machine decides: whether echo is permitted, whether something of the user's listens on port 80."""


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

HEALTHY_WEB = {
    "DNS001": "pass",
    "DNS002": "pass",
    "DNS003": "unknown",  # the zone's name server has a documentation address, which is never asked
    "DNS004": "not-applicable",
    "ADR001": "pass",
    "ADR002": "pass",
    "ADR003": "pass",
    "TCP001": "pass",
    "TCP002": "pass",
    "ICM001": "any",  # whether echo is permitted is the machine's business
    "TLS001": "pass",
    "TLS002": "pass",
    "HTTP001": "pass",
    "HTTP002": "pass",
    "HTTP003": "pass",
    "HTTP004": "pass",
    "HTTP005": "not-applicable",
    "LAT001": "pass",
}
HEALTHY_SERVICE = {
    rule: HEALTHY_WEB[rule]
    for rule in ("DNS001", "DNS002", "DNS003", "ADR001", "ADR002", "ADR003", "TCP001", "TCP002", "ICM001", "LAT001")
} | {"SVC001": "pass"}
DEVICE = {"DNS001": "not-applicable", "DNS002": "not-applicable", "ICM001": "any", "DEV001": "pass", "DEV002": "pass"}
NO_ADDRESS = {rule: "not-applicable" for rule in HEALTHY_WEB if rule not in ("DNS001", "DNS002", "DNS003", "DNS004")}
UNTOLD = {rule: "unknown" for rule in HEALTHY_WEB if rule not in ("DNS003", "DNS004")}
DEAD = {"TCP001": "fail", "HTTP001": "fail"} | {
    rule: "not-applicable" for rule in ("TLS001", "TLS002", "HTTP002", "HTTP003", "HTTP004", "LAT001")
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


ITEMS: tuple[Item, ...] = ()
