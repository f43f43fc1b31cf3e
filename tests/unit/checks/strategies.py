"""Arbitrary evidence: every combination of endings a probe could hand over, likely or not."""

from datetime import date

from hypothesis import strategies as st
from msgspec.structs import replace

from ipv6check.model.asset import Attestation
from ipv6check.model.contact import (
    Attempt,
    Barred,
    Certificate,
    Comparison,
    Contact,
    EchoEvidence,
    EchoReply,
    EndpointEvidence,
    HttpReply,
)
from ipv6check.model.dns import AuthorityEvidence, DnsOutcome, Lookup, NameEvidence, ServerAnswer, TwinEvidence
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.http3 import Announced, Http3Evidence
from ipv6check.model.imported import (
    HostEvidence,
    ImportedEvidence,
    Listening,
    Provenance,
    Sighting,
    Socket,
    Source,
)
from ipv6check.model.mail import ExchangerTest, MailEvidence, SendersEvidence, SpfHost, SpfSaid
from ipv6check.model.path import Hop as PathHop
from ipv6check.model.path import Path, PathEnd, PathEvidence, Told
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.resources import Knock, KnockEvidence, Resource, ResourceEvidence
from ipv6check.model.spf import SpfResult
from ipv6check.model.zone import (
    BindingEvidence,
    Break,
    Chain,
    Exchanger,
    Reverse,
    ReverseEvidence,
    ServerTest,
    ZoneReport,
    ZoneServer,
    ZonesEvidence,
)
from tests.factories import AT, HOST, V4, V6, V6_B

ADDRESSES_6 = [V6, V6_B, "2001:4:112::1", "fd00::1", "64:ff9b::1"]
OURS = [failure for failure in Failure if failure.is_ours]
_text = st.text(max_size=12)
_ms = st.none() | st.floats(0, 1e5)
_moments = st.floats(AT - 1e8, AT)
_provenance = st.builds(
    Provenance,
    source=st.sampled_from(Source),
    vantage=_text,
    file=_text,
    sha256=_text,
    taken_at=_moments,
    tool=_text,
)
_days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def lookups(rdtype: str, records: list[str]) -> st.SearchStrategy[Lookup]:
    return st.builds(
        Lookup,
        name=st.just(HOST),
        rdtype=st.just(rdtype),
        outcome=st.sampled_from(DnsOutcome),
        records=st.lists(st.sampled_from(records), max_size=3).map(tuple),
        chain=st.lists(_text, max_size=2).map(tuple),
        bogus=st.booleans(),
        synthesised=st.booleans(),
        single_resolver=st.booleans(),
    )


def attempts(failures: list[Failure | None]) -> st.SearchStrategy[Attempt]:
    return st.builds(
        Attempt,
        at=st.just(AT),
        phase=st.sampled_from(Phase),
        failure=st.sampled_from(failures),
        tcp_ms=_ms,
        tls_ms=_ms,
        http_ms=_ms,
    )


certificates = st.builds(
    Certificate,
    sha256=st.sampled_from(["aa", "bb"]),
    not_after=st.floats(-1e18, 1e18),
    issuer=_text,
    verified=st.booleans(),
)

replies = st.builds(
    HttpReply,
    status=st.integers(100, 599),
    location=st.sampled_from(["", "/", "//[", "https://a/b?c", "http://[::1"]) | _text,
    retry_after_s=st.none() | st.floats(0, 1e6),
    challenge=st.booleans(),
)


def contacts(addresses: list[str], failures: list[Failure | None]) -> st.SearchStrategy[Contact]:
    return st.builds(
        Contact,
        address=st.sampled_from(addresses),
        port=st.integers(1, 65535),
        attempts=st.lists(attempts(failures), max_size=3).map(tuple),
        certificate=st.none() | certificates,
        http=st.none() | replies,
        samples_ms=st.lists(st.floats(0, 1e5), max_size=5).map(tuple),
    )


EVERY = [None, *Failure]


