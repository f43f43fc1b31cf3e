"""Who works on a scan: a lease in the database, so that two processes never resume the same scan.

Scans of different ids need no lock. A lease names host and process; it is stale when that process is gone (same
host) or has not renewed it for two minutes (any other host).
"""

import asyncio
import os
import platform
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from ipv6check.store.database import Database
from ipv6check.store.errors import ScanBusy, StoreError
from ipv6check.store.tables import lease as table

RENEW_S = 15.0
STALE_S = 120.0


class Lease:
    """The right to work on a scan. ``lost`` turns True if another process has taken it over."""

    def __init__(self, database: Database, scan: int) -> None:
        self._database = database
        self._scan = scan
        self._token = secrets.token_hex(16)
        self.lost = False

    async def take(self, name: str) -> None:
        """Take the lease, over from a process that is gone if need be. Raises ``ScanBusy``."""
        mine = {
            "token": self._token,
            "host": _host(),
            "pid": os.getpid(),
            "born": process_birth(os.getpid()) or "",
            "renewed": time.time(),
        }
        query = select(table).where(table.c.scan == self._scan)
        async with self._database.write() as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is not None and _is_held(row):
                raise ScanBusy(f"scan {name} is being worked on by process {row.pid} on {row.host}")
            if row is None:
                try:
                    await connection.execute(table.insert().values(scan=self._scan, **mine))
                except IntegrityError as error:
                    raise ScanBusy(f"scan {name} was taken by another process just now") from error
                return
            changed = update(table).where(table.c.scan == self._scan, table.c.token == row.token).values(**mine)
            if (await connection.execute(changed)).rowcount != 1:
                raise ScanBusy(f"scan {name} was taken by another process just now")

    async def renew(self) -> None:
        """Show that this process is alive."""
        mine = update(table).where(table.c.scan == self._scan, table.c.token == self._token)
        async with self._database.write() as connection:
            self.lost = (await connection.execute(mine.values(renewed=time.time()))).rowcount != 1

    async def release(self) -> None:
        """Give the lease back, if it is still ours."""
        async with self._database.write() as connection:
            await connection.execute(delete(table).where(table.c.scan == self._scan, table.c.token == self._token))


@asynccontextmanager
async def hold(database: Database, scan: int, name: str, *, renew_s: float = RENEW_S) -> AsyncIterator[Lease]:
    """Hold the lease of a scan for the length of a block. Raises ``ScanBusy`` if another live process has it."""
    lease = Lease(database, scan)
    await lease.take(name)
    renewing = asyncio.create_task(_keep_renewing(lease, renew_s))
    try:
        yield lease
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        # A database that is gone now frees the lease by itself: it turns stale.
        with suppress(StoreError):
            await lease.release()


async def _keep_renewing(lease: Lease, every_s: float) -> None:
    while not lease.lost:
        await asyncio.sleep(every_s)
        with suppress(StoreError):
            await lease.renew()


def _is_held(row: Row[Any]) -> bool:
    recent = bool(time.time() - row.renewed < STALE_S)
    if row.host != _host():
        return recent
    birth = process_birth(row.pid)
    if birth is None:
        return False
    # Where the birth of a process cannot be told, an old lease of a living pid may be a reused number.
    return bool(birth == row.born) if birth and row.born else recent


def process_birth(pid: int) -> str | None:
    """What tells a process from a later one with its number: boot and start tick. Empty if unknown, None if gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except (PermissionError, OverflowError):
        pass
    try:
        # The name in field 2 may hold spaces and brackets; after its last bracket, start time is the 20th field.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    return f"{boot} {fields[19]}"


def _host() -> str:
    return platform.node()
