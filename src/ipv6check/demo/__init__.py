"""A whole small province on loopback: real DNS, TLS and HTTP servers, started and ended by one command."""
