"""Unit tests send nothing: a socket that leaves the process is an error here."""

import socket

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch):
    """Forbid connecting and sending; the event loop's own socket pair goes on working."""

    def forbidden(self, *args):
        raise AssertionError(f"a unit test tried to reach {args!r}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, forbidden)
