"""The agent from outside: calls over its socket, starting and stopping it, the user service."""
