"""The inventory file ``ipv6check.inventory/1`` as YAML people write it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, StringConstraints

from ipv6check.files.schema import Day, FileModel
from ipv6check.model.asset import Kind, View

SCHEMA = "ipv6check.inventory/1"


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_target(value: object) -> object:
    return {"target": value} if isinstance(value, str) else value


def _as_names(value: object) -> object:
    return {"und": value} if isinstance(value, str) else value


Id = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\x7f]{1,200}$")]
Text = Annotated[str, Field(max_length=500)]
Octets = Annotated[str, StringConstraints(strip_whitespace=False, max_length=500)]
# json_schema_input_type is for editors only: what may stand in the file before it is made one form.
Texts = Annotated[list[Text], BeforeValidator(_as_list, json_schema_input_type=list[Text] | Text)]
Ports = Annotated[list[Text], BeforeValidator(_as_list, json_schema_input_type=list[int | Text] | int | Text)]
Names = Annotated[
    dict[str, Text], BeforeValidator(_as_names, json_schema_input_type=dict[str, Text] | Text), Field(min_length=1)
]
Status = Annotated[int, Field(ge=100, le=599)]
Statuses = Annotated[list[Status], BeforeValidator(_as_list, json_schema_input_type=list[Status] | Status)]


class DocumentEntry(FileModel):
    """A paper of an agency: its plan, its own address space. ``kind`` is the word a mandate asks for."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
    document: Annotated[str, Field(min_length=1, max_length=500)]
    signer: Text = ""
    date: Day
    expires: Day | None = None


class AgencyEntry(FileModel):
    """One agency; ``name`` is text or a mapping of language to text."""

    id: Id
    name: Names
    level: Text = ""
    parent: Id | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    succeeded_by: Texts = []
    documents: list[DocumentEntry] = []


class AttestationEntry(FileModel):
    """A reference to a signed paper, never its content."""

    document: Text
    signer: Text
    date: Day
    expires: Day | None = None
    reviewer: Text = ""
    product: Text = ""
    version: Text = ""


class TargetEntry(FileModel):
    """One target; plain text in the file is ``target`` alone."""

    target: Annotated[str, Field(min_length=1, max_length=2048)]
    expected_status: Statuses = []
    send: Octets = ""
    expect: Octets = ""
    required: bool = True


OneTarget = Annotated[TargetEntry, BeforeValidator(_as_target, json_schema_input_type=TargetEntry | Text)]
Targets = Annotated[list[OneTarget], BeforeValidator(_as_list, json_schema_input_type=list[TargetEntry | Text] | Text)]


class AssetEntry(FileModel):
    """One asset. ``health`` is the path asked instead of ``/``; ``expected_status``, ``send`` and ``expect`` hold for
    every target that says nothing else; of a web target ``expect`` is a text or ``json:/pointer=value``. ``source``,
    ``seen`` and ``vanished`` are written by ``inventory import``."""

    id: Id | None = None
    kind: Kind
    agency: Text = ""
    name: Text = ""
    targets: Targets = []
    ports: Ports = []
    protocol: Text = ""
    health: Annotated[str, Field(pattern=r"^(/[^\s]*)?$", max_length=2048)] = ""
    expected_status: Statuses = []
    send: Octets = ""
    expect: Octets = ""
    tags: Texts = []
    view: View = View.PUBLIC
    weight: Annotated[FiniteFloat, Field(ge=0)] = 1.0
    role: Text = ""
    owner: Text = ""
    gateway: Text = ""
    deployed: Day | None = None
    source: Text = ""
    seen: Day | None = None
    vanished: Day | None = None
    attestation: AttestationEntry | None = None


class InventoryFile(FileModel):
    """The whole file. ``include`` names further inventory files in the same folder or below it."""

    schema_: Annotated[Literal["ipv6check.inventory/1"], Field(alias="schema")]
    mandate: Id | None = None
    include: Texts = []
    agencies: list[AgencyEntry] = []
    assets: list[AssetEntry] = []


def json_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of the file, for editors. Reading is laxer: any scalar may be written as text."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **InventoryFile.model_json_schema()}
