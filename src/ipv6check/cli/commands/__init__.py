"""One file per command or group of commands: its options, what it calls, what it prints."""
