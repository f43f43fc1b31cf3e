"""What an HTTPS record says, from its wire form to the evidence."""

import dns.rdata
import pytest

from ipv6check.model.dns import DnsOutcome
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.net.dns.message import value_of
from ipv6check.probes.binding import BindingProbe
from ipv6check.probes.probe import Subject
from tests.unit.engine.world import World

NAME = "www.a.vn"


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("1 . ipv6hint=2606:2800::1,2606:2800::2", "1 . 2606:2800::1 2606:2800::2"),
        ("1 . alpn=h2,h3 ipv6hint=2606:2800::1", "1 . 2606:2800::1 h3=0"),
        ("2 CDN.vn. alpn=h3 port=8443", "2 cdn.vn h3=8443"),
        ("1 . alpn=h2 port=8443", "1 ."),
        ("1 . alpn=h3-29", "1 ."),
        ("0 other.vn.", "0 other.vn"),
    ],
)
def test_a_record_as_text(record: str, text: str) -> None:
    assert value_of(dns.rdata.from_text("IN", "HTTPS", record)) == text


async def test_hints_and_http3_of_records_with_parameters() -> None:
    said = ("1 . 2606:2800::1 h3=0", "2 cdn.vn 2606:2800::2 h3=8443", f"3 {NAME} h3=443", "0 other.vn")
    world = World(records={(NAME, "HTTPS"): said}, aaaa={NAME: ("2606:2800::1",), "cdn.vn": DnsOutcome.NODATA})
    subject = Subject(target=Target(host=NAME, port=443, protocol=Protocol.HTTPS))
    found = await BindingProbe().observe(subject, {}, world, Policy())
    assert found.hints == ("cdn.vn 2606:2800::2", f"{NAME} 2606:2800::1")
    assert found.http3 == (". 0", "cdn.vn 8443", ". 443")
    assert [lookup.name for lookup in found.aaaa] == [NAME, "cdn.vn"]
