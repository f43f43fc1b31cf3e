"""All probes, in an order in which what a probe needs comes before it."""

from ipv6check.probes.authority import AuthorityProbe
from ipv6check.probes.echo import EchoProbe
from ipv6check.probes.endpoint import EndpointProbe
from ipv6check.probes.name import NameProbe
from ipv6check.probes.probe import AnyProbe
from ipv6check.probes.redirect import RedirectProbe
from ipv6check.probes.twin import TwinProbe

PROBES: tuple[type[AnyProbe], ...] = (NameProbe, TwinProbe, AuthorityProbe, EndpointProbe, EchoProbe, RedirectProbe)
