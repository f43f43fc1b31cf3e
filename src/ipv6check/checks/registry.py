"""Every check of this release, in the order of reports, and the version of the rule set."""

import hashlib
from collections.abc import Mapping, Sequence

from ipv6check.checks import (
    adr001_no_global_address,
    adr002_special_purpose_address,
    adr003_unusual_address,
    att001_attestation_missing,
    dev001_management_unreachable,
    dev002_address_undocumented,
    dev003_address_unseen,
    dns001_aaaa_missing,
    dns002_name_nonexistent,
    dns003_aaaa_query_mishandled,
    dns004_twin_aaaa_missing,
    dns005_ipv6_name_servers_too_few,
    dns006_ipv4_name_servers_too_few,
    dns007_ipv6_name_server_unanswered,
    dns008_name_server_data_differs,
    dns009_delegation_differs,
    dns010_ipv6_chain_broken,
    dns011_alias_name_servers_without_ipv6,
    dns012_mail_name_servers_without_ipv6,
    dns013_large_answers_lost,
    dns014_ipv6_hint_differs,
    dns015_reverse_name_missing,
    dns016_zone_unsigned,
    hst001_listens_without_ipv6,
    http001_https_unreachable,
    http002_status_differs,
    http003_content_differs,
    http004_redirect_leaves_ipv6,
    http005_plain_http_only,
    http006_own_resource_without_ipv6,
    http007_foreign_resource_without_ipv6,
    http008_http3_unanswered,
    icm001_echo_unanswered,
    lat001_ipv6_slower,
    lat002_ipv6_passed_over,
    mai001_exchangers_without_ipv6,
    mai002_exchanger_unanswered,
    mai003_starttls_differs,
    net001_prefix_undocumented,
    net002_gateway_undocumented,
    net003_prefix_unseen,
    off001_ipv4_published,
    off002_ipv4_documented,
    off003_ipv6_only_blocked,
    pth001_path_ends_early,
    svc001_service_unanswered,
    svc002_service_differs,
    tcp001_tcp_unreachable,
    tcp002_some_addresses_dead,
    tls001_certificate_invalid,
    tls002_certificate_differs,
)
from ipv6check.model.check import Check, Rule

CHECKS: tuple[Check, ...] = (
    dns001_aaaa_missing.CHECK,
    dns002_name_nonexistent.CHECK,
    dns003_aaaa_query_mishandled.CHECK,
    dns004_twin_aaaa_missing.CHECK,
    dns005_ipv6_name_servers_too_few.CHECK,
    dns006_ipv4_name_servers_too_few.CHECK,
    dns007_ipv6_name_server_unanswered.CHECK,
    dns008_name_server_data_differs.CHECK,
    dns009_delegation_differs.CHECK,
    dns010_ipv6_chain_broken.CHECK,
    dns011_alias_name_servers_without_ipv6.CHECK,
    dns012_mail_name_servers_without_ipv6.CHECK,
    dns013_large_answers_lost.CHECK,
    dns014_ipv6_hint_differs.CHECK,
    dns015_reverse_name_missing.CHECK,
    dns016_zone_unsigned.CHECK,
    adr001_no_global_address.CHECK,
    adr002_special_purpose_address.CHECK,
    adr003_unusual_address.CHECK,
    tcp001_tcp_unreachable.CHECK,
    tcp002_some_addresses_dead.CHECK,
    icm001_echo_unanswered.CHECK,
    pth001_path_ends_early.CHECK,
    tls001_certificate_invalid.CHECK,
    tls002_certificate_differs.CHECK,
    http001_https_unreachable.CHECK,
    http002_status_differs.CHECK,
    http003_content_differs.CHECK,
    http004_redirect_leaves_ipv6.CHECK,
    http005_plain_http_only.CHECK,
    http006_own_resource_without_ipv6.CHECK,
    http007_foreign_resource_without_ipv6.CHECK,
    http008_http3_unanswered.CHECK,
    lat001_ipv6_slower.CHECK,
    lat002_ipv6_passed_over.CHECK,
    mai001_exchangers_without_ipv6.CHECK,
    mai002_exchanger_unanswered.CHECK,
    mai003_starttls_differs.CHECK,
    svc001_service_unanswered.CHECK,
    svc002_service_differs.CHECK,
    dev001_management_unreachable.CHECK,
    dev002_address_undocumented.CHECK,
    dev003_address_unseen.CHECK,
    net001_prefix_undocumented.CHECK,
    net002_gateway_undocumented.CHECK,
    net003_prefix_unseen.CHECK,
    att001_attestation_missing.CHECK,
    hst001_listens_without_ipv6.CHECK,
    off001_ipv4_published.CHECK,
    off002_ipv4_documented.CHECK,
    off003_ipv6_only_blocked.CHECK,
)

RULES: Mapping[str, Rule] = {check.rule.code: check.rule for check in CHECKS}

REVISION = 1
"""Raised by hand when a judge decides differently with the same tags, so that old and new verdicts are not compared."""


def ruleset_of(checks: Sequence[Check]) -> str:
    """The version of a set of rules: the revision and a digest of codes, names and tags."""
    lines = [f"{check.rule.code} {check.rule.name} {' '.join(sorted(check.rule.tags))}" for check in checks]
    return f"{REVISION}.{hashlib.sha256(chr(10).join(sorted(lines)).encode()).hexdigest()[:12]}"


RULESET = ruleset_of(CHECKS)
