"""Asking for something: requests from draft to decision, and the outbox that makes each arrive exactly once."""

from agent.requests.outbox import Outbox
from agent.requests.service import RequestService

__all__ = ["Outbox", "RequestService"]
