"""Who may ask and how often, what remains of a stranger's policy, and the agent's file."""

from pathlib import Path

import msgspec
import pytest

from ipv6check.files.problem import Problems
from ipv6check.model.policy import Pacing, Policy
from ipv6check.model.record import in_full
from ipv6check.policies.load import load_policy
from ipv6check.remote.file import read_agent_file
from ipv6check.remote.restraint import restrained
from ipv6check.remote.visitors import Visitors

TOKENS = {"ci": "0123456789abcdef", "lab": "fedcba9876543210"}


@pytest.mark.parametrize(
    ("authorization", "name"),
    [
        ("Bearer 0123456789abcdef", "ci"),
        ("bearer fedcba9876543210", "lab"),
        ("Bearer 0123456789abcdeF", ""),
        ("Bearer 0123456789abcde", ""),
        ("Basic 0123456789abcdef", ""),
        ("Bearer ", ""),
        ("", ""),
        ("Bearer \u1ea1", ""),
    ],
)
def test_only_a_right_token_names_a_visitor(authorization: str, name: str) -> None:
    assert Visitors(TOKENS, per_minute=1).who(authorization) == name


def test_without_tokens_the_certificate_has_let_them_in() -> None:
    assert Visitors({}, per_minute=1).who("Bearer anything") == "certificate"


def test_each_visitor_has_so_many_questions_a_minute() -> None:
    visitors = Visitors(TOKENS, per_minute=2)
    assert [visitors.wait_s("ci", 100.0) for _ in range(2)] == [0.0, 0.0]
    wait = visitors.wait_s("ci", 100.0)
    assert 29 < wait <= 30
    assert visitors.wait_s("lab", 100.0) == 0.0
    assert visitors.wait_s("ci", 100.0 + wait + 0.01) == 0.0
    assert visitors.wait_s("ci", 100.0 + wait + 0.02) > 0.0


def values(policy: Policy) -> dict[str, object]:
    found = msgspec.to_builtins(in_full(policy))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ["default", "ci"])
def test_shipped_policies_judge_elsewhere_as_they_do_here(name: str) -> None:
    policy = load_policy(name)
    found, fault = restrained(values(policy), Policy())
    assert fault == ""
    assert (found.id, found.thresholds, found.timeouts, found.retries) == (
        policy.id, policy.thresholds, policy.timeouts, policy.retries,
    )  # fmt: skip


def test_a_strangers_policy_cannot_hurry_reach_further_or_stay() -> None:
    asked = values(Policy())
    asked |= {"treat_as_global": ["::/0"], "concurrency": 10**6, "pacing": {"per_address": 0, "new_per_prefix": 0}}
    asked["timeouts"] = {"tcp": 1e9, "dns_udp": [1e9]}
    asked["retries"] = {"budget_s": 1e9, "second_look_s": 1e9, "connect_timeout": [1e9] * 10}
    asked["thresholds"] = {"latency_samples": 10**6, "max_addresses": 10**6, "max_redirects": 10**6}
    own = Policy(pacing=Pacing(per_address=1), treat_as_global=("::1/128",), concurrency=7)
    found, fault = restrained(asked, own)
    assert fault == ""
    assert (found.pacing, found.treat_as_global, found.concurrency) == (own.pacing, own.treat_as_global, 7)
    assert max(found.timeouts.tcp, *found.timeouts.dns_udp) <= 15
    assert max(found.retries.budget_s, found.retries.second_look_s or 0, *found.retries.connect_timeout) <= 300
    assert len(found.retries.connect_timeout) <= 5
    assert (found.thresholds.latency_samples, found.thresholds.max_redirects) == (10, 20)


@pytest.mark.parametrize("wrong", [{"timeouts": {"tcp": -1}}, {"timeouts": {"tcp": "x"}}, {"nonsense": 1}])
def test_a_policy_that_makes_no_sense_is_not_guessed_at(wrong: dict[str, object]) -> None:
    assert restrained(wrong, Policy())[1] != ""


GOOD = 'schema: ipv6check.agent/1\nlisten: "[::1]:0"\ntokens: {ci: env:T}\nallow: {hosts: [.example.vn]}\n'


def test_the_file_needs_little(tmp_path: Path) -> None:
    path = tmp_path / "agent.yaml"
    path.write_text(GOOD, encoding="utf-8")
    found = read_agent_file(path)
    assert (found.address, found.port, found.allow.ports) == ("::1", 0, (80, 443))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (GOOD.replace("[::1]:0", "[::]:8443"), 2, "tls"),
        (GOOD.replace("tokens: {ci: env:T}\n", ""), 0, "nobody else may ask"),
        (GOOD.replace("env:T", "hunter2hunter2hunter2"), 3, "env:NAME"),
        (GOOD.replace("[.example.vn]", "[]"), 4, "allow.hosts"),
        (GOOD.replace("[.example.vn]", "[.example.vn, 'a b']"), 4, "'a b'"),
        (GOOD.replace("allow: {hosts: [.example.vn]}\n", ""), 1, "allow is missing"),
        (GOOD.replace("[::1]:0", "localhost"), 2, "[ADDRESS]:PORT"),
        (GOOD + "tls: {certificate: no.pem, key: no.key}\n", 5, "no.pem"),
        (GOOD + "limits: {seconds: 100000}\n", 5, "limits.seconds"),
    ],
)
def test_a_file_that_would_let_anybody_in_is_refused(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "agent.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_agent_file(path)
    assert line in {problem.line for problem in raised.value.problems}
    assert said in str(raised.value)
    assert "hunter2" not in str(raised.value)
