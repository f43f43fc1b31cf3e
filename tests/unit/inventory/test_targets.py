"""What each kind of asset makes of what was written."""

import pytest

from ipv6check.inventory.assemble import assemble, kind
from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.normalise import Malformed
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.target import Protocol


def asset(kind: str = "", name: str = "", *targets: str, **fields: object) -> Asset:
    draft = Draft("f", 1, kind=kind, name=name, targets=[DraftTarget(text) for text in targets])
    for field, value in fields.items():
        setattr(draft, field, value)
    return assemble(draft, agency="")[0]


def keys(asset: Asset) -> list[str]:
    return [target.key for target in asset.targets]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bentre.gov.vn", Kind.DOMAIN),
        ("https://bentre.gov.vn/", Kind.APPLICATION),
        ("HTTP://bentre.gov.vn", Kind.APPLICATION),
        ("mail.example.vn:25", Kind.SERVICE),
        ("mail.example.vn:25/smtp", Kind.SERVICE),
        ("[2001:db8::1]:25", Kind.SERVICE),
        ("192.0.2.1:22", Kind.SERVICE),
        ("2001:db8::1", Kind.DEVICE),
        ("192.0.2.1", Kind.DEVICE),
        ("192.0.2.1/24", Kind.DEVICE),
        ("192.0.2.0/24", Kind.NETWORK),
        ("2001:db8::/32", Kind.NETWORK),
    ],
)
def test_a_bare_target_tells_its_kind(text: str, expected: Kind) -> None:
    assert kind(Draft("f", 1, targets=[DraftTarget(text)])) is expected


def test_a_domain_is_asked_over_https_at_its_root_and_nothing_else() -> None:
    assert keys(asset("domain", "BenTre.gov.vn.")) == ["https://bentre.gov.vn:443/"]
    assert asset("domain", "BenTre.gov.vn.").name == "bentre.gov.vn"


def test_a_domain_may_have_a_title_of_its_own() -> None:
    made = asset("domain", "Cổng tỉnh", "bentre.gov.vn")
    assert (made.name, keys(made)) == ("Cổng tỉnh", ["https://bentre.gov.vn:443/"])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("https://Example.com", "https://example.com:443/"),
        ("http://example.com:8080/a?b=c#part", "http://example.com:8080/a?b=c"),
        ("https://[2001:DB8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://bücher.example/đường", "https://xn--bcher-kva.example:443/%C4%91%C6%B0%E1%BB%9Dng"),
        ("https://example.com/a%20b|c", "https://example.com:443/a%20b%7Cc"),
        ("example.com", "https://example.com:443/"),
    ],
)
def test_urls(text: str, key: str) -> None:
    assert keys(asset("application", "", text)) == [key]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://admin:hunter2@example.com/", "user name or password"),
        ("https://hunter2@example.com/", "user name or password"),
        ("ftp://example.com/pub", "has a path"),
        ("file:///etc/passwd", "not http, https or"),
        ("https:///path", "no host"),
        ("https://example.com:0/", "port 0"),
        ("https://example.com:99999/", "port"),
        ("https://example.com:abc/", "port"),
        ("https://exa mple.com/", "blank"),
        ("https://example.com\\@evil.example/", "backslash"),
        ("https://example.com/\r\nHost: x", "control"),
        ("https://[fe80::1]/", "needs a zone id"),
        ("https://[2001:db8::1/", "not a valid URL"),
        ("https://" + "a" * 3000, "longer than 2048"),
        ("mail.example.com:25/smtp", "not a URL"),
    ],
)
def test_urls_that_are_refused_never_show_a_secret(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason) as caught:
        asset("application", "x", text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("mail.example.vn:25/smtp", "smtp://mail.example.vn:25"),
        ("mail.example.vn/imaps", "imaps://mail.example.vn:993"),
        ("mail.example.vn:2525/SMTP", "smtp://mail.example.vn:2525"),
        ("ldap.example.vn:636", "tls://ldap.example.vn:636"),
        ("ssh.example.vn:22", "tcp://ssh.example.vn:22"),
        ("www.example.vn:443", "https://www.example.vn:443/"),
        ("www.example.vn:8443/https", "https://www.example.vn:8443/"),
        ("ns.example.vn/dns", "dns://ns.example.vn:53"),
        ("[2001:db8::1]:22/ssh", "ssh://[2001:db8::1]:22"),
        ("https://api.example.vn/v1", "https://api.example.vn:443/v1"),
        ("ssh://host.example.vn", "ssh://host.example.vn:22"),
        ("IMAPS://mail.example.vn:1993/", "imaps://mail.example.vn:1993"),
        ("ntp://[2001:db8::1]", "ntp://[2001:db8::1]:123"),
    ],
)
def test_services(text: str, key: str) -> None:
    assert keys(asset("service", "x", text)) == [key]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mail.example.vn", "needs a port"),
        ("mail.example.vn/tcp", "needs a port"),
        ("mail.example.vn:0/smtp", "1 to 65535"),
        ("mail.example.vn:70000", "1 to 65535"),
        ("mail.example.vn:25/gopher", "is not known"),
        ("log.example.vn/syslog", "anybody answers"),
        ("time.example.vn:123/udp", "needs send"),
        ("ssh://host.example.vn/path", "has a path"),
        ("ssh://user@host.example.vn", "not http, https or a known service"),
        ("gopher://host.example.vn", "not http, https or a known service"),
    ],
)
def test_services_that_are_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        asset("service", "x", text)


