"""The vantage's toolbox: the only place where a socket, dnspython, httpx, scapy or ssl is imported."""
