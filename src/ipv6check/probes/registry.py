"""All probes, in an order in which what a probe needs comes before it."""

from ipv6check.probes.authority import AuthorityProbe
from ipv6check.probes.binding import BindingProbe
from ipv6check.probes.echo import EchoProbe
from ipv6check.probes.endpoint import EndpointProbe
from ipv6check.probes.http3 import Http3Probe
from ipv6check.probes.knock import KnockProbe
from ipv6check.probes.mail import MailProbe
from ipv6check.probes.name import NameProbe
from ipv6check.probes.path import PathProbe
from ipv6check.probes.probe import AnyProbe
from ipv6check.probes.redirect import RedirectProbe
from ipv6check.probes.resources import ResourceProbe
from ipv6check.probes.reverse import ReverseProbe
from ipv6check.probes.senders import SendersProbe
from ipv6check.probes.twin import TwinProbe
from ipv6check.probes.zones import ZonesProbe

PROBES: tuple[type[AnyProbe], ...] = (
    NameProbe,
    TwinProbe,
    ZonesProbe,
    MailProbe,
    SendersProbe,
    AuthorityProbe,
    BindingProbe,
    ReverseProbe,
    EndpointProbe,
    EchoProbe,
    Http3Probe,
    RedirectProbe,
    ResourceProbe,
    KnockProbe,
    PathProbe,
)
