"""Notes outlive the process, are replaced as a whole, and are kept apart."""

import asyncio

from ipv6check.store.open import open_store
from ipv6check.store.repository import Store


async def test_notes_are_replaced_as_a_whole_and_kept_apart(store: Store, url: str) -> None:
    assert await store.notes.read("a") == ""
    await store.notes.keep("a", "one")
    await store.notes.keep("b", "x" * 100_000)
    await store.notes.keep("a", 'tỉnh "%s" \\u0000')
    await asyncio.gather(*(store.notes.keep("c", str(number)) for number in range(5)))
    async with await open_store(url) as later:
        assert await later.notes.read("a") == 'tỉnh "%s" \\u0000'
        assert len(await later.notes.read("b")) == 100_000
        assert await later.notes.read("c") in {"0", "1", "2", "3", "4"}
