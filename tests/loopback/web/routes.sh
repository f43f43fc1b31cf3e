# A router with a prohibited and an unreachable prefix, in namespaces of its own. Prints one line per address.
set -e
mount -t tmpfs none /run && mkdir -p /run/netns
ip netns add router && ip link set lo up
ip link add near type veth peer name far netns router
ip -n router link set lo up && ip -n router link set far up && ip link set near up
ip addr add 2001:db8:1::1/64 dev near nodad && ip addr add fe80::1/64 dev near nodad
ip -n router addr add 2001:db8:1::2/64 dev far nodad && ip -n router addr add fe80::2/64 dev far nodad
ip netns exec router sysctl -qw net.ipv6.conf.all.forwarding=1
ip -6 route add 2001:db8:2::/48 via 2001:db8:1::2 && ip -6 route add 2001:db8:3::/48 via 2001:db8:1::2
ip -n router -6 route add prohibit 2001:db8:2::/48 && ip -n router -6 route add unreachable 2001:db8:3::/48
ip -6 route add prohibit 2001:db8:a::/48
exec "$PYTHON" -m tests.loopback.web.routes
