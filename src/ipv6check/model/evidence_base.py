"""The base of all evidence."""

from typing import ClassVar

from ipv6check.model.record import Record


class Evidence(Record, tag_field="evidence", frozen=True, kw_only=True):
    """Facts gathered by one probe for one target: total, never an opinion.

    The tag ``name/version`` is stored in the JSON; a change that an old reader would misread takes a new
    version. ``observed_at`` is UTC seconds since 1970, ``took_ms`` monotonic milliseconds.

    ``needs_confirmation``: it may hold failures of the network, which fail a rule only after a second look and a good
    self-test of the vantage. ``answers_prove``: apart from such failures it holds answers of many servers,
    which no trouble of the vantage makes up, so a fail on those alone waits for nothing. ``of_asset``: it belongs to an
    asset and not to a target, and no probe brings it.
    """

    needs_confirmation: ClassVar[bool] = False
    answers_prove: ClassVar[bool] = False
    of_asset: ClassVar[bool] = False

    observed_at: float
    took_ms: float = 0.0


def tag_of(evidence: type[Evidence]) -> str:
    """The ``name/version`` under which an evidence type is stored."""
    return str(evidence.__struct_config__.tag)
