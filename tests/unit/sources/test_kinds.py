"""Every kind of source is known by its content and gives the assets it lists; what cannot be used is told."""

from datetime import date
from pathlib import Path

import pytest

from ipv6check.files.problem import Problems
from ipv6check.inventory.agencies import folded
from ipv6check.model.trouble import Trouble
from ipv6check.sources.assembly import Imported, Mapped, assembled
from ipv6check.sources.opening import Wanted, harvest_of

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 23)


def imported(name: str, *, mapped: Mapped | None = None, **wanted: str) -> Imported:
    return assembled([harvest_of(str(DATA / name), Wanted(**wanted))], mapped or Mapped(), today=TODAY)


def listed(found: Imported) -> list[tuple[str, str]]:
    return [(asset.kind.value, " ".join(dict.fromkeys(t.host for t in asset.targets)) or asset.name) for asset in found]


def test_nmap_gives_open_ports_only_with_the_day_of_the_scan():
    found = imported("sources/nmap.xml")
    (asset,) = found
    assert [(t.host, t.port, t.protocol) for t in asset.targets] == [("::1", 18080, "http")]
    assert asset.source == "nmap nmap.xml"
    assert asset.seen == date(2026, 11, 23)
    assert not found.faults


def test_ansible_gives_devices_and_takes_no_secret():
    found = imported("sources/ansible.json")
    by_name = {asset.name: asset for asset in found}
    assert set(by_name) == {"www.example.vn", "edge-1", "sw1.example.vn", "sw2.example.vn"}
    assert {t.host for t in by_name["www.example.vn"].targets} == {"2001:db8::10", "www.example.vn"}
    assert [t.port for t in by_name["edge-1"].targets] == [2222]
    assert by_name["edge-1"].agency == "so-y-te"
    assert by_name["edge-1"].tags == ("portals",)
    assert "hunter2" not in repr(list(found))
    assert [(reason, count) for _, reason, count in found.left_out] == [("the control host itself", 1)]


def test_zgrab_gives_what_answered_and_tells_of_broken_lines():
    found = imported("sources/zgrab2.jsonl")
    assert [(t.host, t.port, t.protocol) for asset in found for t in asset.targets] == [
        ("www.example.vn", 443, "https"),
        ("2001:db8::25", 25, found.listed[1].targets[0].protocol),
    ]
    assert [fault.line for fault in found.faults] == [3, 4]
    assert found.whole == frozenset()


def test_httpx_gives_urls_and_refuses_credentials_without_showing_them():
    found = imported("sources/httpx.jsonl")
    assert listed(found) == [("application", "www.example.vn"), ("application", "app.example.vn")]
    (fault,) = found.faults
    assert fault.line == 3
    assert "pw" not in fault.message
    assert "\x1b" not in repr([asset.name for asset in found])


@pytest.mark.parametrize(
    ("file", "targets"),
    [
        ("file_sd.json", {"www.example.vn:443", "portal.example.vn:443", "2001:db8::5:9100", "db.example.vn:5432"}),
        ("file_sd.yml", {"www.example.vn:443", "web.example.vn:8443"}),
    ],
)
def test_service_discovery_files(file, targets):
    found = imported(f"sources/{file}")
    assert {f"{t.host}:{t.port}" for asset in found for t in asset.targets} == targets
    assert [agency.name("und") for agency in found.agencies.values()] == ["Sở Y tế"]


def test_zone_lists_names_that_people_open_and_services_behind_mx_and_ns():
    found = imported("sources/example.zone")
    assert listed(found) == [
        ("domain", "example.vn"),
        ("service", "mail.example.vn"),
        ("service", "ns1.example.vn"),
        ("domain", "portal.example.vn"),
        ("domain", "www.example.vn"),
    ]
    assert sum(count for _, _, count in found.left_out) == 5
    assert found.sources == ("zone example.vn",)


def test_netbox_with_display_names():
    found = imported("sources/netbox-display.csv", mapped=Mapped(without_roles=frozenset({"patch-panel"})))
    (asset,) = found
    assert (asset.id, asset.kind, asset.role) == ("netbox-device-1", "device", "router")
    assert {t.host for t in asset.targets} == {"2001:db8:1::1", "192.0.2.1"}
    assert asset.agency == "dunder-mifflin-inc"
    assert {reason for _, reason, _ in found.left_out} == {
        "rows whose status is not active",
        "entries with the role patch-panel",
    }


