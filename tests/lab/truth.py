"""What is true of each class of names, as verdicts per rule.

A rule maps to the set of statuses that are true; nearly every set has one member. More than one stands where the
catalogue leaves a choice, or where chance decides what is looked at first. Written down from the rules' descriptions
and from how each class is made, not from what a scan said.
"""

PASS, FAIL, UNKNOWN, NA = "pass", "fail", "unknown", "not-applicable"
Statuses = frozenset[str]

P: Statuses = frozenset({PASS})
F: Statuses = frozenset({FAIL})
U: Statuses = frozenset({UNKNOWN})
N: Statuses = frozenset({NA})
P_N = P | N
U_N = U | N

RULES = (
    *(f"DNS00{number}" for number in range(1, 5)),
    *(f"ADR00{number}" for number in range(1, 4)),
    *("TCP001", "TCP002", "ICM001", "PTH001", "TLS001", "TLS002"),
    *(f"HTTP00{number}" for number in range(1, 8)),
    "LAT001",
)

# A healthy dual-stack name: one address a family, no redirect, no www twin.
_HEALTHY: dict[str, Statuses] = dict.fromkeys(RULES, P) | {"DNS004": N}
_BEYOND_DNS = tuple(rule for rule in RULES if not rule.startswith("DNS"))
_NO_PAGE = dict.fromkeys(("HTTP006", "HTTP007"), N)
_NO_REPLY = _NO_PAGE | dict.fromkeys(("TLS002", "HTTP002", "HTTP003", "HTTP004"), N)

# Nobody answers at any IPv6 address; there is no second one that works, and nothing above TCP to judge.
_DEAD = (
    _HEALTHY
    | _NO_REPLY
    | dict.fromkeys(("TCP002", "TLS001", "HTTP005", "LAT001"), N)
    | dict.fromkeys(("TCP001", "HTTP001"), F)
)
# The certificate does not verify over IPv6, so no request was sent there.
_BAD_CERTIFICATE = _HEALTHY | _NO_REPLY | {"TLS001": F, "HTTP001": F}

_TRUTH: dict[str, dict[str, Statuses]] = {
    "healthy": _HEALTHY,
    "v4only": _HEALTHY | dict.fromkeys(_BEYOND_DNS, N) | {"DNS001": F},
    "blackhole": _DEAD | {"ICM001": F, "PTH001": U},  # no router between us that could answer
    "refused": _DEAD,
    "wrongname": _BAD_CERTIFICATE,
    "expired": _BAD_CERTIFICATE,
    "http500": _HEALTHY | _NO_PAGE | {"HTTP001": F, "HTTP002": F, "HTTP003": N},
    "otherpage": _HEALTHY | {"HTTP003": F},
    # TCP opens, then the server's flight of big packets never arrives: no certificate was seen.
    "pmtu": _HEALTHY | _NO_REPLY | {"TLS001": N, "HTTP001": F},
    # Not contacted, so the echo was not measured; whether it applies at all is left open.
    "special": _HEALTHY | dict.fromkeys(_BEYOND_DNS, N) | {"ADR001": F, "ICM001": U_N},
    # The servers' way with AAAA is known from the zone's other names, or not asked for a name that is not there.
    "nxdomain": dict.fromkeys(RULES, N) | {"DNS001": F, "DNS002": F, "DNS003": P_N},
    "servfail": dict.fromkeys(RULES, U) | {"DNS004": U_N, "HTTP004": U_N, "HTTP006": U_N, "HTTP007": U_N},
    # corners
    "v6only": _HEALTHY | dict.fromkeys(("TLS002", "HTTP002", "HTTP003", "LAT001"), N),
    "onedead": _HEALTHY
    | {"TCP002": F, "ICM001": P | F, "PTH001": U},  # echo looks at the first address, which DNS rotates
    "onespecial": _HEALTHY | {"ADR002": F},
    "redirect4": _HEALTHY | _NO_PAGE | {"HTTP004": F},
    "plainonly": _DEAD | {"HTTP005": F},
    "twin": _HEALTHY | {"DNS004": F},
    "prohibited": _DEAD | {"ICM001": F, "PTH001": F},
}


def truth_of(kind: str, variant: int) -> dict[str, Statuses]:
    """The true verdicts of a class. Odd variants of a bad certificate have it over IPv6 only, even ones over both
    families; even variants of SERVFAIL are broken DNSSEC, whose authoritative servers answer well."""
    truth = dict(_TRUTH[kind])
    if kind in ("wrongname", "expired"):
        truth["TLS002"] = F if variant % 2 else P
    if kind == "servfail" and variant % 2 == 0:
        truth["DNS003"] = P | U
    return truth
