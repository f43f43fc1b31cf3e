"""What a database can refuse, as one clear sentence each; driver exceptions never leave ``store/``."""

import sqlite3
from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ipv6check.model.record import Record
from ipv6check.model.trouble import Trouble


class StoreError(Trouble):
    """The store could not do its job. ``str()`` is one sentence for people and holds no password."""


class MissingStore(StoreError):
    """There is no database where one was asked for."""


class ForeignStore(StoreError):
    """The database belongs to another program; it was not touched."""


class NewerStore(StoreError):
    """A later release made the database."""


class OlderStore(StoreError):
    """An earlier release made the database; ``ipv6check db upgrade`` brings it up to date."""


class CorruptStore(StoreError):
    """The database cannot be read."""


class ReadOnlyStore(StoreError):
    """The database may not be written."""


class LockedStore(StoreError):
    """Another process has kept the database locked for too long."""


class FullDisk(StoreError):
    """There is no space left for the database."""


class UnreachableStore(StoreError):
    """The database server cannot be reached, or was lost and did not come back."""


class MissingDriver(StoreError):
    """The optional driver of this kind of database is not installed."""


class BadStoreUrl(StoreError):
    """The database URL names no kind of database that is known."""


class UnknownScan(StoreError):
    """No scan, or more than one, goes by that name."""


class ScanExists(StoreError):
    """A scan with this id is already stored."""


class ScanBusy(StoreError):
    """Another live process works on this scan."""


class Duplicate(Record, frozen=True, kw_only=True):
    """Two assets with one id: where each was written, as ``file:line``, empty where unknown."""

    id: str
    first: str
    second: str


class DuplicateAssets(StoreError):
    """Assets of one inventory share an id. ``duplicates`` holds the first of ``total``."""

    def __init__(self, duplicates: Iterable[Duplicate], *, total: int) -> None:
        self.duplicates = tuple(duplicates)
        self.total = total
        one = self.duplicates[0]
        super().__init__(f"{total} assets repeat an id that is taken, first {one.id!r} ({one.first} and {one.second})")


_SQLITE: tuple[tuple[tuple[str, ...], type[StoreError], str], ...] = (
    (("readonly", "read-only", "attempt to write"), ReadOnlyStore, "the database {place} is read-only"),
    (("locked", "busy"), LockedStore, "the database {place} is locked by another process"),
    (("is full",), FullDisk, "no space is left for the database {place}"),
    (("disk i/o error",), FullDisk, "the disk failed or is full while using the database {place}"),
    (("not a database",), ForeignStore, "{place} is not a SQLite database; it was left as it is"),
    (("malformed", "corrupt"), CorruptStore, "the database {place} is damaged; restore it from a copy"),
    (("unable to open",), MissingStore, "the database {place} cannot be opened; does its directory exist?"),
)

# SQLSTATE classes and codes, PostgreSQL manual appendix A.
_POSTGRES: dict[str, tuple[type[StoreError], str]] = {
    "53100": (FullDisk, "no space is left for the database {place}"),
    "25006": (ReadOnlyStore, "the database {place} is read-only"),
    "42501": (ReadOnlyStore, "this user may not write to the database {place}"),
    "55P03": (LockedStore, "the database {place} is locked by another process"),
    "28P01": (UnreachableStore, "the database {place} refused the password"),
    "28000": (UnreachableStore, "the database {place} refused this user"),
    "3D000": (MissingStore, "the server knows no such database or user: {place}; create it first"),
    "XX001": (CorruptStore, "the database {place} is damaged; restore it from a copy"),
    "XX002": (CorruptStore, "an index of the database {place} is damaged"),
}
# libpq passes no SQLSTATE on when a connection is refused, only the server's words (in its language).
_REFUSED = (("password authentication failed", "28P01"), ('" does not exist', "3D000"), ("no pg_hba.conf", "28000"))
# Too many clients, a deadlock, a serialisation failure and every kind of shutdown pass by themselves.
_PASSING = ("08", "53300", "57P", "40001", "40P01")


def sqlstate(error: BaseException) -> str:
    """The SQLSTATE a Postgres server sent with an error; empty if there was none."""
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def is_passing(error: SQLAlchemyError | sqlite3.Error | OSError) -> bool:
    """True if the same statement may succeed a little later: the server restarts, or the connection was lost."""
    if isinstance(error, OSError):
        return True
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    state = sqlstate(error)
    if state:
        return state.startswith(_PASSING)
    return bool(error.connection_invalidated) or type(error.orig).__name__ == "OperationalError"


def explain(error: SQLAlchemyError | sqlite3.Error | OSError, place: str) -> StoreError:
    """The one sentence for what a driver said; ``place`` is the path or the redacted URL."""
    if isinstance(error, NoSuchModuleError):
        return BadStoreUrl(f"{place} names no kind of database that is known")
    if isinstance(error, PoolTimeout):
        return UnreachableStore(f"every connection to the database {place} is taken")
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        text = str(original).lower()
        for words, kind, sentence in _SQLITE:
            if any(word in text for word in words):
                return kind(sentence.format(place=place))
        return StoreError(f"the database {place} refused a statement: {text}")
    state = sqlstate(error)
    if state in _POSTGRES:
        kind, sentence = _POSTGRES[state]
        return kind(sentence.format(place=place))
    text = " ".join(str(original).split()) or type(original).__name__
    for refusal, known in _REFUSED:
        if refusal in text:
            kind, sentence = _POSTGRES[known]
            return kind(sentence.format(place=place))
    if isinstance(error, OSError) or is_passing(error):
        return UnreachableStore(f"the database {place} cannot be reached: {_first_line(text)}")
    return StoreError(f"the database {place} refused a statement: {_first_line(text)}")


def _first_line(text: str) -> str:
    """Drivers quote whole statements and rows after the first part; nobody wants a row in an error."""
    return text.split(" DETAIL:")[0].split("[SQL")[0].strip()[:300]
