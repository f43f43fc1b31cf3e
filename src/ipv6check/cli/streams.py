"""The standard streams, whatever state a caller left them in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from ipv6check.model.trouble import Trouble

_STREAMS = ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w"))


def open_closed() -> None:
    """Put the null device where a standard stream is closed (``>&-``).

    Python leaves such a stream None, and the next file or socket that is opened takes its number: what was meant for a
    person would go into a database, and uvloop aborts the process.
    """
    for number, name, mode in _STREAMS:
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - open until the end


def tell(lines: Iterable[str]) -> None:
    """Lines to standard output, with a question mark for what its encoding lacks.

    Raises Trouble if they cannot be written, as on a full disk; BrokenPipeError if the reader has gone.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        for line in lines:
            sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Trouble(f"standard output: cannot be written: {error.strerror}") from None
