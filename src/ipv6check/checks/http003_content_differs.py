"""IPv6 delivers another page than IPv4.

What it looks at:
    The normalised texts of the page over both families (nonces, tokens and times removed), and, where they differ,
    a second fetch over IPv4 that shows how much the page varies by itself. For redirects, where they lead.

Why it matters:
    A default page, an old copy or a maintenance page on the IPv6 side carries the right status and the wrong content.

Passes when:
    The texts are at least as alike as the policy asks, or the difference stays within the page's own noise: no more
    than twice as far apart as two IPv4 fetches, since one such pair is a small sample.

Fails when:
    The texts differ by more than that, or the redirects lead to different places (query and fragment left out).
    Mandates advise this rule and do not require it.

Cannot tell when:
    A page could not be fetched again for comparison, or as in HTTP002.

How to fix:
    Serve both families from the same virtual host and the same back end; look for an old server behind the AAAA record.

References:
    RFC 9110 section 15.4 (redirects). The measure is our own.

Policy settings:
    `thresholds.content_similarity`.
"""

from urllib.parse import urlsplit

from ipv6check.checks.parity import REPLY_TAGS, paired_replies
from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, Rule
from ipv6check.model.contact import EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol
from ipv6check.model.verdict import Verdict

RULE = Rule(
    code="HTTP003",
    name="content-differs",
    since="0.1",
    tags=REPLY_TAGS
    | {
        "content-alike",
        "content-within-noise",
        "content-differs",
        "redirect-differs",
        "status-differs",
        "not-compared",
    },
)


def judge(name: NameEvidence, endpoint: EndpointEvidence, policy: Policy) -> Verdict:
    """Whether both families deliver the same page."""
    pairs = paired_replies(RULE, name, endpoint)
    if isinstance(pairs, Verdict):
        return pairs
    pair, comparison = pairs[0], endpoint.comparison
    args = pair.args()
    if pair.v6.status != pair.v4.status:
        return RULE.not_applicable("status-differs", **args)
    if _place(pair.v6.location) != _place(pair.v4.location):
        return RULE.failed("redirect-differs", **args, location=pair.v6.location, ipv4_location=pair.v4.location)
    if comparison is None or not comparison.compared:
        return RULE.unknown("not-compared", **args)
    alike = round(comparison.similarity * 100)
    noise = round(comparison.noise * 100)
    if comparison.similarity >= policy.thresholds.content_similarity:
        return RULE.passed("content-alike", **args, alike=alike)
    if 1 - comparison.similarity <= 2 * (1 - comparison.noise):
        return RULE.passed("content-within-noise", **args, alike=alike, noise=noise)
    part = "title" if not comparison.title_same else "type" if not comparison.type_same else "text"
    return RULE.failed("content-differs", **args, alike=alike, noise=noise, part=part)


def _place(location: str) -> tuple[str, str, str]:
    """Where a Location leads, without what may carry a session: path parameters, query and fragment."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return "", "", location
    return parts.scheme, parts.netloc.lower(), parts.path.partition(";")[0]


CHECK = Check(
    rule=RULE,
    needs=(NameEvidence, EndpointEvidence),
    kinds=frozenset({Kind.DOMAIN, Kind.APPLICATION, Kind.SERVICE}),
    judge=judge,
    protocols=frozenset({Protocol.HTTPS, Protocol.HTTP}),
    compares=True,
)
