"""A process that dies at the worst moments: a message may come twice then, but is never lost."""

from pathlib import Path

import pytest

from ipv6check.net.clients.notifier import AppriseNotifier
from ipv6check.store.notes import Notes
from tests.loopback.operations.test_night import night


class Killed(BaseException):
    """The end of a process, as far as its code can see it."""


async def died(world: object, most: int, before: object) -> None:
    with pytest.raises(Killed):
        await world.watch(most, before)  # type: ignore[attr-defined]


@pytest.mark.parametrize("moment", ["before booking", "before sending", "after sending"])
async def test_a_crash_loses_no_alert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    async with night(tmp_path, monkeypatch) as world:
        await world.watch(1)
        await world.mortal.stop()
        keep, send = Notes.keep, AppriseNotifier.send
        kept: list[str] = []

        async def keeping(self: Notes, name: str, text: str) -> None:
            kept.append(text)
            if moment == "before booking" or (moment == "after sending" and len(kept) == 2):
                raise Killed
            await keep(self, name, text)

        async def sending(self: AppriseNotifier, *arguments: object, **facts: object) -> bool:
            if moment == "before sending":
                raise Killed
            return await send(self, *arguments, **facts)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(Notes, "keep", keeping)
            patched.setattr(AppriseNotifier, "send", sending)
            await died(world, 1, None)
        await world.watch(2)
        expected = 2 if moment == "after sending" else 1
        assert [line[:8] for line in world.told] == ["✗ mortal"] * expected
