"""Secrets by reference: the name of an environment variable or a file, never the secret itself."""

import os
from pathlib import Path

from ipv6check.sources.harvest import SourceTrouble

_MOST = 4096


def secret_of(*, env: str = "", file: str = "", what: str, default_env: str = "") -> str:
    """The secret behind a reference, else in the default variable, else empty. Raises SourceTrouble."""
    if env and file:
        raise SourceTrouble(f"{what}: is given by variable and by file; give one of them")
    if file:
        try:
            with Path(file).open(encoding="utf-8") as stream:
                text = stream.read(_MOST + 1).strip()
        except (OSError, UnicodeDecodeError):
            raise SourceTrouble(f"{what}: the file {file} cannot be read as text") from None
    else:
        text = os.environ.get(env or default_env, "").strip() if env or default_env else ""
        if env and not text:
            raise SourceTrouble(f"{what}: the environment variable {env} is not set")
    if file and not text:
        raise SourceTrouble(f"{what}: the file {file} is empty")
    if len(text) > _MOST:
        raise SourceTrouble(f"{what}: is longer than {_MOST} characters")
    return text
