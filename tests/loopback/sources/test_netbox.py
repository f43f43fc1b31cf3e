"""NetBox over HTTP: a server that answers as its REST API does, with pages, both kinds of tokens and its faults."""

import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from ipv6check.model.trouble import Trouble
from ipv6check.sources.assembly import Mapped, assembled
from ipv6check.sources.opening import Wanted, harvest_of

V1, V2 = "0123456789abcdef0123456789abcdef01234567", "nbt_abc.secretpart"
ACTIVE = {"value": "active", "label": "Active"}
TENANT = {"id": 5, "name": "Sở Y tế", "slug": "so-y-te"}


def _machine(number: int, **more: object) -> dict[str, object]:
    return {"id": number, "name": f"m{number}", "status": ACTIVE, "tenant": TENANT, "role": {"name": "Router"}} | more


LISTS: dict[str, list[dict[str, object]]] = {
    "/api/ipam/ip-addresses/": [
        {"id": 1, "address": "2001:db8::1/64", "status": ACTIVE, "dns_name": "r1.example.vn", "assigned_object": {}},
        {"id": 2, "address": "192.0.2.9/24", "status": ACTIVE, "dns_name": "Web.example.vn", "tenant": TENANT},
        {"id": 3, "address": "2001:db8::9/64", "status": ACTIVE, "dns_name": "web.example.vn", "tenant": TENANT},
        {"id": 4, "address": "192.0.2.10/24", "status": ACTIVE, "dns_name": ""},
    ],
    "/api/dcim/devices/": [
        _machine(
            1,
            primary_ip6={"id": 1, "address": "2001:db8::1/64"},
            primary_ip4={"id": 8, "address": "192.0.2.1/24"},
            tags=[{"name": "Core"}],
        ),
        _machine(2, status={"value": "planned"}),
        _machine(3, name=None, role={"name": "Patch Panel"}),
    ],
    "/api/virtualization/virtual-machines/": [_machine(1, name="vm1", tenant=None)],
    "/api/ipam/prefixes/": [
        {"id": 1, "prefix": "192.0.2.0/24", "status": ACTIVE, "vlan": {"id": 3, "name": "office"}, "tenant": TENANT},
        {"id": 2, "prefix": "2001:db8::/64", "status": ACTIVE, "vlan": {"id": 3, "name": "office"}, "tenant": TENANT},
        {"id": 3, "prefix": "10.0.0.0/8", "status": {"value": "container"}},
    ],
}
LISTS["/api/ipam/ip-addresses/"][0]["assigned_object"] = {"id": 1}


class _NetBox(BaseHTTPRequestHandler):
    """``/short`` tells of more than it gives, ``/moved`` redirects, ``/html`` is something else."""

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        first, _, rest = place.path.lstrip("/").partition("/")
        fault, path = (first, f"/{rest}") if first in ("short", "moved", "html", "circle") else ("", place.path)
        self.server.seen.append(self.headers.get("Authorization"))
        if fault == "moved":
            self._answer(302, b"", location="https://elsewhere.example/api/")
        elif fault == "html":
            self._answer(200, b"<html>")
        elif self.headers.get("Authorization") not in (f"Token {V1}", f"Bearer {V2}"):
            self._answer(403, b'{"detail": "Invalid token"}')
        else:
            self._page(LISTS[path], int(parse_qs(place.query).get("offset", ["0"])[0]), path, fault)

    def _page(self, whole: list[dict[str, object]], offset: int, path: str, fault: str) -> None:
        part = whole[offset : offset + 2]
        following = None
        if offset + 2 < len(whole):
            # As behind a proxy: another host, and no TLS. The token must not go there.
            at = offset if fault == "circle" and offset else offset + 2
            following = f"http://netbox.internal.example{path}?limit=2&offset={at}"
            if fault == "circle":
                following = f"http://netbox.internal.example{path}?limit=500"
        body = {"count": len(whole) + (fault == "short"), "next": following, "results": part}
        self._answer(200, json.dumps(body).encode())

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture(scope="module")
def netbox():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _NetBox)
    server.seen = []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def harvest(netbox, token: str, path: str = ""):
    return harvest_of(f"http://127.0.0.1:{netbox.server_port}{path}", Wanted(kind="netbox", token=token))


@pytest.mark.parametrize(("token", "header"), [(V1, f"Token {V1}"), (V2, f"Bearer {V2}")])
def test_machines_names_and_networks(netbox, token, header):
    netbox.seen.clear()
    mapped = Mapped(without_roles=frozenset({"patch-panel"}), default="khac")
    found = assembled([harvest(netbox, token)], mapped, today=date(2026, 11, 23))
    assert set(netbox.seen) == {header}
    by_id = {asset.id: asset for asset in found}
    assert set(by_id) == {"netbox-device-1", "netbox-vm-1", "netbox-name-web.example.vn", "netbox-vlan-3"}
    router = by_id["netbox-device-1"]
    assert {t.host for t in router.targets} == {"2001:db8::1", "192.0.2.1", "r1.example.vn"}
    assert (router.agency, router.role, router.tags) == ("so-y-te", "router", ("core",))
    assert by_id["netbox-vm-1"].agency == "khac"
    assert {t.host for t in by_id["netbox-name-web.example.vn"].targets} == {
        "web.example.vn",
        "192.0.2.9",
        "2001:db8::9",
    }
    assert by_id["netbox-vlan-3"].prefix == "2001:db8::/64"
    assert sum(count for _, _, count in found.left_out) == 3
    assert not found.faults
    assert token not in repr(list(found)) + repr(found.sources)


def test_a_list_that_is_not_whole_is_told(netbox):
    found = harvest(netbox, V1, "/short")
    assert len(found.faults) == 4
    assert "not whole" in found.faults[0].message


@pytest.mark.parametrize(
    ("path", "token", "message"),
    [
        ("", "fedcba98", "403"),
        ("/moved", V1, "redirects are not followed"),
        ("/html", V1, "does not answer with JSON"),
        ("/circle", V1, "circle"),
        ("", "two words", "holds a blank"),
    ],
)
def test_faults_are_one_sentence_without_the_token(netbox, path, token, message):
    with pytest.raises(Trouble, match=message) as told:
        harvest(netbox, token, path)
    assert token not in str(told.value)
    assert "\n" not in str(told.value)
