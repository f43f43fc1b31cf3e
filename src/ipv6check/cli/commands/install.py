"""``ipv6check install``: files for systemd, cron, Kubernetes, Compose, Prometheus and Grafana, and who asks
(``probing.txt``), from the settings."""

from __future__ import annotations

import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.settings import Settings

_AT = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_VALID = timedelta(days=360)
"""For how long ``probing.txt`` may be believed: less than a year is asked for (RFC 9116 section 2.5.5)."""
_PASSED_ON = ("policy", "mandate", "resolver", "anchor", "contact", "exclude", "source", "vantage", "lang", "otlp")


def install(
    kind: Annotated[
        str, typer.Argument(help="systemd, agent, cron, kubernetes, compose, prometheus, grafana, probing.")
    ],
    inventory: Annotated[str, typer.Argument(help="Inventory file, as the machine that scans will see it.")] = (
        "/etc/ipv6check/inventory.yaml"
    ),
    to: Annotated[
        str, typer.Option(metavar="DIR", help="Write the files into this folder; an existing one is not replaced.")
    ] = "",
    print_: Annotated[bool, typer.Option("--print", help="Print the files (the default).")] = False,
    at: Annotated[str, typer.Option(help="Time of the daily scan, HH:MM.")] = "02:30",
    timezone: Annotated[str, typer.Option(help="Its time zone; the mandate's own otherwise.")] = "",
    image: Annotated[str, typer.Option(help="Container image.")] = "",
) -> None:
    """Print or write what runs a scan every day, with the settings that are in force here."""
    from ipv6check import __version__
    from ipv6check.reports.monitoring.as_unit import KINDS, Facts, render
    from ipv6check.settings import load_settings
    from ipv6check.wiring.inputs import read_mandate

    if kind not in KINDS:
        raise Trouble(f"install {kind}: not one of {', '.join(KINDS)}")
    if not _AT.fullmatch(at):
        raise Trouble(f"--at {at}: must be a time such as 02:30")
    if to and print_:
        raise Trouble("give either --print or --to FOLDER")
    if kind in ("systemd", "cron") and not inventory.startswith("/"):
        raise Trouble(f"{inventory}: {kind} needs the whole path, such as {Path(inventory).absolute()}")
    settings, origins = load_settings()
    facts = Facts(
        inventory=inventory,
        command=shutil.which("ipv6check") or "/usr/local/bin/ipv6check",
        image=image or f"ipv6check:{__version__}",
        at=at,
        timezone=_zone(timezone or read_mandate(settings).period.timezone),
        environment=_environment(settings, origins, kind),
        contact=_contact(settings.contact) if kind == "probing" else "",
        expires=f"{datetime.now(UTC) + _VALID:%Y-%m-%dT00:00:00Z}",
    )
    found = render(kind, facts)
    if to:
        _write(Path(to), found)
        return
    for name, text in found.items():
        if len(found) > 1:
            typer.echo(f"# ---- {name}")
        typer.echo(text, nl=False)


def _environment(settings: Settings, origins: dict[str, str], kind: str) -> dict[str, str]:
    """The settings that somebody chose, as variables. A database URL with a password is left to the secrets' file."""
    from ipv6check.store.url import redacted

    found = {}
    for name in _PASSED_ON:
        value = getattr(settings, name)
        text = " ".join(value) if isinstance(value, tuple) else value
        if origins[name] != "default" and text:
            if any(sign in text for sign in "\r\n\0"):
                raise Trouble(f"setting {name}: holds a line end, which no unit can carry")
            found[f"IPV6CHECK_{name.upper()}"] = text
    db = settings.db
    if kind == "cron" or kind == "systemd":
        if origins["db"] == "default":
            found["IPV6CHECK_DB"] = "sqlite:////var/lib/ipv6check/ipv6check.db"
        elif redacted(db) == db or db.startswith("sqlite:"):
            found["IPV6CHECK_DB"] = db
        else:
            typer.echo("the database URL holds a password: put IPV6CHECK_DB into /etc/ipv6check/secrets.env", err=True)
    return found


def _contact(text: str) -> str:
    """The contact as a URI (RFC 9116 section 2.5.3). Raises Trouble if nobody was named."""
    if not text:
        raise Trouble("install probing: says whom to turn to; set IPV6CHECK_CONTACT to an address or URL")
    return text if ":" in text else f"mailto:{text}"


def _zone(text: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Trouble(f"--timezone {text}: is not known; write one such as Asia/Ho_Chi_Minh") from None


def _write(folder: Path, found: dict[str, str]) -> None:
    """Raises Trouble if a file is there already, or cannot be written; then none was."""
    for name in found:
        if os.path.lexists(folder / name):
            raise Trouble(f"{folder / name}: is there already; remove it, or choose another folder")
    for name, text in found.items():
        try:
            (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise Trouble(f"{folder / name}: cannot be written: {error.strerror}") from None
        typer.echo(f"wrote {folder / name}", err=True)
