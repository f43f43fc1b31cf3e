"""Zones below gov.vn and below a top-level domain without IPv6, each with one fault in its name servers or delegation.

Which of the five machines serves which version is decided by ``Host``: two NSDs that hold different versions, a BIND,
a server that answers wrongly on purpose, and an address at which nobody listens.
"""

from dataclasses import dataclass, field
from enum import Enum

from tests.lab.exchangers import NO_TLS6, NOBODY6, PLAIN6, WARY6, WELL4, WELL6
from tests.lab.signing import Keys, ds_of, sign
from tests.lab.world import address6

DARK_V4 = "30.53.250.7"  # the only server of dark., which has no IPv6
WEB6, WEB6_OTHER, WEB4 = address6("healthy", 1), "2d00:1:ffff::81", "29.250.0.81"


class Host(Enum):
    """An address pair, and the machine behind it."""

    NSD_1 = 1
    NSD_2 = 2
    OTHER = 3
    BIND_1 = 4
    BIND_2 = 6
    HOSTILE_1 = 5
    HOSTILE_2 = 8
    NOBODY = 9

    @property
    def v6(self) -> str:
        """Its IPv6 address."""
        return f"2d0e:9:{self.value:x}::53"

    @property
    def v4(self) -> str:
        """Its IPv4 address."""
        return f"30.53.250.{self.value}"


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A zone ``NAME``: where its servers ns1, ns2 are over IPv6 and IPv4, what the parent says otherwise (``glue6``, by
    server number; empty for none), and the second version that ``Host.OTHER`` holds, if any. ``lines`` replace the
    records of www, ``ds`` and ``keys`` say what there is of DNSSEC, ``anchored`` that the resolver has a
    trust anchor for the zone, since the lab's root is not signed; ``page`` is what the web server says at
    www. ``true`` are the verdicts, by the beginning of "status tag"; ``never`` those that would be a wrong one."""

    name: str
    v6: tuple[Host | None, ...] = (Host.NSD_1, Host.NSD_2)
    v4: tuple[Host, ...] = (Host.NSD_1, Host.NSD_2)
    glue6: dict[int, Host | None] = field(default_factory=dict)
    other_serial: int = 0
    other_web6: str = WEB6
    lines: tuple[str, ...] = ()
    ds: bool = False
    keys: Keys = Keys.NONE
    anchored: bool = False
    kind: str = "application"
    page: str = ""
    true: dict[str, str] = field(default_factory=dict)
    never: dict[str, str] = field(default_factory=dict)

    @property
    def web(self) -> str:
        """The name that is scanned."""
        return f"www.{self.name}"

    def delegation(self) -> list[str]:
        """The lines of the parent zone."""
        lines = []
        for number, (six, four) in enumerate(zip(self.v6, self.v4, strict=True), 1):
            server = f"ns{number}.{self.name}."
            glue = self.glue6.get(number, six)
            lines += [f"{self.name}. NS {server}", f"{server} A {four.v4}"]
            lines += [f"{server} AAAA {glue.v6}"] if glue is not None else []
        return [*lines, *([f"{self.name}. DS {ds_of(self.name, self.keys)}"] if self.ds else [])]

    def zone(self, *, other: bool = False) -> str:
        """The zone file, in the one version or the other."""
        serial, web6 = (self.other_serial, self.other_web6) if other else (1, WEB6)
        lines = [f"$ORIGIN {self.name}.", "$TTL 3600", f"@ SOA ns1 root {serial} 7200 1800 1209600 300"]
        for number, (six, four) in enumerate(zip(self.v6, self.v4, strict=True), 1):
            lines += [f"@ NS ns{number}", f"ns{number} A {four.v4}"]
            lines += [f"ns{number} AAAA {six.v6}"] if six is not None else []
        text = "\n".join([*lines, *(self.lines or (f"www AAAA {web6}", f"www A {WEB4}")), ""])
        return sign(self.name, text, self.keys) if self.keys is not Keys.NONE else text


_AT_PAGES = (f"www AAAA {WEB6_OTHER}", f"www A {WEB4}")
_HOSTILE = {"v6": (Host.HOSTILE_1, Host.HOSTILE_2), "v4": (Host.HOSTILE_1, Host.HOSTILE_2)}
_FINE = {"DNS005": "pass", "DNS007": "pass", "DNS008": "pass", "DNS009": "pass", "DNS010": "pass", "DNS013": "pass"}

_BOGUS = {"DNS001": "unknown", "DNS002": "unknown", "DNS016": "fail bogus"}
_NEVER_BOGUS = {"DNS001": "fail", "DNS002": "fail", "DNS003": "fail", "DNS007": "fail", "DNS010": "fail"}


def _mail(name: str, *records: str, says: str, **more: str) -> Broken:
    """A domain with these MX records, and exchangers with IPv4 alone and with IPv6."""
    hosts = (f"mx A {WEB4}", f"mx6 AAAA {WEB6}", f"mx6 A {WEB4}", f"@ AAAA {WEB6}", f"@ A {WEB4}")
    return Broken(name=f"{name}.gov.vn", kind="domain", lines=(*records, *hosts), true=_FINE | {"MAI001": says} | more)


def _post(name: str, v6: str, spf: str = "mx -all", **never: str) -> Broken:
    """A domain with one exchanger, at this IPv6 address and at an IPv4 address that is well, and an SPF record."""
    hosts = (f"mx AAAA {v6}", f"mx A {WELL4}", f"@ AAAA {WEB6}", f"@ A {WEB4}", f'@ TXT "v=spf1 {spf}"')
    true = {rule: verdict for rule, verdict in never.items() if not rule.startswith("never_")}
    return Broken(
        name=f"{name}.gov.vn",
        kind="domain",
        lines=("@ MX 10 mx", *hosts),
        true={"MAI001": "pass exchangers-have-ipv6", "MAI004": "pass spf-covers-ipv6"} | true,
        never={rule.removeprefix("never_"): verdict for rule, verdict in never.items() if rule.startswith("never_")},
    )


ZONES = (
    Broken(name="good.gov.vn", true=_FINE | {"DNS003": "pass", "DNS006": "pass", "DNS016": "fail unsigned"}),
    Broken(
        name="single.gov.vn",
        v6=(Host.NSD_1,),
        v4=(Host.NSD_1,),
        true=_FINE | {"DNS005": "fail only-one", "DNS006": "fail only-one"},
    ),
    Broken(
        name="same.gov.vn",  # two names, one machine
        v6=(Host.NSD_1, Host.NSD_1),
        v4=(Host.NSD_1, Host.NSD_1),
        true=_FINE | {"DNS005": "fail only-one", "DNS006": "fail only-one"},
    ),
    Broken(
        name="lame.gov.vn",
        v6=(Host.NSD_1, Host.OTHER),
        true=_FINE | {"DNS005": "fail only-one", "DNS006": "pass", "DNS007": "fail server-lame"},
    ),
    Broken(
        name="silent.gov.vn",
        v6=(Host.NSD_1, Host.NOBODY),
        true=_FINE | {"DNS005": "fail only-one", "DNS006": "pass", "DNS007": "fail server-silent"},
    ),
    Broken(
        name="noglue.gov.vn",
        v6=(Host.BIND_1, Host.BIND_2),
        v4=(Host.BIND_1, Host.BIND_2),
        glue6={1: None, 2: None},
        true=_FINE | {"DNS009": "fail glue-missing", "DNS010": "fail broken-glue-missing"},
    ),
    Broken(name="stale.gov.vn", glue6={2: Host.NOBODY}, true=_FINE | {"DNS009": "fail glue-stale"}),
    Broken(
        name="sync.gov.vn",
        v6=(Host.NSD_1, Host.OTHER),
        v4=(Host.NSD_1, Host.OTHER),
        other_serial=2,
        true=_FINE | {"DNS008": "fail soa-out-of-sync"},
    ),
    Broken(
        name="family.gov.vn",
        v6=(Host.OTHER, Host.NSD_2),
        other_serial=2,
        true=_FINE | {"DNS008": "fail soa-differs"},
    ),
    Broken(
        name="data.gov.vn",
        v6=(Host.OTHER, Host.NSD_2),
        other_serial=1,
        other_web6=WEB6_OTHER,
        true=_FINE | {"DNS008": "fail data-differs"},
    ),
    Broken(name="signed.gov.vn", ds=True, keys=Keys.GOOD, true=_FINE | {"DNS001": "pass", "DNS016": "pass signed"}),
    Broken(name="nods.gov.vn", keys=Keys.GOOD, true=_FINE | {"DNS001": "pass", "DNS016": "fail no-ds"}),
    Broken(name="keyless.gov.vn", ds=True, true=_FINE | {"DNS001": "pass", "DNS016": "fail ds-without-keys"}),
    Broken(
        name="island.gov.vn",
        ds=True,
        keys=Keys.GOOD,
        anchored=True,
        true=_FINE | {"DNS001": "pass", "DNS003": "pass", "DNS016": "pass signed"},
    ),
    Broken(name="expired.gov.vn", ds=True, keys=Keys.EXPIRED, anchored=True, true=_BOGUS, never=_NEVER_BOGUS),
    Broken(name="strange.gov.vn", ds=True, keys=Keys.STRANGE, anchored=True, true=_BOGUS, never=_NEVER_BOGUS),
    Broken(
        name="forged.gov.vn",  # the zone is in order, and the addresses of www are not those that were signed
        ds=True,
        keys=Keys.FORGED,
        anchored=True,
        true=_FINE | {"DNS001": "unknown", "DNS002": "pass", "DNS016": "unknown dnssec-undecided"},
        never=_NEVER_BOGUS,
    ),
    Broken(
        name="hint.gov.vn",
        lines=(f"www AAAA {WEB6}", f"www A {WEB4}", f"www HTTPS 1 . ipv6hint={WEB6_OTHER}"),
        true=_FINE | {"DNS014": "fail hint-differs"},
    ),
    Broken(
        name="hints.gov.vn",
        lines=(f"www AAAA {WEB6}", f"www A {WEB4}", f"www HTTPS 1 . ipv6hint={WEB6}"),
        true=_FINE | {"DNS014": "pass hints-agree"},
    ),
    Broken(
        name="old.gov.vn",  # a provider whose name servers have no IPv6
        v6=(None, None),
        lines=(f"www AAAA {WEB6_OTHER}", f"www A {WEB4}", f"mx AAAA {WEB6_OTHER}", f"mx A {WEB4}"),
        true={"DNS005": "fail no-address", "DNS010": "fail broken-no-aaaa"},
        never={"DNS001": "fail"},
    ),
    Broken(
        name="alias.gov.vn",
        lines=("www CNAME www.old.gov.vn.",),
        page="alias",
        true=_FINE | {"DNS011": "fail no-address", "OFF003": "fail blocked-third-party"},
        never={"DNS010": "fail", "OFF003": "fail blocked-own"},
    ),
    Broken(
        name="post.gov.vn",
        kind="domain",
        lines=("@ MX 10 mx.old.gov.vn.", f"@ AAAA {WEB6}", f"@ A {WEB4}"),
        true=_FINE | {"DNS012": "fail no-address", "MAI001": "pass exchangers-have-ipv6"},
        never={"DNS011": "fail"},
    ),
    _mail("mxfour", "@ MX 10 mx", says="fail no-exchanger-has-ipv6"),
    _mail("mxsome", "@ MX 10 mx", "@ MX 20 mx6", says="pass some-exchangers-have-ipv6"),
    _mail("mxnull", "@ MX 0 .", says="not-applicable no-mail", MAI002="not-applicable no-mail"),
    _mail("mxself", says="pass own-address-has-ipv6", MAI002="not-applicable no-mail"),
    _mail("mxgone", "@ MX 10 nobody", says="fail no-exchanger-has-ipv6"),
    _mail("mxbogus", "@ MX 10 www.expired.gov.vn.", says="unknown exchanger-undecided"),
    _post("smtp", WELL6, MAI002="pass exchangers-answer", MAI003="pass starttls-alike"),
    _post("noptr", WELL6, MAI002="pass exchangers-answer", MAI005="fail sender-ptr-missing"),
    _post("smtpdead", NOBODY6, MAI002="fail exchanger-dead", MAI003="not-applicable no-exchanger-with-ipv6"),
    _post("smtpwary", WARY6, MAI002="unknown exchanger-undecided", MAI003="unknown", never_MAI002="fail"),
    _post("smtpplain", PLAIN6, MAI002="pass exchangers-answer", MAI003="fail starttls-not-offered"),
    _post("smtptls", NO_TLS6, MAI002="pass exchangers-answer", MAI003="fail starttls-handshake-failed"),
    _post("spfgap", WELL6, f"ip4:{WELL4} ip6:2d00:2::/32 -all", MAI004="fail sender-not-covered"),
    _post("spffour", WELL6, "ip4:29.250.0.99 -all", MAI004="fail spf-without-ipv6", never_MAI005="fail"),
    _post("spflost", WELL6, "include:nobody.gov.vn -all", MAI004="fail spf-broken", never_MAI005="fail"),
    _post("spfopen", WELL6, "ip4:29.250.0.99 ?all", MAI004="not-applicable", never_MAI004="fail"),
    _post("spfmacro", WELL6, "exists:%{i}.%{l}.gov.vn -all", MAI004="unknown spf-depends", never_MAI004="fail"),
    _mail("mxlucky", "@ MX 10 www.expired.gov.vn.", "@ MX 20 mx6", says="pass some-exchangers-have-ipv6"),
    Broken(
        name="whole.gov.vn",
        lines=_AT_PAGES,
        page="<p>whole</p>",
        true=_FINE | {"HTTP006": "pass", "HTTP007": "pass", "OFF003": "pass ipv6-only-ready"},
    ),
    Broken(
        name="moved.gov.vn",
        lines=_AT_PAGES,
        page="http://www.four.gov.vn:8080/",
        true=_FINE | {"HTTP004": "fail", "OFF003": "fail blocked-third-party"},
    ),
    Broken(
        name="loads.gov.vn",
        lines=_AT_PAGES,
        page='<p>loads</p><script src="http://www.four.gov.vn:8080/x.js"></script>',
        true=_FINE | {"HTTP006": "pass", "HTTP007": "fail", "OFF003": "fail blocked-third-party"},
    ),
    Broken(
        name="static.gov.vn",
        lines=(*_AT_PAGES, f"static A {WEB4}"),
        page='<p>static</p><script src="http://static.static.gov.vn:8080/x.js"></script>',
        true=_FINE | {"HTTP006": "fail", "HTTP007": "pass", "OFF003": "fail blocked-own"},
    ),
    Broken(
        name="dead.gov.vn",  # an AAAA record, and nobody there
        lines=(*_AT_PAGES, f"static AAAA {WEB6}", f"static A {WEB4}"),
        page='<p>dead</p><script src="http://static.dead.gov.vn:8080/x.js"></script>',
        true=_FINE | {"HTTP006": "fail own-host-unanswered", "HTTP007": "pass", "OFF003": "fail blocked-own"},
    ),
    Broken(
        name="styled.gov.vn",
        lines=(*_AT_PAGES, f"static AAAA {WEB6_OTHER}", f"old A {WEB4}"),
        page="<style>@import 'http://static.styled.gov.vn:8080/x'; /* url(http://old.styled.gov.vn:8080/) */</style>",
        true=_FINE | {"HTTP006": "pass own-hosts-have-ipv6", "OFF003": "pass ipv6-only-ready"},
    ),
    Broken(name="four.gov.vn", lines=(f"www A {WEB4}",), true={"DNS001": "fail", "DNS005": "pass"}),
    Broken(
        name="web.dark",
        lines=_AT_PAGES,
        page="<p>dark</p>",
        true={"DNS010": "not-applicable broken-above", "OFF003": "fail blocked-parent"},
        never={"DNS010": "fail"},
    ),
    Broken(name="agency.dark", true=_FINE | {"DNS010": "not-applicable broken-above"}),
    Broken(name="f-drop.gov.vn", **_HOSTILE, true={"DNS003": "fail aaaa-dropped"}),
    Broken(name="f-nxdomain.gov.vn", **_HOSTILE, true={"DNS003": "fail aaaa-nxdomain"}),
    Broken(name="f-servfail.gov.vn", **_HOSTILE, true={"DNS003": "fail aaaa-servfail"}),
    Broken(name="f-notimp.gov.vn", **_HOSTILE, true={"DNS003": "fail aaaa-notimp"}),
    Broken(name="f-malformed.gov.vn", **_HOSTILE, true={"DNS003": "fail aaaa-malformed"}),
    Broken(name="f-lame.gov.vn", **_HOSTILE, true={"DNS003": "fail aaaa-lame"}),
    Broken(name="f-notcp.gov.vn", **_HOSTILE, true={"DNS005": "pass", "DNS007": "fail tcp-silent"}),
    Broken(name="f-noedns.gov.vn", **_HOSTILE, true={"DNS005": "pass", "DNS013": "fail edns-dropped"}),
)


def delegations(parent: str) -> list[str]:
    """The lines that a parent zone (``gov.vn.``, ``dark.``) needs."""
    return [line for zone in ZONES if f"{zone.name}.".endswith(f".{parent}") for line in zone.delegation()]


def anchors() -> list[str]:
    """The trust anchors of a resolver that validates these zones."""
    return [f"{zone.name}. DS {ds_of(zone.name, zone.keys)}" for zone in ZONES if zone.anchored]


def delegation_of_dark() -> list[str]:
    """The root's lines for the top-level domain that has no IPv6."""
    return ["dark. NS ns.nic.dark.", f"ns.nic.dark. A {DARK_V4}"]


def zone_of_dark() -> str:
    """The zone file of dark."""
    lines = ["$ORIGIN dark.", "$TTL 3600", "@ SOA ns.nic noc.operator 1 7200 1800 1209600 300", "@ NS ns.nic"]
    return "\n".join([*lines, f"ns.nic A {DARK_V4}", *delegations("dark."), ""])
