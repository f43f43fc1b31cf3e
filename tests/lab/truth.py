"""What is true of each class of names, as verdicts per rule.

A rule maps to the set of statuses that are true. Most sets have one member. More than one stands where the
catalogue leaves the choice between "does not apply" and "could not be seen", never between pass and fail.
"""

PASS, FAIL, UNKNOWN, NA = "pass", "fail", "unknown", "not-applicable"
Statuses = frozenset[str]

P: Statuses = frozenset({PASS})
F: Statuses = frozenset({FAIL})
U: Statuses = frozenset({UNKNOWN})
N: Statuses = frozenset({NA})
P_N = P | N
U_N = U | N

RULES = ["DNS001", "DNS002", "DNS003", "DNS004", "ADR001", "ADR002", "ADR003", "TCP001", "TCP002", "ICM001", "TLS001", "TLS002", "HTTP001", "HTTP002", "HTTP003", "HTTP004", "HTTP005", "LAT001"]

# A healthy dual-stack name with one address a family, no redirect and no www twin.
_HEALTHY: dict[str, Statuses] = dict.fromkeys(RULES, P) | {
    "DNS004": P_N,
    "ADR002": P_N,
    "ADR003": P_N,
    "TCP002": P_N,
    "HTTP004": P_N,
    "HTTP005": P_N,
}
_COMPARED = ("TLS002", "HTTP002", "HTTP003", "HTTP004", "LAT001")
_BEYOND_DNS = tuple(rule for rule in RULES if not rule.startswith("DNS"))

# Nobody answers at any IPv6 address, so nothing above TCP was seen.
_DEAD = (
    _HEALTHY
    | dict.fromkeys(_COMPARED, U_N)
    | {
        "TCP001": F,
        "TCP002": F | N,
        "TLS001": U_N,
        "HTTP001": F,
        "HTTP005": P_N | U,
    }
)
# The certificate does not verify over IPv6, so no request was sent there.
_BAD_CERTIFICATE = _HEALTHY | {
    "TLS001": F,
    "HTTP001": F,
    "HTTP002": U_N,
    "HTTP003": U_N,
    "HTTP004": U_N,
    "HTTP005": P_N | U,
}

_TRUTH: dict[str, dict[str, Statuses]] = {
    "healthy": _HEALTHY,
    "v4only": _HEALTHY | dict.fromkeys(_BEYOND_DNS, N) | {"DNS001": F},
    "blackhole": _DEAD | {"ICM001": F},
    "refused": _DEAD,
    "wrongname": _BAD_CERTIFICATE,
    "expired": _BAD_CERTIFICATE,
    "http500": _HEALTHY | {"HTTP001": F, "HTTP002": F, "HTTP003": U_N, "HTTP004": P_N | U, "HTTP005": P_N | U},
    "otherpage": _HEALTHY | {"HTTP003": F},
    # TCP opens, the server's flight of big packets never arrives: the certificate was not seen.
    "pmtu": _DEAD | {"TCP001": P, "TCP002": P_N, "LAT001": P},
    "special": _HEALTHY | dict.fromkeys(_BEYOND_DNS, U_N) | {"ADR001": F, "ADR002": N | F, "ADR003": P_N},
    "nxdomain": _HEALTHY | dict.fromkeys(RULES, N) | {"DNS001": F | N, "DNS002": F, "DNS003": P_N, "DNS004": P_N},
    "servfail": dict.fromkeys(RULES, U_N) | {"DNS001": U, "DNS002": U},
    # corners
    "v6only": _HEALTHY | dict.fromkeys(_COMPARED, N) | {"HTTP004": P_N},
    "onedead": _HEALTHY | {"TCP002": F, "ICM001": P | F},
    "onespecial": _HEALTHY | {"ADR002": F},
    "redirect4": _HEALTHY | {"HTTP004": F},
    "plainonly": _DEAD | {"HTTP005": F, "TCP001": F | P, "TLS001": U_N},
    "twin": _HEALTHY | {"DNS004": F},
    "prohibited": _DEAD | {"ICM001": F},
}


def truth_of(kind: str, variant: int) -> dict[str, Statuses]:
    """The true verdicts of a class. Odd variants of a bad certificate have it over IPv6 only, even ones over both
    families; even variants of SERVFAIL are broken DNSSEC, whose authoritative servers answer well."""
    truth = dict(_TRUTH[kind])
    if kind in ("wrongname", "expired"):
        truth["TLS002"] = F if variant % 2 else P
    if kind == "servfail" and variant % 2 == 0:
        truth["DNS003"] = P | U_N
    return truth
