"""The base of every value in the model."""

import msgspec


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A value that msgspec can write as JSON and read back; every subclass says ``frozen=True, kw_only=True`` itself.

    Defaults are left out of the JSON, so a stored record stays small and a new field with a default
    does not change what is already stored. A frozen value cannot hold itself, so the collector of cycles, which would
    walk through millions of them again and again, is told to leave them out.
    """


def in_full(value: object) -> object:
    """``value`` with every field of every record written out, also those that equal their default: for readers that do
    not know the defaults, and for digests, since a default that was read from a file is only equal to it."""
    if isinstance(value, msgspec.Struct):
        return {name: in_full(one) for name, one in msgspec.structs.asdict(value).items()}
    if isinstance(value, tuple | list):
        return [in_full(one) for one in value]
    return value
