"""Reads a device's IPv6 tables over SNMP v2c or v3, by pysnmp (extra ``snmp``).

Whatever a device answers, reading ends: rows and octets are bounded, names must grow, and there is one deadline.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, NamedTuple

from ipv6check.model.device import DeviceTables
from ipv6check.model.trouble import MissingExtra
from ipv6check.net.clients.snmptables import COLUMNS, Columns, Oid, Value, tables_of

MOST_ROWS = 2_000
"""Read of one column; a table that is longer is cut."""

_PER_ANSWER = 25
_LONGEST_NAME = 128  # RFC 2578 section 3.5
_LONGEST_VALUE = 255
AUTHENTICATION = ("sha", "sha224", "sha256", "sha384", "sha512", "md5")
PRIVACY = ("aes", "aes192", "aes256", "des")


@dataclass(frozen=True, kw_only=True)
class Community:
    """SNMP v2c, which sends its secret in clear."""

    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class User:
    """SNMP v3: authentication always, privacy if there is a secret for it. Secrets have 8 characters or more."""

    name: str
    auth_secret: str = field(repr=False)
    auth: str = "sha256"
    priv_secret: str = field(default="", repr=False)
    priv: str = "aes"


class Unread(Exception):
    """Nothing was read; the text is a snake_case word. It says nothing about the device's IPv6."""


class _Pdu(NamedTuple):
    """What pysnmp hands back of one question."""

    indication: Any
    status: Any
    index: Any
    bindings: tuple[Any, ...]


class SnmpSource:
    """One engine for all devices; it lives in a running loop and is closed there. ``timeout_s`` is of one try,
    ``deadline_s`` of one device."""

    def __init__(
        self, secret: Community | User, *, timeout_s: float = 2.0, tries: int = 2, deadline_s: float = 60.0
    ) -> None:
        """Raises MissingExtra without pysnmp."""
        if find_spec("pysnmp") is None:
            raise MissingExtra("reading devices over SNMP", "snmp")
        from pysnmp.hlapi.v3arch.asyncio import SnmpEngine

        self._engine = SnmpEngine()
        self._secret = _login(secret)
        self._timeout_s, self._tries, self._deadline_s = timeout_s, tries, deadline_s
        self._loop = asyncio.get_running_loop()
        self._last_resort = self._loop.get_exception_handler()
        self._loop.set_exception_handler(self._drop)

    def close(self) -> None:
        """Closes the sockets."""
        self._engine.close_dispatcher()
        self._loop.set_exception_handler(self._last_resort)

    def _drop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A datagram that pysnmp cannot read is as good as none; a log of it would quote what it holds."""
        error = context.get("exception")
        frames = traceback.walk_tb(error.__traceback__) if error else ()
        if any(frame.f_globals.get("__name__", "").startswith("pysnmp.") for frame, _ in frames):
            return
        if self._last_resort is not None:
            self._last_resort(loop, context)
        else:
            loop.default_exception_handler(context)

    async def read(self, address: str, port: int) -> DeviceTables:
        """The tables of the device at a literal address. Raises Unread."""
        from pysnmp.error import PySnmpError
        from pysnmp.hlapi.v3arch.asyncio import Udp6TransportTarget, UdpTransportTarget

        kind = Udp6TransportTarget if ":" in address else UdpTransportTarget
        try:
            async with asyncio.timeout(self._deadline_s):
                target = await kind.create((address, port), timeout=self._timeout_s, retries=self._tries - 1)
                columns: Columns = {}
                cut: list[str] = []
                for name, root in COLUMNS.items():
                    columns[name] = rows = {}
                    async for index, value in self._walk(target, root):
                        rows[index] = value
                        if len(rows) >= MOST_ROWS:
                            cut.append(name)
                            break
        except TimeoutError:
            raise Unread("deadline") from None
        except OSError:
            raise Unread("local_error") from None
        except PySnmpError:  # its text may quote what was sent
            raise Unread("malformed_answer") from None
        if not columns["ipAddressIfIndex"] and not columns["ipNetToPhysicalPhysAddress"]:
            raise Unread("tables_missing")
        return tables_of(columns, tuple(cut))

    async def _walk(self, target: Any, root: Oid) -> AsyncIterator[tuple[Oid, Value]]:  # noqa: ANN401 - pysnmp's own
        """Index and value of every row below ``root``. Ends where names no longer grow. Raises Unread."""
        from pysnmp.hlapi.v3arch.asyncio import ContextData, ObjectIdentity, ObjectType, bulk_cmd

        last = root
        while True:
            asked = ObjectType(ObjectIdentity(last))
            pdu = _Pdu(
                *await bulk_cmd(
                    self._engine, self._secret, target, ContextData(), 0, _PER_ANSWER, asked, lookupMib=False
                )
            )
            if pdu.indication:
                raise Unread(_word(pdu.indication))
            if int(pdu.status):
                raise Unread("error_status")
            before = last
            for binding in pdu.bindings:
                name = tuple(binding[0])
                if name[: len(root)] != root or name <= last or len(name) > _LONGEST_NAME:
                    return
                last = name
                yield name[len(root) :], _plain(binding[1])
            if last == before:
                return


def _plain(value: Any) -> Value:  # noqa: ANN401 - pysnmp's own
    """A value without its library; None if it is of another kind, or longer than any that is read."""
    if hasattr(value, "asOctets"):
        octets = bytes(value.asOctets())
        return octets if len(octets) <= _LONGEST_VALUE else None
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return number if number.bit_length() <= 64 else None


def _word(indication: object) -> str:
    """pysnmp's name of a failure as one of ours; its text is not used."""
    kind = type(indication).__name__
    if kind == "RequestTimedOut":
        return "timeout"
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in kind).lstrip("_")


def _login(secret: Community | User) -> Any:  # noqa: ANN401 - pysnmp's own
    from pysnmp.hlapi.v3arch import asyncio as api

    if isinstance(secret, Community):
        return api.CommunityData(secret.secret, mpModel=1)
    auth: Callable[..., Any] = api.UsmUserData
    return auth(
        secret.name,
        secret.auth_secret,
        secret.priv_secret or None,
        authProtocol={
            "md5": api.usmHMACMD5AuthProtocol,
            "sha": api.usmHMACSHAAuthProtocol,
            "sha224": api.usmHMAC128SHA224AuthProtocol,
            "sha256": api.usmHMAC192SHA256AuthProtocol,
            "sha384": api.usmHMAC256SHA384AuthProtocol,
            "sha512": api.usmHMAC384SHA512AuthProtocol,
        }[secret.auth],
        privProtocol={
            "des": api.usmDESPrivProtocol,
            "aes": api.usmAesCfb128Protocol,
            "aes192": api.usmAesCfb192Protocol,
            "aes256": api.usmAesCfb256Protocol,
        }[secret.priv]
        if secret.priv_secret
        else api.usmNoPrivProtocol,
    )
