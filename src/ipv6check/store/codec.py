"""Values of the model to and from columns: msgspec JSON, without what a database cannot hold.

Text that came from a scanned host may hold NUL, which Postgres refuses in text and in jsonb, and lone
surrogates, which no UTF-8 column takes; both become U+FFFD. A body over 256 KiB is kept with its long strings cut.
Keys are cut too: Postgres refuses to index more than 2,704 octets.
"""

import hashlib
from functools import cache, lru_cache
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
OUTCOMES_KEPT = 4096
"""Mixes of outcomes that are kept decoded; a scan of 100,000 assets has some hundreds."""

_OPEN = frozenset({Status.FAIL, Status.UNKNOWN})

_encoder = msgspec.json.Encoder()
_asset_decoder = msgspec.json.Decoder(Asset)
_scan_decoder = msgspec.json.Decoder(Scan)
_outcomes_decoder = msgspec.json.Decoder(tuple[tuple[str, Status, str], ...])
_args_decoder = msgspec.json.Decoder(dict[str, dict[str, Arg]])
_evidence_decoder: msgspec.json.Decoder[AnyEvidence] = msgspec.json.Decoder(AnyEvidence)
_agencies_decoder = msgspec.json.Decoder(tuple[Agency, ...])
_kinds: dict[type[Evidence], str] = {}

T = TypeVar("T")
EvidenceRow = tuple[int, str, str, str]
JudgementRow = tuple[int, str, int, float, str, str, str]


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
    judgement: JudgementRow
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


def verdicts_from(outcomes: str, *args: str) -> tuple[Verdict, ...]:
    """The verdicts of an asset from its columns, in the order of their rules: with the args that are given."""
    bare = bare_verdicts(outcomes)
    if all(some == "{}" for some in args):
        return bare
    places = _places(outcomes)
    verdicts = list(bare)
    for some in args:
        for rule, told in _decoded(_args_decoder, some).items():
            place = places[rule]
            one = verdicts[place]
            verdicts[place] = Verdict(rule=one.rule, status=one.status, tag=one.tag, args=told)
    return tuple(verdicts)


@lru_cache(maxsize=OUTCOMES_KEPT)
def bare_verdicts(outcomes: str) -> tuple[Verdict, ...]:
    """The verdicts without args. Assets that fared alike have the same text, and so share one object."""
    return tuple(_bare_verdict(*one) for one in _decoded(_outcomes_decoder, outcomes))


@lru_cache(maxsize=OUTCOMES_KEPT)
def _places(outcomes: str) -> dict[str, int]:
    return {one.rule: place for place, one in enumerate(bare_verdicts(outcomes))}


@cache
def _bare_verdict(rule: str, status: Status, tag: str) -> Verdict:
    """There are only so many of them."""
    return Verdict(rule=rule, status=status, tag=tag)


def result_rows(scan: int, result: AssetResult) -> ResultRows:
    """The rows of one judged asset. Of two verdicts of one rule the later wins."""
    asset = key(result.asset)
    by_rule = {verdict.rule: verdict for verdict in result.verdicts}
    verdicts = [by_rule[rule] for rule in sorted(by_rule)]
    outcomes = to_json([(one.rule, one.status, one.tag) for one in verdicts], cut=False)
    open_args = to_json({one.rule: one.args for one in verdicts if one.args and one.status in _OPEN})
    settled_args = to_json({one.rule: one.args for one in verdicts if one.args and one.status not in _OPEN})
    evidence: list[EvidenceRow] = []
    for gathered in result.evidence:
        target = key(gathered.target)
        evidence.extend((scan, target, _kind(type(item)), to_json(item)) for item in gathered.evidence)
    judgement = (scan, asset, int(result.pending), result.at, outcomes, open_args, settled_args)
    return ResultRows(asset, judgement, evidence)


def _kind(evidence: type[Evidence]) -> str:
    kind = _kinds.get(evidence)
    if kind is None:
        kind = _kinds[evidence] = tag_of(evidence)
    return kind
