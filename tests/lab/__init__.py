"""An internet of its own in network namespaces: root, vn., gov.vn., provinces, a resolver, web servers, and faults."""
