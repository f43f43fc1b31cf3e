"""Every test of the store runs on SQLite and on Postgres, except where a test is about files or about a server."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from ipv6check.store.open import open_store
from ipv6check.store.repository import Store
from postgres import Cluster, find_binaries, temporary_cluster

SKIPPED = "no PostgreSQL server binary (initdb) found on the path or under /usr/lib/postgresql"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("psycopg", reason="the extra [postgres] is not installed")
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(SKIPPED)
    with temporary_cluster(binaries) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a place that holds nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scan.db'}"
    return request.getfixturevalue("cluster").new_database()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url)
    yield opened
    await opened.close()
