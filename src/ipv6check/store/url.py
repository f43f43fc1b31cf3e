"""Database URLs: which driver they mean, and how to print them without the password."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from ipv6check.store.errors import BadStoreUrl

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_SECRET_KEYS = frozenset({"password", "sslpassword", "passfile"})


def parse(text: str) -> URL:
    """A URL with its driver named. What has no ``://`` is the path of a SQLite file.

    Raises ``BadStoreUrl`` for anything else than SQLite files and Postgres; the text is not quoted, for it may
    hold a password.
    """
    if "://" not in text:
        return URL.create("sqlite+aiosqlite", database=str(Path(text).expanduser()))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise BadStoreUrl("the database URL cannot be read; write sqlite:///FILE or postgresql://HOST/NAME") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise BadStoreUrl(
            f"databases of kind {url.drivername!r} are not supported; use sqlite:///FILE or postgresql://HOST/NAME"
        )
    if is_sqlite(url) and url.database in (None, "", ":memory:"):
        raise BadStoreUrl("a database in memory would be gone with the scan; name a file: sqlite:///FILE")
    return url.set(drivername=driver)


def is_sqlite(url: URL) -> bool:
    """True for a SQLite file, False for a server."""
    return url.get_backend_name() == "sqlite"


def place(url: URL) -> str:
    """How to name the database to people: the file's path, or the URL without any password."""
    if is_sqlite(url):
        return str(url.database)
    query = {key: "***" if key.lower() in _SECRET_KEYS else value for key, value in url.query.items()}
    return url.set(drivername="postgresql", query=query).render_as_string(hide_password=True)


def redacted(text: str) -> str:
    """The URL as it may be printed and logged: no password, neither before the host nor among the options.

    A text that cannot be read is replaced as a whole, since a password could be anywhere in it.
    """
    try:
        return place(parse(text))
    except BadStoreUrl:
        return "(a database URL that cannot be read)"
