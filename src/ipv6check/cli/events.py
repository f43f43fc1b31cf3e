"""Where events go, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.settings import Settings


def start_logging(settings: Settings) -> None:
    """Raises Trouble for a log file that cannot be opened."""
    from ipv6check.logs import set_up

    try:
        set_up(format=settings.log_format, level=settings.log_level, file=settings.log_file)
    except OSError as error:
        raise Trouble(f"log_file {settings.log_file}: cannot be opened: {error.strerror}") from None


def start_logging_if_asked(settings: Settings, origins: dict[str, str]) -> bool:
    """Log the events of a command whose stderr is for people, if any setting of logs was given.

    Returns True if the events take standard error, where progress would then be in their way. Raises Trouble.
    """
    if all(origins[name] == "default" for name in ("log_format", "log_level", "log_file")):
        return False
    start_logging(settings)
    return not settings.log_file
