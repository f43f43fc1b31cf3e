"""A process of its own that writes results until it is killed: ``crashing.py URL SCAN FIRST``."""

import asyncio
import sys

import samples

from ipv6check.store.open import open_store


async def main(url: str, scan: str) -> None:
    store = await open_store(url)
    async with store.writer(scan, batch_rows=500, waiting_rows=2_000) as writer:
        told = 0
        for one in samples.assets(6_000):
            await writer.put(samples.result(one))
            if writer.stored > told:
                told = writer.stored
                sys.stdout.write(f"{told}\n")
                sys.stdout.flush()
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