def test_tenants_become_the_agencies_that_are_meant():
    mapped = Mapped(names={folded("Dunder-Mifflin, Inc."): "so-y-te"}, default="khac")
    found = imported("inventory/netbox-devices.csv", mapped=mapped)
    assert {asset.agency for asset in found} >= {"so-y-te"}
    assert "dunder-mifflin-inc" not in found.agencies


@pytest.mark.parametrize(
    "file",
    [
        "de-gov-domains.csv",
        "uk-gov-domains-2016.csv",
        "us-federal-websites.csv",
        "us-gov-domains.csv",
        "netbox-devices.csv",
        "netbox-ip-addresses.csv",
        "netbox-prefixes.csv",
    ],
)
def test_real_lists_lose_nothing_silently(file):
    path = DATA / "inventory" / file
    found = imported(f"inventory/{file}")
    rows = sum(1 for line in path.read_text(encoding="utf-8").splitlines()[1:] if line.strip(", \t"))
    left_out = sum(count for _, _, count in found.left_out)
    twice = sum("listed twice" in note.message for note in found.notes)
    assert found.count + len(found.faults) + left_out + twice == rows
    assert all(fault.line > 1 for fault in found.faults)
    assert all(asset.source == f"csv {file}" for asset in found)


def test_lists_of_agencies_alone_give_agencies():
    found = imported("inventory/us-gov-federal-agencies.csv")
    assert found.count == 0
    assert len(found.agencies) > 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><nmaprun><host>&c;</host></nmaprun>', "entities"),
        ("<nmaprun><host>", "not valid XML"),
        ("<html></html>", "not of nmap"),
        ('{"a": 1}', "no kind that is known"),
        ("[" * 100_000, "not valid JSON"),
        ("$ORIGIN example.vn.\n$GENERATE 1-99999999 h$ A 192.0.2.1\n", "GENERATE"),
        ("$ORIGIN example.vn.\n$INCLUDE /etc/passwd\n", "not a zone file"),
        ("$TTL 60\n@ IN SOA a b 1 1 1 1 1\n", "--origin"),
        ("", "is empty"),
    ],
)
def test_what_cannot_be_used_is_one_clear_sentence(tmp_path, text, message):
    path = tmp_path / "source"
    path.write_text(text)
    with pytest.raises(Trouble, match=message) as told:
        harvest_of(str(path), Wanted())
    assert "\n" not in str(told.value)
    assert "root:" not in str(told.value)


@pytest.mark.parametrize(
    "source",
    [
        "https://user:secret@netbox.example.vn/",
        "https://netbox.example.vn/?token=secret",
        "axfr://x:secret@ns1.example.vn/example.vn",
        "ftp://secret.example.vn/",
        "http://netbox.example.vn/",
    ],
)
def test_addresses_with_secrets_and_clear_text_tokens_are_refused(source):
    with pytest.raises(Trouble) as told:
        harvest_of(source, Wanted(kind="netbox", token="0123456789abcdef"))
    assert "0123456789abcdef" not in str(told.value)
    assert "secret@" not in str(told.value)


def test_a_cut_off_table_is_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('domain,agency\na.example.vn,"open')
    found = assembled([harvest_of(str(path), Wanted())], Mapped(), today=TODAY)
    assert [fault.line for fault in found.faults] == [2]
    with pytest.raises(Problems):
        harvest_of(str(path), Wanted(kind="yaml"))


def test_two_bodies_may_have_the_same_private_prefix_if_their_rows_have_numbers(tmp_path):
    path = tmp_path / "prefixes.csv"
    path.write_text("Prefix,Status,Tenant,ID\n10.0.0.0/24,Active,A,1\n10.0.0.0/24,Active,B,2\n")
    found = assembled([harvest_of(str(path), Wanted())], Mapped(), today=TODAY)
    assert [(asset.id, asset.agency) for asset in found] == [("netbox-prefix-1", "a"), ("netbox-prefix-2", "b")]
    assert not found.faults
    path.write_text("Prefix,Status,Tenant\n10.0.0.0/24,Active,A\n10.0.0.0/24,Active,B\n")
    found = assembled([harvest_of(str(path), Wanted())], Mapped(), today=TODAY)
    assert (found.count, [fault.line for fault in found.faults]) == (1, [3])


def test_a_table_without_a_column_to_check_is_refused_as_a_whole(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text("old_commune,new_commune\nA,B\n")
    with pytest.raises(Problems, match="no column says what to check"):
        harvest_of(str(path), Wanted())
