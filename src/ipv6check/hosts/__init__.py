"""What a machine tells of itself: its listening sockets, processes, addresses and routes, as an evidence document."""