def test_a_service_takes_ports_from_a_column() -> None:
    assert keys(asset("service", "x", "ldap.example.vn", ports=["389", "636.0"])) == [
        "tcp://ldap.example.vn:389",
        "tls://ldap.example.vn:636",
    ]


def test_a_device_is_reached_by_any_of_its_management_ports() -> None:
    made = asset("device", "edge-1", "2001:db8::1")
    assert [(t.port, t.protocol, t.any_of) for t in made.targets] == [
        (22, Protocol.TCP, "management"),
        (443, Protocol.TCP, "management"),
    ]
    assert [t.port for t in asset("device", "edge-1", "edge1.example.vn", ports=["8443"]).targets] == [8443]


def test_a_device_says_what_is_spoken_on_its_management_ports() -> None:
    ports = ["22/ssh", "443/https", "snmp", "123", "2222", "830/netconf"]
    assert [(t.port, t.protocol) for t in asset("device", "e", "2001:db8::1", ports=ports).targets] == [
        (22, Protocol.SSH),
        (443, Protocol.TLS),
        (161, Protocol.SNMP),
        (123, Protocol.NTP),
        (2222, Protocol.TCP),
        (830, Protocol.SSH),
    ]


@pytest.mark.parametrize("text", ["25/smtp", "/tcp", "22/", "161/snmpv9", "x", "0/ssh"])
def test_a_device_is_not_managed_by_everything(text: str) -> None:
    with pytest.raises(Malformed):
        asset("device", "e", "2001:db8::1", ports=[text])


def test_a_device_of_an_export_loses_the_prefix_length_and_one_without_address_is_not_probed() -> None:
    assert asset("device", "a", "2001:db8::1/64").host == "2001:db8::1"
    assert asset("device", "vm1").targets == ()
    assert asset("device", "edge1.example.vn").host == "edge1.example.vn"


def test_a_link_local_device_keeps_its_zone() -> None:
    target = asset("device", "sw", "fe80::1%eth0", view="internal").targets[0]
    assert (target.host, target.zone) == ("fe80::1", "eth0")


def test_a_network_is_documented_and_not_probed() -> None:
    made = asset("network", "office", "192.0.2.0/24", "2001:DB8:1::/48", gateway="2001:db8:1::0001")
    assert (made.prefix, made.gateway, made.targets) == ("2001:db8:1::/48", "2001:db8:1::1", ())


