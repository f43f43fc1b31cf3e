"""The whole embedded world, up for the length of a block."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ipv6check.demo.nameserver import NameServer
from ipv6check.demo.province import HOSTS, inventory_yaml
from ipv6check.demo.servers import Servers


@dataclass(frozen=True, slots=True)
class World:
    """Where the demo's inventory lies, its resolver, and its self-test anchors."""

    inventory: Path
    resolver: str
    anchors: tuple[str, ...]


@asynccontextmanager
async def running_world(folder: Path) -> AsyncIterator[World]:
    """Start every server, write the inventory and the root certificate into ``folder``, and trust that root alone.

    Raises OSError where this machine has no ``::1``.
    """
    servers = Servers()
    nameserver = NameServer(HOSTS)
    root = folder / "root.pem"
    trusted = os.environ.get("SSL_CERT_FILE")
    try:
        await servers.start()
        port = await nameserver.start()
        servers.authority.write_root(root)
        os.environ["SSL_CERT_FILE"] = str(root)
        inventory = folder / "inventory.yaml"
        inventory.write_text(inventory_yaml(servers.ports), encoding="utf-8")
        anchors = tuple(f"[::1]:{servers.ports[role]}" for role in ("web", "smtp", "ssh"))
        yield World(inventory, f"[::1]:{port}", (*anchors, f"127.0.0.1:{servers.ports['web']}"))
    finally:
        if trusted is None:
            os.environ.pop("SSL_CERT_FILE", None)
        else:
            os.environ["SSL_CERT_FILE"] = trusted
        await nameserver.stop()
        await servers.stop()
