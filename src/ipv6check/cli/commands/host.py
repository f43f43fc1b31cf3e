"""``ipv6check host``: which services of this machine listen on IPv6, and an evidence document about it."""

from typing import Annotated

import typer

from ipv6check.cli.options import Language
from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble


def host(
    out: Annotated[
        str, typer.Option("--out", "--output", "-o", help="Write an evidence document for `import evidence`.")
    ] = "",
    format: Annotated[str, typer.Option("--format", "-f", help="table, json, or none.")] = "table",
    name: Annotated[list[str], typer.Option(help="A name this machine serves besides its own; repeatable.")] = [],  # noqa: B006
    vantage: Annotated[str, typer.Option(help="Who speaks; the machine's name unless given.")] = "",
    lang: Language = "",
) -> None:
    """Tell which services listen on IPv4 only, on IPv6, or on loopback only. Run it on a server; nothing is sent."""
    import msgspec

    from ipv6check.cli.output import chosen_language, write
    from ipv6check.hosts.collect import collect
    from ipv6check.settings import load_settings

    if format not in ("table", "json", "none"):
        raise Trouble(f"--format {format}: not one of table, json, none")
    if format == "none" and not out:
        raise Trouble("--format none: there would be no output; give --out FILE")
    language = chosen_language(load_settings(lang=lang)[0].lang)
    document = collect(vantage=vantage, names=name)
    text = msgspec.json.format(msgspec.json.encode(document), indent=1).decode()
    if out:
        write([text], out)
    if format == "json" and out != "-":
        tell([text])
    if format == "table" and out != "-":
        from ipv6check.reports.text.as_host import render

        tell(render(document, language))
