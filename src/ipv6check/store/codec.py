"""Values of the model to and from columns: msgspec JSON, without what a database cannot hold.

Text that came from a scanned host may hold NUL, which Postgres refuses in text and in jsonb, and lone
surrogates, which no UTF-8 column takes; both become U+FFFD. A body over 256 KiB is kept with its long strings cut.
Keys are cut too: Postgres refuses to index more than 2,704 octets.
"""

import hashlib
from functools import cache
from typing import NamedTuple, TypeVar

import msgspec

from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset
from ipv6check.model.evidence import AnyEvidence, Evidence
from ipv6check.model.evidence_base import tag_of
from ipv6check.model.record import Record
from ipv6check.model.result import AssetResult
from ipv6check.model.scan import Scan
from ipv6check.model.verdict import Arg, Status, Verdict
from ipv6check.store.errors import NewerStore

MAX_BODY = 256 * 1024
MAX_STRING = 1024
MAX_KEY = 512
CUT_MARK = "…"

_encoder = msgspec.json.Encoder()
_asset_decoder = msgspec.json.Decoder(Asset)
_scan_decoder = msgspec.json.Decoder(Scan)
_args_decoder = msgspec.json.Decoder(dict[str, Arg])
_evidence_decoder: msgspec.json.Decoder[AnyEvidence] = msgspec.json.Decoder(AnyEvidence)
_agencies_decoder = msgspec.json.Decoder(tuple[Agency, ...])
_statuses = {status.value: status for status in Status}
_kinds: dict[type[Evidence], str] = {}

T = TypeVar("T")
VerdictRow = tuple[int, str, str, str, str, str]
EvidenceRow = tuple[int, str, str, str]
ResultRow = tuple[int, str, int, float]


class Revision(Record, frozen=True, kw_only=True):
    """One stored state of an inventory. ``created`` is UTC seconds since 1970; ``skipped`` counts refused rows."""

    number: int
    digest: str
    name: str
    mandate: str = ""
    agencies: tuple[Agency, ...] = ()
    asset_count: int = 0
    skipped: int = 0
    created: float = 0.0


class ResultRows(NamedTuple):
    """One asset's result as rows: the unit the writer replaces as a whole."""

    asset: str
    result: ResultRow
    verdicts: list[VerdictRow]
    evidence: list[EvidenceRow]


def clean(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def key(text: str) -> str:
    """The text as a key column holds it: clean, and beyond 512 octets cut and followed by its SHA-256."""
    if text.isascii() and len(text) <= MAX_KEY and "\0" not in text:
        return text
    text = clean(text)
    octets = text.encode()
    if len(octets) <= MAX_KEY:
        return text
    digest = hashlib.sha256(octets).hexdigest()
    return f"{octets[: MAX_KEY - 80].decode(errors='ignore')}{CUT_MARK}sha256:{digest}"


def to_json(value: object, *, cut: bool = True) -> str:
    """JSON of a model value that any database takes. ``cut`` False keeps long strings (inventory, scan)."""
    try:
        octets = _encoder.encode(value)
    except UnicodeEncodeError:
        octets = b""
    if octets and b"\\u0000" not in octets and (len(octets) <= MAX_BODY or not cut):
        return octets.decode()
    limit = MAX_STRING if cut and not 0 < len(octets) <= MAX_BODY else None
    return _encoder.encode(_rebuilt(msgspec.to_builtins(value), limit)).decode()


def _rebuilt(value: object, limit: int | None) -> object:
    match value:
        case str():
            text = clean(value)
            return text if limit is None or len(text) <= limit else text[: limit - 1] + CUT_MARK
        case dict():
            return {_rebuilt(name, limit): _rebuilt(item, limit) for name, item in value.items()}
        case list() | tuple():
            return [_rebuilt(item, limit) for item in value]
        case _:
            return value


def asset_from(body: str) -> Asset:
    """An asset from its column. Raises ``NewerStore``, like all below, for what this release cannot read."""
    return _decoded(_asset_decoder, body)


def scan_from(body: str) -> Scan:
    """A scan from its column."""
    return _decoded(_scan_decoder, body)


def agencies_from(body: str) -> tuple[Agency, ...]:
    """The agencies of a revision from their column."""
    return _decoded(_agencies_decoder, body)


def evidence_from(body: str) -> AnyEvidence:
    """Evidence from its column, of a version that this release knows."""
    return _decoded(_evidence_decoder, body)


def _decoded(decoder: msgspec.json.Decoder[T], body: str) -> T:
    try:
        return decoder.decode(body)
    except msgspec.DecodeError as error:
        raise NewerStore(f"the database holds an entry that this release cannot read: {error}") from error


def verdict_from(rule: str, status: str, tag: str, args: str) -> Verdict:
    """A verdict from its columns; its rule and tag are the same objects each time, of which there may be millions."""
    bare = bare_verdict(rule, status, tag)
    if args == "{}":
        return bare
    return Verdict(rule=bare.rule, status=bare.status, tag=bare.tag, args=_decoded(_args_decoder, args))


@cache
def bare_verdict(rule: str, status: str, tag: str) -> Verdict:
    """A verdict without its args: there are only so many, and each is made once."""
    return Verdict(rule=rule, status=_statuses[status], tag=tag)


def result_rows(scan: int, result: AssetResult) -> ResultRows:
    """The rows of one judged asset. Two verdicts of one rule are one row, the later wins."""
    asset = key(result.asset)
    verdicts = {
        verdict.rule: (
            scan,
            asset,
            verdict.rule,
            verdict.status.value,
            verdict.tag,
            to_json(verdict.args) if verdict.args else "{}",
        )
        for verdict in result.verdicts
    }
    evidence: list[EvidenceRow] = []
    for gathered in result.evidence:
        target = key(gathered.target)
        evidence.extend((scan, target, _kind(type(item)), to_json(item)) for item in gathered.evidence)
    return ResultRows(asset, (scan, asset, int(result.pending), result.at), list(verdicts.values()), evidence)


def _kind(evidence: type[Evidence]) -> str:
    kind = _kinds.get(evidence)
    if kind is None:
        kind = _kinds[evidence] = tag_of(evidence)
    return kind
