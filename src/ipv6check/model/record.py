"""The base of every value in the model."""

import msgspec


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A value that msgspec can write as JSON and read back; every subclass says ``frozen=True, kw_only=True`` itself.

    Defaults are left out of the JSON, so a stored record stays small and a new field with a default
    does not change what is already stored.
    """
