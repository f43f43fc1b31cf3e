"""What a command costs: processor time of all its processes, memory, wall time, and how busy the servers' core was."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SERVER_BOUND = 0.85
_TICK_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Cost:
    """One run. CPU in seconds (user+sys, waited-for children included), the largest process's peak RSS in MB.

    ``servers`` is how busy the servers' core was, 0 to 1: the mean over the time in which the program itself did
    anything, so that a long tail of time-outs does not hide a saturated beginning.
    """

    code: int
    cpu_s: float
    wall_s: float
    rss_mb: float
    servers: float

    @property
    def server_bound(self) -> bool:
        """True if the servers' core was so busy that the servers were measured, not the program."""
        return self.servers > SERVER_BOUND


def measure(command: Sequence[str], *, core: int | None, env: dict[str, str], cwd: Path, log: Path) -> Cost:
    """Run ``command`` to its end; what it prints goes to ``log``. ``core`` is the servers'."""
    with log.open("wb") as file:
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=env, cwd=cwd)
        watch = _Watch(process.pid, core)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
    return Cost(
        code=process.returncode,
        cpu_s=used.ru_utime + used.ru_stime,
        wall_s=wall,
        rss_mb=used.ru_maxrss / 1024,
        servers=watch.busy(),
    )


class _Watch(threading.Thread):
    """Samples the program's processor time and the servers' core twice a second."""

    def __init__(self, pid: int, core: int | None) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._core = core
        self._end = threading.Event()
        self._samples: list[tuple[float, float]] = []

    def run(self) -> None:
        """Until stopped."""
        spent, (busy, total) = _spent(self._pid), _core_time(self._core)
        while not self._end.wait(_TICK_S):
            spent_now, (busy_now, total_now) = _spent(self._pid), _core_time(self._core)
            if total_now > total:
                self._samples.append((spent_now - spent, (busy_now - busy) / (total_now - total)))
            spent, busy, total = spent_now, busy_now, total_now

    def stop(self) -> None:
        """End the thread."""
        self._end.set()
        self.join()

    def busy(self) -> float:
        """Mean of the samples in which the program used at least a fifth of its core; 0 without any."""
        shares = [share for spent, share in self._samples if spent >= 0.2 * _TICK_S]
        return sum(shares) / len(shares) if shares else 0.0


def _spent(pid: int) -> float:
    """Processor seconds of a process so far, without its children; 0 if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _core_time(core: int | None) -> tuple[int, int]:
    """Busy and total ticks of a core since boot; of the whole machine if None."""
    wanted = "cpu" if core is None else f"cpu{core}"
    for line in Path("/proc/stat").read_text(encoding="ascii").splitlines():
        name, *values = line.split()
        if name == wanted:
            ticks = [int(value) for value in values[:8]]
            return sum(ticks) - ticks[3] - ticks[4], sum(ticks)
    return 0, 0


def raise_file_limit() -> None:
    """As many open files as the system lets this user have: children inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
