"""Policies: shipped ones, files of one's own, and what is said about faults."""

from pathlib import Path

import msgspec
import pytest

from ipv6check.files.problem import Problems
from ipv6check.files.yamlfile import parse_yaml
from ipv6check.model.policy import Policy
from ipv6check.policies.load import SHIPPED, apply_overrides, load_policy, parse_policy, policy_digest


def parse(text: str) -> Policy:
    return parse_policy(parse_yaml(f"schema: ipv6check.policy/1\nid: mine\n{text}".encode(), file="p.yaml"))


def faults(text: str) -> list[str]:
    with pytest.raises(Problems) as caught:
        parse(text)
    return [str(problem) for problem in caught.value.problems]


def names(value: object, above: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {above}
    return set().union(*(names(inner, f"{above}.{key}") for key, inner in value.items()))


def test_the_default_file_says_what_the_model_says() -> None:
    assert load_policy("default") == Policy()


def test_the_default_file_lists_every_value_there_is() -> None:
    path = Path(__file__).parents[3] / "src/ipv6check/data/policy/default.yaml"
    listed = parse_yaml(path.read_bytes(), file="default.yaml").value
    assert isinstance(listed, dict)
    del listed["schema"]
    defaults = {
        name: {inner: None for inner in value.__struct_fields__} if isinstance(value, msgspec.Struct) else None
        for name in Policy.__struct_fields__
        for value in [getattr(Policy(), name)]
    }
    assert names(listed) == names(defaults)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_carry_their_own_name(name: str) -> None:
    assert load_policy(name).id == name


def test_ci_decides_each_broken_phase_in_twelve_seconds_without_a_second_look() -> None:
    policy = load_policy("ci")
    times, waits = policy.timeouts, policy.retries
    jittered = 1 + waits.jitter
    for limit, spacings in (
        (times.tcp, waits.connect_timeout),
        (times.tls, waits.tls_http_timeout),
        (times.http, waits.tls_http_timeout),
        (times.http, waits.server_error),
    ):
        assert limit * (len(spacings) + 1) + sum(spacings) * jittered <= 12
    assert (times.dns_udp, times.dns_tcp, waits.second_look_s, waits.budget_s) == ((1, 1, 2), 3, None, 15)


def test_lab_lifts_every_limit_and_takes_a_tenth_of_every_spacing() -> None:
    lab, default = load_policy("lab"), Policy()
    assert not any(msgspec.structs.asdict(lab.pacing).values())
    assert lab.timeouts == default.timeouts
    assert lab.thresholds == default.thresholds
    assert lab.retries.second_look_s == 3
    assert lab.retries.retry_after_s == pytest.approx(default.retries.retry_after_s / 10)
    assert lab.retries.selftest_gap_s == pytest.approx(default.retries.selftest_gap_s / 10)
    for name, spacings in msgspec.structs.asdict(default.retries).items():
        if isinstance(spacings, tuple):
            assert getattr(lab.retries, name) == pytest.approx([spacing / 10 for spacing in spacings]), name


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "slow.yaml"
    path.write_text("schema: ipv6check.policy/1\nid: slow\npacing: {per_address: 1}\n", encoding="utf-8")
    expected = msgspec.structs.replace(
        Policy(), id="slow", pacing=msgspec.structs.replace(Policy().pacing, per_address=1)
    )
    assert load_policy(str(path)) == expected


def test_every_fault_comes_at_once_with_its_line() -> None:
    assert faults(
        "timeouts:\n"
        "  tpc: 3\n"
        "  tls: soon\n"
        "  http: 0\n"
        "  dns_udp: []\n"
        "retries: {jitter: 1.5, refused: [-1]}\n"
        "pacing: 7\n"
        "concurrency: 0\n"
        "treat_as_global: [2001:db8::1/32]\n"
        "thresholds: {content_similarity: .nan, max_addresses: 2.5, max_chain: {a: 1}}\n"
        "extra: 1\n"
    ) == [
        "p.yaml:4: timeouts.tpc is not a known policy value; did you mean 'tcp'?",
        "p.yaml:5: timeouts.tls must be a number",
        "p.yaml:6: timeouts.http must be greater than 0",
        "p.yaml:7: timeouts.dns_udp must have at least one entry",
        "p.yaml:8: retries.jitter must be a share from 0 to 1",
        "p.yaml:8: retries.refused must not be negative, and must be finite",
        "p.yaml:9: pacing must be a mapping of fields",
        "p.yaml:10: concurrency must be at least 1",
        "p.yaml:11: treat_as_global must be a list of prefixes without host bits, such as 2001:db8::/32",
        "p.yaml:12: thresholds.content_similarity must be a number",
        "p.yaml:12: thresholds.max_addresses must be a whole number",
        "p.yaml:12: thresholds.max_chain is one value and has no parts",
        "p.yaml:13: extra is not a known policy value",
    ]


def test_schema_and_id_are_needed() -> None:
    with pytest.raises(Problems) as caught:
        parse_policy(parse_yaml(b"schema: ipv6check.policy/2\n", file="p.yaml"))
    assert [str(problem) for problem in caught.value.problems] == [
        "p.yaml:1: schema must be 'ipv6check.policy/1'",
        "p.yaml:1: id is missing",
    ]


@pytest.mark.parametrize("octets", [b"", b"- a\n", b"text\n"])
def test_a_file_that_is_no_mapping_is_refused(octets: bytes) -> None:
    with pytest.raises(Problems, match="must be a mapping"):
        parse_policy(parse_yaml(octets, file="p.yaml"))


def test_an_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(Problems, match=r"fast: is neither a shipped policy \(default, ci, lab\) nor a file"):
        load_policy("fast")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="cannot be read"):
        load_policy(str(tmp_path / "gone.yaml"))


def test_a_mandate_lays_its_thresholds_over_a_policy_in_either_spelling() -> None:
    nested = apply_overrides(Policy(), {"thresholds": {"max_redirects": "3"}})
    dotted = apply_overrides(Policy(), {"thresholds.max_redirects": "3"})
    assert nested == dotted
    assert nested.thresholds.max_redirects == 3
    assert nested.retries == Policy().retries


def test_overrides_that_no_loader_checked_are_refused() -> None:
    with pytest.raises(Problems, match=r"thresholds\.max_hops is not a known policy value"):
        apply_overrides(Policy(), {"thresholds.max_hops": "3"})


def test_the_digest_follows_the_values() -> None:
    assert policy_digest(load_policy("default")) == policy_digest(Policy())
    assert policy_digest(Policy()) != policy_digest(apply_overrides(Policy(), {"concurrency": "501"}))
