"""The only way to the data: each call of the socket, what it needs and what it answers."""

from agent.api.routes import gate

__all__ = ["gate"]
