"""The demo's policy: loopback counts as global, nothing is spaced for the sake of neighbours, and nobody waits long."""

from ipv6check.model.policy import Pacing, Policy, Retries, Timeouts

DEMO = Policy(
    id="demo",
    timeouts=Timeouts(dns_udp=(0.4, 0.4, 0.4), dns_tcp=1.0, tcp=1.0, tls=1.0, http=1.5, echo=0.5),
    retries=Retries(
        connect_timeout=(0.1, 0.3),
        refused=(0.2,),
        reset=(0.1,),
        tls_http_timeout=(0.2,),
        server_error=(0.2,),
        rate_limited=(0.2,),
        local=(0.2,),
        servfail=(0.1, 0.2),
        second_look_s=1.0,
        selftest_gap_s=1.0,
    ),
    pacing=Pacing(
        connections=64,
        per_address=0,
        per_prefix=0,
        new_per_prefix=0,
        public_resolver_qps=0,
        local_resolver_qps=0,
        backoff_scale=0,  # every host of the demo lives on one address
    ),
    treat_as_global=("::1/128", "127.0.0.0/8"),
    concurrency=64,
)
