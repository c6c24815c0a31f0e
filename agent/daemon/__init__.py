"""The agent as a process: its start and end, its unix socket, the service manager's protocol."""
