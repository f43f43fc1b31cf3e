"""ipv6check proves, agency by agency, how far an IPv6 conversion is."""

__version__ = "0.1.0"
