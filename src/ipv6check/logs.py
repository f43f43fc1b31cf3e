"""Logs: one line an event, as text or JSON, to standard error or a file. Values are facts and codes, never secrets."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

ROOT = "ipv6check"
FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")
_FIELDS = "ipv6check_fields"

logging.getLogger(ROOT).addHandler(logging.NullHandler())  # until set_up, events go nowhere


def logger(name: str) -> logging.Logger:
    """The logger of one part of the program."""
    return logging.getLogger(f"{ROOT}.{name}")


def event(log: logging.Logger, what: str, /, *, level: str = "info", **fields: object) -> None:
    """Log ``what`` happened, a kebab-case name, and facts by name."""
    log.log(logging.getLevelNamesMapping()[level.upper()], what, extra={_FIELDS: fields})


def set_up(*, format: str, level: str, file: str = "") -> None:
    """Send the program's events somewhere. Raises OSError for a file that cannot be opened."""
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if format == "json" else _TextLines())
    root = logging.getLogger(ROOT)
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level.upper())
    root.propagate = False


class _JsonLines(logging.Formatter):
    """One JSON object a line, its time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, _FIELDS, {})
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name.removeprefix(f"{ROOT}."),
            "event": record.getMessage(),
        }
        return json.dumps({**line, **{name: _plain(value) for name, value in fields.items()}}, ensure_ascii=False)


class _TextLines(logging.Formatter):
    """``time level event name=value …``, with foreign text made inert."""

    def format(self, record: logging.LogRecord) -> str:
        from ipv6check.reports.inert import inert

        fields = getattr(record, _FIELDS, {})
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        told = [f"{name}={_quoted(inert(str(value)))}" for name, value in fields.items()]
        return " ".join([stamp, record.levelname.lower(), inert(record.getMessage()), *told])


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or not text else text
