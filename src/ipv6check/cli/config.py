"""``ipv6check config``: every setting, and where it comes from."""

from typing import Annotated

import typer

config = typer.Typer(help="Look at the settings.", no_args_is_help=True, rich_markup_mode=None)


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
        shown = " ".join(value) if isinstance(value, tuple) else redacted(value) if name == "db" else value
        line = f"{name} = {shown}"
        if origin:
            line = f"{line:<48} # {origins[name]}: {info.description}"
        typer.echo(line)
