"""What a machine says of its sockets, brought into a store and judged by a scan: the whole way, by the commands."""

import asyncio
import json
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from ipv6check.demo.nameserver import NameServer
from ipv6check.demo.province import HOSTS, host
from tests.loopback.hosts.test_this_machine import opened

INVENTORY = """\
schema: ipv6check.inventory/1
agencies: [{{id: so, name: {{vi: Sở Thử nghiệm, en: Test Department}}, level: department}}]
assets:
  - {{id: four, kind: service, agency: so, name: four, tags: ['host:box'], targets: ['{host}:{four}/tcp']}}
  - {{id: proxied, kind: software, agency: so, name: Proxied, tags: ['host:box', 'port:tcp/{proxied}']}}
  - {{id: six, kind: software, agency: so, name: Six, tags: ['host:box', 'port:tcp/{six}']}}
  - {{id: elsewhere, kind: software, agency: so, name: Elsewhere}}
  - {{id: router, kind: device, agency: so, name: edge-1, tags: ['mac:02:00:00:00:00:01'], targets: ['192.0.2.1']}}
  - {{id: switch, kind: device, agency: so, name: sw-1, tags: ['mac:02:00:00:00:00:02'], targets: ['192.0.2.2']}}
  - {{id: lan, kind: network, agency: so, name: LAN, targets: ['2405:4800:1::/48']}}
  - {{id: attic, kind: network, agency: so, name: Attic, targets: ['2405:4800:2::/48']}}
  - {{id: printer, kind: device, agency: so, name: lp-1, targets: ['192.0.2.3']}}
"""
NEIGHBOURS = """\
2405:4800:1::1 dev eth0 lladdr 02:00:00:00:00:01 REACHABLE
fe80::2 dev eth0 lladdr 02:00:00:00:00:02 STALE
"""


async def ask(folder: Path, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ipv6check", *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=sys.stderr
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_evidence_from_inside_decides_what_no_packet_could(tmp_path: Path) -> None:
    names = NameServer(HOSTS)
    resolver = f"[::1]:{await names.start()}"
    with ExitStack() as stack:
        sockets = {"four": "0.0.0.0", "proxied": "127.0.0.1", "six": "::"}
        ports = {
            name: stack.enter_context(closing(opened(address))).getsockname()[1] for name, address in sockets.items()
        }
        (tmp_path / "inventory.yaml").write_text(INVENTORY.format(host=host("v6site"), **ports), encoding="utf-8")
        (tmp_path / "neighbours.txt").write_text(NEIGHBOURS, encoding="utf-8")
        wrote = await ask(tmp_path, "host", "--out", "box.json", "--name", "box", "--format", "none")
    files = ("box.json", "neighbours.txt", "--inventory", "inventory.yaml", "--observed", "2026-11-20")
    took = await ask(tmp_path, "import", "evidence", *files, "--json")
    anchor = await asyncio.start_server(lambda _, writer: writer.close(), "::1", 0)
    where = ("--resolver", resolver, "--anchor", f"[::1]:{anchor.sockets[0].getsockname()[1]}")
    scanned = await ask(
        tmp_path, "scan", "inventory.yaml", *where, "--rules", "HST001,DEV003,NET003", "--format", "jsonl"
    )
    shown = await ask(tmp_path, "show", "router", "--lang", "en")
    anchor.close()
    await names.stop()
    assert (wrote[0], took[0], shown[0]) == (0, 0, 0)
    lines = [json.loads(line) for line in scanned[1].splitlines()]
    said = {one["asset"]: (one["status"], one["tag"]) for one in lines if one.get("rule") == "HST001"}
    assert said == {
        "four": ("fail", "listens-on-ipv4-only"),
        "proxied": ("unknown", "listens-on-loopback-only"),
        "six": ("pass", "listens-on-ipv6"),
    }
    assert "neighbours.txt:1" in shown[1]
    assert "2405:4800:1::1" in shown[1]
    assert "IPv6 on the device: addressed (more could not be tested)  DEV003" in shown[1]
    others = ("DEV003", "NET003")
    seen = {one["asset"]: (one["status"], one["tag"]) for one in lines if one.get("rule") in others}
    assert seen == {
        "router": ("pass", "address-seen"),
        "switch": ("unknown", "seen-without-address"),
        "lan": ("pass", "prefix-seen"),
        "attic": ("not-applicable", "nothing-imported"),
        "printer": ("not-applicable", "nothing-imported"),
    }