def endpoints(failures: list[Failure | None] = EVERY) -> st.SearchStrategy[EndpointEvidence]:
    def several(addresses: list[str]) -> st.SearchStrategy[tuple[Contact, ...]]:
        return st.lists(contacts(addresses, failures), max_size=3).map(tuple)

    share = st.floats(0, 1)
    return st.builds(
        EndpointEvidence,
        observed_at=st.just(AT),
        target=st.just("https://x:443/"),
        accepted=st.lists(st.integers(100, 599), max_size=2).map(tuple),
        v6=several(ADDRESSES_6),
        v4=several([V4]),
        barred=st.lists(
            st.builds(
                Barred, address=st.sampled_from(ADDRESSES_6), reason=st.sampled_from(["ula", "nat64", "opted_out"])
            ),
            max_size=2,
        ).map(tuple),
        sampled=st.booleans(),
        plain_http=several([V6]),
        comparison=st.none() | st.builds(Comparison, similarity=share, noise=share, compared=st.booleans()),
    )


_outcome = st.sampled_from(DnsOutcome)
_names = st.lists(_text, max_size=2).map(tuple)
_six = st.lists(st.sampled_from(ADDRESSES_6), max_size=2).map(tuple)

zone_reports = st.builds(
    ZoneReport,
    zone=_text,
    organisation=_text,
    parent=_text,
    listed=_outcome,
    referral=_outcome,
    servers=st.lists(
        st.builds(
            ZoneServer,
            name=_text,
            in_parent=st.booleans(),
            in_child=st.booleans(),
            glue6=_six,
            aaaa=_outcome,
            a=_outcome,
            own6=_six,
        ),
        max_size=3,
    ).map(tuple),
    tests=st.lists(
        st.builds(
            ServerTest,
            address=st.sampled_from([V4, *ADDRESSES_6]),
            names=st.lists(_text, min_size=1, max_size=2).map(tuple),
            barred=st.sampled_from(["", "ula", "opted_out"]),
            udp=_outcome,
            tcp=_outcome,
            plain=_outcome,
            truncated=st.booleans(),
            soa=_text,
            servers=_names,
            data=_names,
            varies=st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
    ds=_outcome,
    dnskey=_outcome,
    bogus=st.booleans(),
    chain=st.builds(
        Chain,
        path=_names,
        broken=st.sampled_from(["", ".", "vn", "example.vn"]),
        reason=st.none() | st.sampled_from(Break),
        servers=_names,
        undecided=st.sampled_from(["", "budget", "no_root"]),
    ),
    asked_v4=st.booleans(),
    asked_v6=st.booleans(),
)
_reports = st.lists(zone_reports, max_size=2).map(tuple)

_hops = st.builds(
    PathHop,
    limit=st.integers(1, 30),
    told=st.sampled_from(Told),
    address=st.sampled_from(["", *ADDRESSES_6]),
    rtt_ms=_ms,
)
_paths = st.builds(
    Path,
    address=st.sampled_from(ADDRESSES_6),
    means=st.sampled_from(["tcp", "echo"]),
    hops=st.lists(_hops, max_size=4).map(tuple),
    end=st.sampled_from(PathEnd),
    cause=st.none() | st.sampled_from(Failure),
)


_spf_result = st.sampled_from([one.value for one in SpfResult])
_reverses = st.lists(
    st.builds(
        Reverse,
        address=st.sampled_from(ADDRESSES_6),
        outcome=_outcome,
        names=_names,
        forward=_outcome,
        confirmed=st.booleans(),
    ),
    max_size=3,
).map(tuple)


def _said(address: str) -> st.SearchStrategy[tuple[SpfSaid, ...]]:
    return st.lists(st.builds(SpfSaid, address=st.just(address), result=_spf_result), max_size=1).map(tuple)


def _spoken_to(addresses: list[str]) -> st.SearchStrategy[Contact]:
    facts = st.sampled_from([(), (("starttls", "yes"),), (("starttls", "no"),), (("starttls", "454"),)])
    return st.builds(lambda contact, facts: replace(contact, facts=facts), contacts(addresses, EVERY), facts)


_knock = {
    "host": _text,
    "address": st.sampled_from([V4, *ADDRESSES_6]),
    "port": st.sampled_from([80, 443]),
    "phase": st.sampled_from(Phase),
    "failure": st.none() | st.sampled_from(Failure),
}

EVIDENCE: dict[type[Evidence], st.SearchStrategy[Evidence]] = {
    NameEvidence: st.builds(
        NameEvidence,
        observed_at=st.just(AT),
        name=st.sampled_from([HOST, V6, V4]),
        aaaa=lookups("AAAA", ADDRESSES_6),
        a=lookups("A", [V4]),
    ),
    TwinEvidence: st.builds(
        TwinEvidence,
        observed_at=st.just(AT),
        name=st.just(HOST),
        twin=st.sampled_from(["", "example.vn"]),
        aaaa=st.none() | lookups("AAAA", ADDRESSES_6),
        a=st.none() | lookups("A", [V4]),
    ),
    AuthorityEvidence: st.builds(
        AuthorityEvidence,
        observed_at=st.just(AT),
        name=st.just(HOST),
        zone=_text,
        found=st.sampled_from(DnsOutcome),
        servers=st.lists(
            st.builds(
                ServerAnswer,
                server=_text,
                address=_text,
                a=st.sampled_from(DnsOutcome),
                aaaa=st.sampled_from(DnsOutcome),
            ),
            max_size=3,
        ).map(tuple),
    ),
    EndpointEvidence: endpoints(),
    EchoEvidence: st.builds(
        EchoEvidence,
        observed_at=st.just(AT),
        host=st.just(HOST),
        replies=st.lists(
            st.builds(
                EchoReply,
                address=st.sampled_from([V6, V4]),
                failure=st.none() | st.sampled_from(Failure),
                rtt_ms=st.none() | st.floats(0, 1e5),
            ),
            max_size=3,
        ).map(tuple),
    ),
    PathEvidence: st.builds(
        PathEvidence,
        observed_at=st.just(AT),
        target=st.just("https://x:443/"),
        wanted=_six,
        paths=st.lists(_paths, max_size=2).map(tuple),
    ),
    Http3Evidence: st.builds(
        Http3Evidence,
        observed_at=st.just(AT),
        announced=st.sampled_from(Announced),
        port=st.sampled_from([0, 443]),
        elsewhere=st.sampled_from(["", "h.vn:443"]),
        v6=st.lists(contacts(ADDRESSES_6, EVERY), max_size=2).map(tuple),
        v4=st.lists(contacts([V4], EVERY), max_size=1).map(tuple),
    ),
    RedirectEvidence: st.builds(
        RedirectEvidence,
        observed_at=st.just(AT),
        url=_text,
        hops=st.lists(
            st.builds(
                Hop,
                url=_text,
                outcome=st.sampled_from(HopOutcome),
                address=st.sampled_from(["", *ADDRESSES_6]),
                failure=st.none() | st.sampled_from(Failure),
                detail=st.sampled_from(["", "ula", "opted_out", "scheme", "servfail"]),
            ),
            max_size=3,
        ).map(tuple),
        downgraded=st.booleans(),
    ),
    ZonesEvidence: st.builds(
        ZonesEvidence,
        observed_at=st.just(AT),
        name=_text,
        found=_outcome,
        zone=st.none() | zone_reports,
        aliases=_reports,
        lost=_names,
        mail_found=_outcome,
        mail=_reports,
        mail_lost=_names,
        exchangers=st.lists(
            st.builds(
                Exchanger,
                host=_text,
                preference=st.integers(0, 65_535),
                aaaa=_outcome,
                addresses=st.lists(st.sampled_from(ADDRESSES_6), max_size=2).map(tuple),
            ),
            max_size=3,
        ).map(tuple),
    ),
    MailEvidence: st.builds(
        MailEvidence,
        observed_at=st.just(AT),
        name=st.just(HOST),
        found=_outcome,
        exchangers=st.lists(
            st.builds(
                ExchangerTest,
                host=_text,
                preference=st.just(10),
                implicit=st.booleans(),
                aaaa=_outcome,
                a=_outcome,
                v6=st.lists(_spoken_to(ADDRESSES_6), max_size=2).map(tuple),
                v4=st.lists(_spoken_to([V4]), max_size=1).map(tuple),
                barred=st.sampled_from([(), (Barred(address=ADDRESSES_6[0], reason="opted_out"),)]),
            ),
            max_size=2,
        ).map(tuple),
        total=st.integers(0, 9),
    ),
    BindingEvidence: st.builds(
        BindingEvidence,
        observed_at=st.just(AT),
        name=st.just(HOST),
        outcome=_outcome,
        hints=st.lists(st.sampled_from([f"{HOST} {address}" for address in ADDRESSES_6]), max_size=3).map(tuple),
        aaaa=st.lists(lookups("AAAA", ADDRESSES_6), max_size=2).map(tuple),
    ),
    SendersEvidence: st.builds(
        SendersEvidence,
        observed_at=st.just(AT),
        name=_text,
        mail=_outcome,
        found=_outcome,
        result=_spf_result,
        cause=st.sampled_from(["", "spf_syntax", "timeout"]),
        covers=st.lists(st.sampled_from(["all", "2a00::/32"]), max_size=2).map(tuple),
        names_v4=st.booleans(),
        depends=st.booleans(),
        hosts=st.lists(st.builds(SpfHost, host=_text, v6=_said(V6), v4=_said(V4)), max_size=2).map(tuple),
        senders=_reverses,
    ),
    ReverseEvidence: st.builds(
        ReverseEvidence,
        observed_at=st.just(AT),
        name=st.just(HOST),
        found=_outcome,
        addresses=_reverses,
    ),
    ResourceEvidence: st.builds(
        ResourceEvidence,
        observed_at=st.just(AT),
        page=st.sampled_from(["", "https://x/"]),
        resources=st.lists(
            st.builds(
                Resource,
                host=_text,
                kinds=st.just(("script",)),
                url=_text,
                own=st.booleans(),
                aaaa=lookups("AAAA", ADDRESSES_6),
                barred=st.sampled_from(["", "ula", "opted_out"]),
            ),
            max_size=3,
        ).map(tuple),
        literals=st.lists(_text, max_size=7).map(tuple),
        cut=st.booleans(),
    ),
    KnockEvidence: st.builds(
        KnockEvidence,
        observed_at=st.just(AT),
        v6=st.lists(st.builds(Knock, **_knock), max_size=3).map(tuple),
        v4=st.lists(st.builds(Knock, **_knock), max_size=2).map(tuple),
    ),
    DocumentEvidence: st.builds(
        DocumentEvidence,
        observed_at=st.just(AT),
        today=_days,
        attestation=st.none()
        | st.builds(Attestation, document=_text, signer=_text, date=_days, expires=st.none() | _days, reviewer=_text),
        addresses=st.lists(st.sampled_from([V4, "fe80::1%eth0", "x", *ADDRESSES_6]), max_size=2).map(tuple),
        prefix=st.sampled_from(["", "2a00::/32", "fd00::/8", "::/0", "2a00::/129", "10.0.0.0/8"]) | _text,
        gateway=st.sampled_from(["", "2a00::1", "fe80::1", "10.0.0.1"]) | _text,
        internal=st.booleans(),
    ),
    ImportedEvidence: st.builds(
        ImportedEvidence,
        observed_at=st.just(AT),
        sightings=st.lists(
            st.builds(
                Sighting,
                provenance=_provenance,
                seen_at=_moments,
                matched_by=_text,
                addresses=st.lists(st.sampled_from(["fe80::1", "fd00::1", "::1", *ADDRESSES_6]), max_size=2).map(tuple),
                proof=_text,
            ),
            max_size=3,
        ).map(tuple),
    ),
    HostEvidence: st.builds(
        HostEvidence,
        observed_at=st.just(AT),
        listenings=st.lists(
            st.builds(
                Listening,
                provenance=_provenance,
                host=_text,
                matched_by=_text,
                wanted=st.sampled_from(["tcp/443", "process nginx"]),
                address=st.sampled_from(["", "10.0.0.1", *ADDRESSES_6]),
                sockets=st.lists(
                    st.builds(
                        Socket,
                        transport=st.just("tcp"),
                        address=st.sampled_from(
                            ["::", "0.0.0.0", "::1", "127.0.0.1", "fe80::1", "::ffff:10.0.0.1", *ADDRESSES_6]
                        ),
                        port=st.just(443),
                        v6only=st.none() | st.booleans(),
                        owner=st.sampled_from(["", "nginx", "apache2", "uid 0"]),
                    ),
                    max_size=4,
                ).map(tuple),
                has_ipv6=st.none() | st.booleans(),
                blind=st.booleans(),
            ),
            max_size=3,
        ).map(tuple),
        missing=st.lists(_text, max_size=1).map(tuple),
    ),
}
