"""No valid attestation is on file for what no scan can see.

What it looks at:
    The attestation of the asset in the inventory: document, signer, date and, if given, the day it expires, against
    the day of the scan in UTC. No packet is sent, and the document itself is not read.

Why it matters:
    Software, inner networks and devices behind filters cannot be measured from outside. A signed and dated paper
    is the second-best evidence; reports count it apart, and a measured failure beats it.

Passes when:
    A document and a signer are named, the date has come, and neither the expiry day nor, without one, the policy's
    number of days has passed. The expiry day itself is still valid. A paper that nobody reviewed passes under a tag of
    its own, and says so.

Fails when:
    There is none, it names no document or no signer, it is dated in the future, or it has expired.

Cannot tell when:
    Never: the inventory is at hand.

How to fix:
    Have the responsible person sign that the product works over IPv6 (version, test or vendor statement, date), and
    enter the reference in the inventory.

References:
    RFC 6540 (IPv6 support of nodes), RFC 8504.

Policy settings:
    `thresholds.attestation_days`.
"""

from datetime import timedelta

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.verdict import Arg, Verdict

RULE = Rule(
    code="ATT001",
    name="attestation-missing",
    since="0.1",
    tags=frozenset(
        {
            "attestation-valid",
            "attestation-unreviewed",
            "attestation-missing",
            "attestation-incomplete",
            "attestation-future",
            "attestation-expired",
        }
    ),
)


def judge(document: DocumentEvidence, policy: Policy) -> Verdict:
    """Whether a valid attestation is on file on the day of the scan."""
    paper = document.attestation
    if paper is None:
        return RULE.failed("attestation-missing")
    age = (document.today - paper.date).days
    if paper.expires is not None:
        expires, expired = paper.expires.isoformat(), document.today > paper.expires
    else:
        expired = age > policy.thresholds.attestation_days
        last = document.today + timedelta(days=policy.thresholds.attestation_days - age) if 0 <= age < 100_000 else None
        expires = last.isoformat() if last is not None else ""
    args: dict[str, Arg] = {
        "document": paper.document,
        "signer": paper.signer,
        "date": paper.date.isoformat(),
        "expires": expires,
        "reviewer": paper.reviewer,
        "product": " ".join(part for part in (paper.product, paper.version) if part.strip()),
    }
    if not paper.document.strip() or not paper.signer.strip():
        return RULE.failed("attestation-incomplete", **args)
    if age < 0:
        return RULE.failed("attestation-future", **args)
    if expired:
        return RULE.failed("attestation-expired", **args)
    return RULE.passed("attestation-valid" if paper.reviewer.strip() else "attestation-unreviewed", **args)


CHECK = Check(
    rule=RULE,
    needs=(DocumentEvidence,),
    kinds=frozenset({Kind.SOFTWARE, Kind.NETWORK, Kind.DEVICE}),
    judge=judge,
)
