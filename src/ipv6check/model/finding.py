"""The identity of a finding, equal in every run: for baselines, SARIF and code quality reports."""

import hashlib


def finding_id(asset: str, rule: str) -> str:
    """32 hex digits from an asset's id and a rule's code. Neither tag, address, place in a file nor time is part of it,
    so a finding stays the same one while its cause moves."""
    return hashlib.blake2b(f"{asset}\0{rule}".encode(), digest_size=16).hexdigest()
