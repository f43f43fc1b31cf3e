"""``ipv6check config``: every setting, and where it comes from."""

from collections.abc import Iterator
from typing import Annotated

import typer

from ipv6check.cli.usage import Commands

config = Commands(help="Look at the settings.")


@config.callback()
def _group() -> None:
    """Look at the settings."""


@config.command("show")
def show(
    origin: Annotated[bool, typer.Option("--origin", help="Name the source of each value.")] = False,
) -> None:
    """Print every setting; passwords are left out."""
    from ipv6check.settings import Settings, load_settings
    from ipv6check.store.url import redacted

    settings, origins = load_settings()
    for name, info in Settings.model_fields.items():
        value = getattr(settings, name)
        if name == "alerts":
            for leaf, text in leaves(value.model_dump(mode="json"), name):
                typer.echo(_line(leaf, text, origins[name] if origin else ""))
            continue
        shown = " ".join(value) if isinstance(value, tuple) else redacted(value) if name == "db" else value
        typer.echo(_line(name, shown, f"{origins[name]}: {info.description}" if origin else ""))


def _line(name: str, value: str, remark: str) -> str:
    line = f"{name} = {value}".rstrip()
    return f"{line:<48} # {remark}" if remark else line


def leaves(value: object, name: str) -> Iterator[tuple[str, str]]:
    """The values of a table by their dotted names. Secrets are references there, never values."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{name}.{key}")
    elif isinstance(value, list):
        yield name, " ".join(str(one) for one in value)
    else:
        yield name, str(value)
