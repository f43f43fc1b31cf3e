"""Policy: every threshold, time limit, try and pace of a scan. Data, with a digest."""

from ipv6check.model.record import Record


class Timeouts(Record, frozen=True, kw_only=True):
    """Seconds per try. ``dns_udp`` has one entry per UDP try; the others bound one phase of one connection."""

    dns_udp: tuple[float, ...] = (2.0, 2.0, 3.0)
    dns_tcp: float = 5.0
    tcp: float = 5.0
    tls: float = 5.0
    http: float = 10.0
    echo: float = 2.0


class Retries(Record, frozen=True, kw_only=True):
    """Spacings in seconds before each further try of one address; the number of entries is the number of retries.

    ``second_look_s`` is the least time between the last try and the second look; None takes no second look.
    ``selftest_gap_s`` is the least time between two self-tests of the vantage, ``selftest_patience_s`` how long a scan
    waits for a vantage that was lost.
    ``budget_s`` bounds the socket time of one endpoint, ``retry_after_s`` a Retry-After that is waited for.
    """

    connect_timeout: tuple[float, ...] = (2.0, 15.0)
    refused: tuple[float, ...] = (5.0,)
    reset: tuple[float, ...] = (2.0,)
    tls_http_timeout: tuple[float, ...] = (5.0,)
    server_error: tuple[float, ...] = (10.0,)
    rate_limited: tuple[float, ...] = (5.0,)
    local: tuple[float, ...] = (2.0, 5.0)
    servfail: tuple[float, ...] = (0.3, 2.0)
    jitter: float = 0.25
    second_look_s: float | None = 30.0
    budget_s: float = 45.0
    retry_after_s: float = 30.0
    selftest_gap_s: float = 10.0
    selftest_patience_s: float = 300.0


class Pacing(Record, frozen=True, kw_only=True):
    """Good-neighbour limits; 0 lifts a limit. Prefix means /48 for IPv6 and /24 for IPv4. ``backoff_scale`` multiplies
    how long an address is left alone that asked for it (429, Retry-After, prohibited)."""

    connections: int = 128
    per_address: int = 2
    per_prefix: int = 8
    new_per_prefix: float = 5.0
    burst_per_prefix: int = 5
    public_resolver_qps: float = 20.0
    local_resolver_qps: float = 500.0
    authority_qps: float = 20.0
    backoff_scale: float = 1.0


class Thresholds(Record, frozen=True, kw_only=True):
    """What the judges compare with."""

    max_addresses: int = 8
    max_redirects: int = 10
    max_chain: int = 11
    content_similarity: float = 0.90
    latency_gap_ms: float = 250.0
    latency_sample_gap_ms: float = 150.0
    latency_samples: int = 5
    attestation_days: int = 365
    imported_days: int = 90


class Policy(Record, frozen=True, kw_only=True):
    """A named set of the above. ``treat_as_global`` are prefixes of a demo or lab that count as global and may be
    contacted although the address table bars them; it is printed wherever a rate is."""

    id: str = "default"
    timeouts: Timeouts = Timeouts()
    retries: Retries = Retries()
    pacing: Pacing = Pacing()
    thresholds: Thresholds = Thresholds()
    treat_as_global: tuple[str, ...] = ()
    concurrency: int = 500
