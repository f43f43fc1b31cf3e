"""Imported evidence between scans: one entry for each source, vantage and subject, the newest. A scan copies what it
judges by into its own evidence, so that replacing an entry here changes no scan that was made."""

import hashlib
from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from ipv6check.model.imported import Bundle, Claim
from ipv6check.store.bulk import BulkInsert, OnConflict
from ipv6check.store.codec import to_json
from ipv6check.store.database import Database
from ipv6check.store.errors import NewerStore
from ipv6check.store.tables import meta as table

_PREFIX, _AFTER = "import/", "import0"  # the digit follows the slash
_upsert = BulkInsert(table, on_conflict=OnConflict.REPLACE)
_decoder = msgspec.json.Decoder(Bundle)


class Taken(StrEnum):
    """What became of a file: ``same`` was there already, ``older`` is older than what is there and was not taken."""

    NEW = "new"
    REPLACED = "replaced"
    SAME = "same"
    OLDER = "older"


class Imports:
    """Every method may raise ``StoreError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Bundle]:
        """Everything that was brought in."""
        query = select(table.c.value).where(table.c.key >= _PREFIX, table.c.key < _AFTER).order_by(table.c.key)
        return [_decoded(row.value) for row in await self._database.fetch(query)]

    async def take(self, bundles: Sequence[Bundle], is_known: Callable[[Claim], bool]) -> list[Taken]:
        """Store what is new, all of it in one transaction or nothing.

        ``is_known`` tells of a claim's asset whether these files could have spoken of it; claims about other assets
        (another inventory, another agency) stay as they are.
        """
        async with self._database.write() as connection:
            told: list[Taken] = []
            rows: dict[str, str] = {}
            for bundle in bundles:
                name = _PREFIX + hashlib.sha256(bundle.key.encode("utf-8", "replace")).hexdigest()
                stored = rows.get(name)
                if stored is None:
                    query = select(table.c.value).where(table.c.key == name)
                    stored = (await connection.execute(query)).scalar_one_or_none()
                kept, what = _merged(bundle, _decoded(stored) if stored is not None else None, is_known)
                told.append(what)
                if what in (Taken.NEW, Taken.REPLACED):
                    rows[name] = to_json(kept, cut=False)
            await _upsert.write(connection, list(rows.items()))
        return told


def _merged(bundle: Bundle, stored: Bundle | None, is_known: Callable[[Claim], bool]) -> tuple[Bundle, Taken]:
    if stored is None:
        return bundle, Taken.NEW
    if stored.provenance.taken_at > bundle.provenance.taken_at:
        return stored, Taken.OLDER
    others = tuple(claim for claim in stored.claims if not is_known(claim))
    merged = replace(bundle, claims=tuple(sorted((*bundle.claims, *others), key=lambda one: (one.asset, one.kind))))
    return merged, Taken.SAME if _plain(merged) == _plain(stored) else Taken.REPLACED


def _plain(bundle: Bundle) -> str:
    claims = sorted(bundle.claims, key=lambda one: (one.asset, one.kind))
    return to_json(replace(bundle, claims=tuple(claims)), cut=False)


def _decoded(text: str) -> Bundle:
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise NewerStore(f"the database holds imported evidence that this release cannot read: {error}") from error
