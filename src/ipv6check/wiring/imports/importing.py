"""An import as a whole: read the sources, make one inventory, merge it into one that people keep."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ipv6check.inventory.convert import agency_entry, as_csv, as_yaml, asset_entry
from ipv6check.inventory.load import Inventory, open_inventory
from ipv6check.sources.assembly import Imported, Mapped, assembled
from ipv6check.sources.edit import edited
from ipv6check.sources.harvest import SourceTrouble
from ipv6check.sources.merge import Merge, indices_in_file, merged
from ipv6check.sources.opening import Wanted, harvest_of


@dataclass(frozen=True, slots=True)
class Merging:
    """A finished merge: the new text of the file and what was done."""

    text: str
    done: Merge


def import_all(sources: Sequence[str], wanted: Wanted, mapped: Mapped, *, today: date) -> Imported:
    """Everything the sources list. Raises Trouble for a source that cannot be used at all."""
    return assembled([harvest_of(source, wanted) for source in sources], mapped, today=today)


def written(found: Imported, form: str) -> Iterator[str]:
    """The lines of a new inventory, yaml or csv. Raises NotFlat."""
    yield from as_yaml(found) if form == "yaml" else as_csv(found)


def merge_into(path: Path, found: Imported, *, today: date, update: frozenset[str]) -> Merging:
    """Merge into the YAML inventory at ``path``, without writing it. Raises Trouble."""
    if not path.is_file():
        raise SourceTrouble(f"{path}: there is no such file to merge into; leave out --merge to make a new inventory")
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise SourceTrouble(
            f"{path}: only YAML can be merged into; `ipv6check inventory convert` makes YAML of a table"
        )
    existing = open_inventory(path)
    done = merged(existing, found, today=today, update=update)
    _name_agencies(existing, done)
    try:
        before = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise SourceTrouble(f"{path}: is not UTF-8 text; save it as UTF-8 to merge into it") from None
    text = edited(
        before,
        file=str(path),
        changes=indices_in_file(existing, done.changes),
        assets=[asset_entry(asset) for asset in done.new],
        agencies=[agency_entry(agency) for agency in done.new_agencies],
    )
    return Merging(text, done)


def _name_agencies(existing: Inventory, done: Merge) -> None:
    """A file that has assets and declares no agencies names them in its assets; then new ones are declared for all."""
    declares = "agencies" in _keys(existing.files[0])
    if not done.new_agencies or declares or not existing.agencies:
        return
    # Declaring one agency obliges the file to declare all, so those it only names are declared with it.
    done.new_agencies = [*existing.agencies.values(), *done.new_agencies]


def _keys(file: str) -> frozenset[str]:
    from ipv6check.files.yamlfile import read_yaml

    value = read_yaml(Path(file)).value
    return frozenset(key for key, item in value.items() if item) if isinstance(value, dict) else frozenset()