def test_software_has_no_targets() -> None:
    assert asset("software", "ERP").targets == ()
    with pytest.raises(Malformed, match="no targets"):
        asset("software", "ERP", "example.com")


def test_what_is_expected_follows_the_protocol() -> None:
    web = DraftTarget("https://example.com/", expected_status=(401, 200, 401))
    raw = DraftTarget("example.com:9100/tcp", send=r"\x1bhello\r\n", expect="ok")
    made = assemble(Draft("f", 1, kind="service", name="x", targets=[web, raw]), agency="")[0]
    assert made.targets[0].expected_status == (200, 401)
    assert (made.targets[1].send, made.targets[1].expect) == ("\x1bhello\r\n", "ok")
    for wrong in (DraftTarget("https://example.com/", send="x"), DraftTarget("a.example:25", expected_status=(200,))):
        with pytest.raises(Malformed, match=r"send is for tcp and tls|expected_status is for the web"):
            assemble(Draft("f", 1, kind="service", name="x", targets=[wrong]), agency="")


def test_a_health_page_may_expect_a_text_or_a_json_value() -> None:
    for expect in ("ok", "json:/status=ok"):
        draft = Draft("f", 1, kind="application", targets=[DraftTarget("https://example.com/health", expect=expect)])
        target = assemble(draft, agency="")[0].targets[0]
        assert target.expect == expect
        assert target.key == f"https://example.com:443/health {expect!r}"
    wrong = DraftTarget("https://example.com/health", expect="json:status")
    with pytest.raises(Malformed, match="needs the form json:/pointer=value"):
        assemble(Draft("f", 1, kind="application", targets=[wrong]), agency="")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": "toaster", "name": "x"}, "kind 'toaster' is not one of"),
        ({"kind": "domain", "name": ""}, "needs a name"),
        ({"kind": "domain", "name": "192.0.2.1"}, "is an address"),
        ({"kind": "domain", "name": "a.example", "ports": ["25"]}, "use kind service"),
        ({"kind": "device", "name": ""}, "name or an address"),
        ({"kind": "device", "name": "x", "gateway": "::1"}, "only a network"),
        ({"kind": "domain", "name": "a.example", "view": "secret"}, "public or internal"),
        ({"kind": "domain", "name": "a.example", "weight": "-1"}, "weight"),
        ({"kind": "domain", "name": "a.example", "weight": "nan"}, "weight"),
        ({"kind": "domain", "name": "a.example", "id": "a b"}, "blanks"),
        ({"kind": "software", "name": "a\nb"}, "line break"),
        ({"kind": "software", "name": "x" * 501}, "longer than 500"),
        ({"kind": "", "name": ""}, "neither a name nor a target"),
    ],
)
def test_rows_that_are_refused(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        asset(**fields)  # type: ignore[arg-type]


def test_an_id_depends_on_kind_and_target_and_on_nothing_else() -> None:
    first = asset("domain", "bentre.gov.vn")
    again = asset("domain", "BENTRE.gov.vn.", owner="x", tags=["portal"], weight="3")
    assert first.id == again.id == "domain-" + first.id.removeprefix("domain-")
    assert len(first.id) == len("domain-") + 16
    assert asset("domain", "www.bentre.gov.vn").id != first.id
    assert asset("application", "", "https://bentre.gov.vn/").id != first.id
    assert asset("domain", "bentre.gov.vn", id="given").id == "given"


def test_a_link_local_address_is_another_target_on_every_interface():
    found = {
        keys(asset("device", "x", f"fe80::1%{zone}", ports=["22"], view="internal"))[0] for zone in ("eth0", "eth1")
    }
    assert found == {"tcp://[fe80::1%eth0]:22", "tcp://[fe80::1%eth1]:22"}
