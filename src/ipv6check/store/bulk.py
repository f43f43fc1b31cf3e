"""Many rows in one statement: the write path of inventories and results.

Why not ``executemany``: sqlite3 gives the interpreter lock away at every row and must win it back from a busy
event loop. Measured with the loop's thread busy: under 3,000 rows/s by executemany, 41,000 with 500 rows in one
VALUES list (idle: 120,000 both). On Postgres 15, upsert included: executemany 32,000 rows/s at 15 µs of our CPU a
row, arrays through unnest() the same, one JSON document 73,000 at 1.9 µs, COPY into a staging table 92,000 at
1.9 µs; the document needs no staging table, so it is what is used.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import chain

import msgspec
from sqlalchemy import BigInteger, Float, Integer, Table

from ipv6check.store.leansql import AsyncConnection

# SQLite takes 32,766 parameters a statement; longer lists than this gain nothing.
_SQLITE_PARAMETERS = 3000
_POSTGRES_ROWS = 5000


class OnConflict(Enum):
    """What happens to a row whose primary key is there already."""

    REPLACE = "replace"
    KEEP = "keep"


class BulkInsert:
    """Inserts rows of all of a table's columns, in the table's order, a few thousand a statement."""

    def __init__(self, table: Table, *, on_conflict: OnConflict) -> None:
        # Every name below comes from tables.py, so nothing foreign gets into the text.
        self._columns = [column.name for column in table.columns]
        names = ", ".join(self._columns)
        keys = [column.name for column in table.primary_key.columns]
        rest = ", ".join(f"{name} = excluded.{name}" for name in self._columns if name not in keys)
        action = f"DO UPDATE SET {rest}" if on_conflict is OnConflict.REPLACE else "DO NOTHING"
        self._head = f"INSERT INTO {table.name} ({names}) "
        self._tail = f" ON CONFLICT ({', '.join(keys)}) {action}"
        types = ", ".join(f"{column.name} {_postgres_type(column.type)}" for column in table.columns)
        self._postgres = f"{self._head}SELECT {names} FROM json_to_recordset(%s::json) AS r({types}){self._tail}"
        most = _SQLITE_PARAMETERS // len(self._columns)
        self._sqlite_sizes = {rows: self._sqlite(rows) for rows in (most, *_powers_of_two_below(most))}

    def _sqlite(self, rows: int) -> str:
        row = f"({', '.join('?' * len(self._columns))})"
        return f"{self._head}VALUES {', '.join([row] * rows)}{self._tail}"

    async def write(self, connection: AsyncConnection, rows: Sequence[Sequence[object]]) -> int:
        """Insert inside the caller's transaction; how many rows were written. No key may occur twice in ``rows``."""
        if connection.dialect.name == "sqlite":
            return await self._write_sqlite(connection, rows)
        written = 0
        for start in range(0, len(rows), _POSTGRES_ROWS):
            part = rows[start : start + _POSTGRES_ROWS]
            document = msgspec.json.encode([dict(zip(self._columns, row, strict=True)) for row in part]).decode()
            written += (await connection.exec_driver_sql(self._postgres, (document,))).rowcount
        return written

    async def _write_sqlite(self, connection: AsyncConnection, rows: Sequence[Sequence[object]]) -> int:
        """In statements of few different lengths: sqlite3 keeps 128 of a connection prepared, which for as many
        different lists of values are 50 MB."""
        written = start = 0
        for size, statement in self._sqlite_sizes.items():
            while len(rows) - start >= size:
                values = tuple(chain.from_iterable(rows[start : start + size]))
                written += (await connection.exec_driver_sql(statement, values)).rowcount
                start += size
        return written


def _powers_of_two_below(most: int) -> list[int]:
    """Falling, down to 1."""
    return [1 << bits for bits in reversed(range((most - 1).bit_length()))]


def _postgres_type(column_type: object) -> str:
    match column_type:
        case BigInteger():
            return "bigint"
        case Integer():
            return "integer"
        case Float():
            return "double precision"
        case _:
            return "text"
