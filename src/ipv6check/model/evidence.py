"""All evidence types that a store may hold."""

from ipv6check.model.contact import EchoEvidence, EndpointEvidence
from ipv6check.model.dns import AuthorityEvidence, NameEvidence, TwinEvidence
from ipv6check.model.document import DocumentEvidence
from ipv6check.model.evidence_base import Evidence, tag_of
from ipv6check.model.http3 import Http3Evidence
from ipv6check.model.imported import HostEvidence, ImportedEvidence
from ipv6check.model.mail import MailEvidence, SendersEvidence
from ipv6check.model.path import PathEvidence
from ipv6check.model.redirect import RedirectEvidence
from ipv6check.model.resources import KnockEvidence, ResourceEvidence
from ipv6check.model.zone import BindingEvidence, ReverseEvidence, ZonesEvidence

AnyEvidence = (
    NameEvidence
    | TwinEvidence
    | AuthorityEvidence
    | EndpointEvidence
    | EchoEvidence
    | RedirectEvidence
    | ResourceEvidence
    | DocumentEvidence
    | ZonesEvidence
    | BindingEvidence
    | ReverseEvidence
    | ImportedEvidence
    | HostEvidence
    | PathEvidence
    | MailEvidence
    | SendersEvidence
    | Http3Evidence
    | KnockEvidence
)

__all__ = ["AnyEvidence", "Evidence", "tag_of"]
