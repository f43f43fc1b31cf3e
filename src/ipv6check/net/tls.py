"""TLS settings: few contexts, each made once, because reading the root certificates takes 27 ms of CPU.

TLS 1.2 or newer, the interpreter's own cipher list, roots from ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` where set.
ALPN (RFC 7301) belongs to a context, so what speaks HTTP/1.1, HTTP/2 and something else each has one.
"""

import os
import ssl
from enum import StrEnum


class Alpn(StrEnum):
    """What is offered by ALPN; NONE for services that are not the web, which may refuse a handshake over it."""

    HTTP1 = "http/1.1"
    HTTP2 = "h2"
    EITHER = "h2 http/1.1"
    NONE = ""


def _verifying(alpn: Alpn) -> ssl.SSLContext:
    context = ssl.create_default_context(
        cafile=os.environ.get("SSL_CERT_FILE") or None, capath=os.environ.get("SSL_CERT_DIR") or None
    )
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if alpn is not Alpn.NONE:
        context.set_alpn_protocols(alpn.value.split())
    return context


class TlsSettings:
    """The contexts of one scan, shared by all its connections. The one for HTTP/1.1 is made at once."""

    def __init__(self) -> None:
        self._verifying: dict[Alpn, ssl.SSLContext] = {Alpn.HTTP1: _verifying(Alpn.HTTP1)}
        self._reading: dict[bool, ssl.SSLContext] = {}

    def verifying(self, alpn: Alpn) -> ssl.SSLContext:
        """The context that trusts a server only with a valid certificate for the name."""
        context = self._verifying.get(alpn)
        if context is None:
            context = self._verifying[alpn] = _verifying(alpn)
        return context

    def reading(self, alpn: Alpn) -> ssl.SSLContext:
        """The context that accepts any certificate, only ever used to read one; nothing is sent through it."""
        web = alpn is not Alpn.NONE
        context = self._reading.get(web)
        if context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            if web:
                context.set_alpn_protocols(["http/1.1", "h2"])
            self._reading[web] = context
        return context


def host_for_tls(name: str) -> str:
    """The name as SNI and verification want it: no final dot (RFC 6066 section 3), no zone of a literal.

    For an address literal OpenSSL verifies the address and Python sends no SNI.
    """
    host = name.rstrip(".")
    return host.partition("%")[0] if ":" in host else host
