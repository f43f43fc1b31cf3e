"""Settings from options, environment, .env, configuration files and defaults, each with its origin.

Precedence: option > IPV6CHECK_* > .env > ./ipv6check.toml > [tool.ipv6check] in ./pyproject.toml > the user's
config.toml > default.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ipv6check.alertsettings import AlertSettings, Secret
from ipv6check.model.trouble import Trouble

PREFIX = "IPV6CHECK_"


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """A list as files have it, or as the environment has it: separated by commas or blanks."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _sendable(value: str) -> str:
    """What may stand in a header of HTTP."""
    if not (value.isascii() and value.isprintable()):
        raise ValueError("must be one line of ASCII characters, since it is sent to servers")
    return value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


Sendable = Annotated[str, AfterValidator(_sendable)]


class Settings(BaseModel):
    """Everything a command can be told. Field names are the option names, with underscores."""

    model_config = ConfigDict(frozen=True)

    db: str = Field("sqlite:///ipv6check.db", description="database URL: sqlite:///FILE or postgresql://…")
    policy: str = Field("default", description="shipped policy (default, ci, lab) or a file")
    mandate: str = Field("", description="shipped mandate or a file; empty: the inventory's, else dual-stack")
    resolver: Listed = Field((), description="resolvers to ask, ADDRESS or [ADDRESS]:PORT; empty: the system's")
    anchor: Listed = Field((), description="reference targets of the self-test, ADDRESS or [ADDRESS]:PORT")
    root: Listed = Field(
        (), description="root servers, IPv6 ADDRESS; empty: the Internet's, or none beside anchors of your own"
    )
    smtp_anchor: Listed = Field((), description="mail servers of your own, ADDRESS: do we get out on port 25?")
    ehlo_name: str = Field(
        "",
        pattern=r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+)?$",
        description="name told to mail servers; empty: this machine's full name, else its address",
    )
    contact: Annotated[str, AfterValidator(_sendable)] = Field(
        "", description="address or URL told to scanned servers in the User-Agent"
    )
    exclude: str = Field("", description="opt-out list: names, suffixes and prefixes never to be probed")
    networks: str = Field("", description="table of networks for paths: CSV with the columns prefix and name")
    source: str = Field("", description="source address of IPv6 connections")
    vantage: str = Field("", description="name of this vantage in reports; empty: the host name")
    via: str = Field(
        "", description="agent that looks for `check`, such as https://agent.example:8443; empty: this machine"
    )
    via_token: Secret = Field("", description="its token, as env:NAME or file:PATH")
    via_ca: str = Field("", description="further authorities for its certificate, a file in PEM")
    via_cert: str = Field("", description="certificate and key to show it, a file in PEM")
    lang: str = Field("", description="language of texts: en or vi; empty: from LC_ALL, LC_MESSAGES, LANG")
    log_format: Literal["text", "json"] = Field("text", description="events in the log: text or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level of events")
    log_file: str = Field("", description="file for events; empty: standard error")
    otlp: str = Field("", description="OTLP/HTTP endpoint for traces, such as http://[::1]:4318; empty: none")
    alerts: AlertSettings = Field(AlertSettings(), description="whom to tell of changes; a table of the settings file")


def layers(directory: Path, *, dotenv: bool = True) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every source but options and defaults, strongest first, as (origin, values)."""
    yield "environment", _prefixed(os.environ)
    if dotenv and (directory / ".env").is_file():
        yield str(directory / ".env"), _prefixed(_dotenv(directory / ".env"))
    own = directory / "ipv6check.toml"
    if own.is_file():
        yield str(own), _known(str(own), _toml(own))
    project = directory / "pyproject.toml"
    if project.is_file():
        origin = f"{project} [tool.ipv6check]"
        yield origin, _known(origin, _toml(project).get("tool", {}).get("ipv6check", {}))
    user = Path(platformdirs.user_config_dir("ipv6check")) / "config.toml"
    if user.is_file():
        yield str(user), _known(str(user), _toml(user))


def load_settings(**options: Any) -> tuple[Settings, dict[str, str]]:  # noqa: ANN401 - options as typer gives them
    """The settings, and where each came from. Empty options were not given. Raises Trouble if a value is wrong."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    given = {name: value for name, value in options.items() if value not in (None, "", [], ())}
    for origin, layer in (("option", given), *layers(Path.cwd())):
        for name, value in layer.items():
            if name in Settings.model_fields and name not in values:
                values[name] = value
                origins[name] = origin
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise Trouble(f"setting {place} ({origins.get(name, 'default')}): {message[:1].lower()}{message[1:]}") from None
    return settings, {name: origins.get(name, "default") for name in Settings.model_fields}


def _prefixed(source: Mapping[str, str | None]) -> dict[str, str]:
    """The names with our prefix, without it; an empty value counts as not set."""
    return {
        name[len(PREFIX) :].lower(): value
        for name, value in source.items()
        if name.upper().startswith(PREFIX) and value
    }


def _dotenv(path: Path) -> Mapping[str, str | None]:
    from dotenv import dotenv_values

    return dotenv_values(path)


def _known(origin: str, table: dict[str, Any]) -> dict[str, Any]:
    """A table of settings. Raises Trouble for a name that is none, since a value that nobody reads misleads."""
    for name in table:
        if name not in Settings.model_fields:
            close = get_close_matches(name, Settings.model_fields, n=1)
            hint = f"; did you mean {close[0]}?" if close else "; `ipv6check config show` lists all"
            raise Trouble(f"{origin}: {name} is no setting{hint}")
    return table


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Trouble(f"{path}: cannot be read as TOML: {error}") from None
