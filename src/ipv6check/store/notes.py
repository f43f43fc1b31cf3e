"""Notes: small texts that outlive a process, such as the memory of alerting. They lie beside the store's own marks."""

from sqlalchemy import select

from ipv6check.store.bulk import BulkInsert, OnConflict
from ipv6check.store.codec import key
from ipv6check.store.database import Database
from ipv6check.store.tables import meta as table

_PREFIX = "note/"
_upsert = BulkInsert(table, on_conflict=OnConflict.REPLACE)


class Notes:
    """Texts by name. Every method may raise ``StoreError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, name: str) -> str:
        """The text of a note; empty if there is none."""
        query = select(table.c.value).where(table.c.key == key(_PREFIX + name))
        rows = await self._database.fetch(query)
        return str(rows[0].value) if rows else ""

    async def keep(self, name: str, text: str) -> None:
        """Replace a note as a whole. It is on disk when this returns."""
        row = (key(_PREFIX + name), text)

        async def once() -> None:
            async with self._database.transaction() as connection:
                await _upsert.write(connection, [row])

        await self._database.patiently(once)
