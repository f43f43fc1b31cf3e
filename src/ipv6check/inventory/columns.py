"""Which column of a table means what, by the headings that people and exports use, in English and Vietnamese."""

import re

from ipv6check.inventory.normalise import clean

# field: headings, in the folded form of ``fold``.
_HEADINGS: dict[str, str] = {
    "id": "id|asset id|asset tag|mã|mã tài sản",
    "kind": "kind|type|loại|asset kind|asset type",
    "name": "name|title|tên|tên hệ thống|tên thiết bị",
    "target": "target|targets|domain|domain name|host|hostname|host name|fqdn|url|website|address|ip|ip address"
    "|prefix|portal domain|ansible host|tên miền|địa chỉ|trang web",
    "port": "port|ports|cổng",
    "protocol": "protocol|giao thức",
    "agency": "agency|organisation|organization|organisation name|organization name|tenant|cơ quan|đơn vị"
    "|đơn vị chủ quản|tên cơ quan|tên đơn vị|province until 2025 06",
    "bureau": "bureau|suborganization|suborganization name|suborganisation|suborganisation name|department"
    "|representing|phòng ban|đơn vị trực thuộc",
    "place": "state|province|tỉnh",
    "agency_level": "agency level|domain type|cấp",
    "successor": "successor|successor agency|successor province 2025 07",
    "agency_until": "agency valid to|agency until",
    "tags": "tags|tag|labels|nhãn",
    "view": "view|visibility",
    "weight": "weight|trọng số",
    "role": "role|vai trò",
    "owner": "owner|chủ sở hữu|người phụ trách",
    "gateway": "gateway",
    "deployed": "deployed|deployment date|in use since|ngày triển khai|ngày đưa vào sử dụng",
    "source": "source",
    "seen": "seen",
    "vanished": "vanished",
    "health": "health|health path",
    "expected_status": "expected status",
    "send": "send",
    "expect": "expect",
    "required": "required",
    "document": "document|attestation document",
    "signer": "signer|attestation signer",
    "date": "attestation date|document date",
    "expires": "expires|attestation expires",
    "reviewer": "reviewer",
    "product": "product",
    "version": "version",
    "status": "status",
    "primary_ip6": "primary ip6|primary ipv6|ipv6 address",
    "primary_ip4": "primary ip4|primary ipv4|ipv4 address",
    "dns_name": "dns name",
    "device_type": "device type",
    "cluster": "cluster",
    "code": "code",
    "level": "level",
    "parent": "parent|parent id|parent code",
}
FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split("|")}

# Known to say nothing that is used; any other unknown heading is told.
_SILENT = frozenset(
    heading
    for line in (
        "city|security contact email|stt|tt|no|#|ghi chú|notes|note|comment|comments|description|remarks",
        "site|location|rack|manufacturer|platform|serial|vrf|device|virtual machine|interface|vlan vid|is pool",
        "parent name|sources agreeing|fate",
        "tenant group|site group|region|serial number|position|face|airflow|height|u height|oob ip|virtual chassis",
        "children|utilization|vlan|assigned|assigned object|contacts|created|last updated|vcpus|memory|disk",
    )
    for heading in line.split("|")
)
# In the company of these a type is that of a device (exports of NetBox with display names).
_HARDWARE = frozenset({"manufacturer", "rack", "asset tag", "serial number", "virtual chassis"})
PLACES = ("target", "name", "primary_ip6", "primary_ip4", "dns_name")
# Fields whose cell is the value.
_COPIED = (
    "id",
    "bureau",
    "place",
    "agency_level",
    "successor",
    "agency_until",
    "protocol",
    "view",
    "weight",
    "role",
    "owner",
    "gateway",
    "deployed",
    "source",
    "seen",
    "vanished",
    "health",
)


def fold(heading: str) -> str:
    """The form in which headings are compared: lower case, one blank for blanks, underscores and hyphens."""
    return re.sub(r"[\s_-]+", " ", clean(heading)).strip().casefold()


class Columns:
    """The columns of one table. ``problems`` are sentences that make it unusable, ``unused`` the headings left out."""

    def __init__(self, headings: list[str]) -> None:
        self.position: dict[str, int] = {}
        self.width = len(headings)
        self.problems: list[str] = []
        self.unused: list[str] = []
        folded = [fold(heading) for heading in headings]
        for index, (heading, key) in enumerate(zip(headings, folded, strict=True)):
            if key and key in folded[:index]:
                self.problems.append(f"the column {clean(heading)!r} is there twice")
            elif key == "type" and "status" in folded and _HARDWARE & set(folded):
                self._take("device_type", index, heading, headings)
            elif key in FIELD_OF:
                self._take(FIELD_OF[key], index, heading, headings)
            elif key and key not in _SILENT:
                self.unused.append(clean(heading))
        self._decide()

    def _take(self, field: str, index: int, heading: str, headings: list[str]) -> None:
        if field in self.position:
            other = clean(headings[self.position[field]])
            self.problems.append(f"the columns {other!r} and {clean(heading)!r} mean the same ({field})")
        else:
            self.position[field] = index

    def _decide(self) -> None:
        """What a heading means by its company."""
        have = self.position
        self.is_netbox = "status" in have and bool({"device_type", "cluster", "primary_ip6", "dns_name"} & have.keys())
        self.drops_inactive = "status" in have and (self.is_netbox or "agency" in have)
        if "owner" in have and "agency" not in have:
            # A register's owner is the agency; beside an agency column it is a person or a unit in charge.
            have["agency"] = have.pop("owner")
        self.declares_agencies = "target" not in have and {"name", "level"} <= have.keys() and (
            "code" in have or "id" in have
        )  # fmt: skip
        self.plain = tuple(field for field in _COPIED if field in have)
        self.has_more = not have.keys() <= {"kind", "agency", "name", "target", "status"} or self.is_netbox
        self.has_expectations = bool({"expected_status", "send", "expect", "required"} & have.keys())
        places = [field for field in PLACES if field in have]
        self.agencies_only = not places and "agency" in have
        if not places and not self.agencies_only and not self.problems:
            self.problems.append(
                "no column says what to check; one heading must be name, target, domain, host, url or address "
                "(tables of administrative units before and after a reform are for `ipv6check inventory units`)"
                if "old_commune_code" in self.unused
                else "no column says what to check; one heading must be name, target, domain, host, url or address",
            )

    def knows_any(self) -> bool:
        """True if the line looks like a header at all."""
        return bool(self.position)
