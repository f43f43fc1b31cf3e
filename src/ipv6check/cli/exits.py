"""Exit codes, and the boundary behind which no traceback reaches a user."""

import asyncio
import gc
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from enum import IntEnum
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from ipv6check.model.trouble import Trouble

T = TypeVar("T")
_OBJECTS_TO_COLLECT = 10_000
"""New objects between two looks of the collector of cycles. At Python's 700 it took a tenth of a scan's processor time,
walking through modules."""


class Exit(IntEnum):
    """What a command ends with."""

    GOOD = 0
    FINDINGS = 1
    USAGE = 2
    UNTRUSTWORTHY = 3
    INTERNAL = 4
    INTERRUPTED = 128 + signal.SIGINT
    READER_GONE = 128 + signal.SIGPIPE
    TERMINATED = 128 + signal.SIGTERM


class Leave(Exception):
    """Ends a command with an exit code, after everything was said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class LateTrouble(Trouble):
    """Something a person can put right, but found after the first probe: the run is not trustworthy."""


def guarded(app: Callable[[], object]) -> NoReturn:
    """Run ``app`` and leave the process with the right code."""
    gc.set_threshold(_OBJECTS_TO_COLLECT, 5, 4)
    sys.excepthook = _crashed
    code = Exit.GOOD.value
    try:
        app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else Exit.GOOD.value
    except Leave as end:
        code = end.code
    except LateTrouble as trouble:
        code = _say(trouble, Exit.UNTRUSTWORTHY)
    except Trouble as trouble:
        code = _say(trouble, Exit.USAGE)
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED.value
    except BrokenPipeError:
        code = Exit.READER_GONE.value  # as of other programs: no gate passes because nobody read on
    _leave(code)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine, on uvloop where it is installed.

    The task that runs it has no result of its own: when asyncio takes its signal handler back, the interpreter writes
    the handler out for an error nobody sees, and with it the task and its result. A standing of 100,000 assets cost
    24 seconds and 1.8 GB of text that way.
    """
    results: list[T] = []
    gc.freeze()  # what was imported lives as long as the process

    async def keep() -> None:
        results.append(await work)

    try:
        import uvloop
    except ImportError:
        asyncio.run(keep())
    else:
        uvloop.run(keep())
    return results[0]


def loop_name() -> str:
    """The event loop ``run_async`` takes."""
    try:
        import uvloop  # noqa: F401 - only whether it is there
    except ImportError:
        return "asyncio"
    return "uvloop"


def _say(trouble: Trouble, code: Exit) -> int:
    """The sentence on stderr, a line for each problem of a file; foreign text in it cannot act or forge a line."""
    from ipv6check.files.problem import SHOWN, Problems
    from ipv6check.reports.inert import inert

    if isinstance(trouble, Problems):
        lines = [str(problem) for problem in trouble.problems[:SHOWN]]
        if trouble.total > len(lines):
            lines.append(f"… and {trouble.total - len(lines)} more")
        if trouble.hint:
            lines.append(trouble.hint)
    else:
        lines = [str(trouble)]
    for line in lines:
        sys.stderr.write(f"ipv6check: {inert(line)}\n")
    return code.value


def _leave(code: int) -> NoReturn:
    """Flush what can be flushed; a closed pipe is no error worth a traceback."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError, OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno() if not stream.closed else 1)
    sys.exit(code)


def _crashed(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """A fault of the program: one sentence, the trace in a file, exit code 4."""
    path = save_trace("".join(traceback.format_exception(kind, fault, trace)))
    sys.stderr.write(f"ipv6check: internal error, {kind.__name__}; the trace is in {path}; please report it\n")
    sys.stderr.flush()
    os._exit(Exit.INTERNAL.value)


def save_trace(text: str) -> str:
    """Write a trace to a new file in the temporary directory and give its path."""
    with tempfile.NamedTemporaryFile("w", prefix="ipv6check-trace-", suffix=".txt", delete=False) as file:
        file.write(text)
    return file.name
