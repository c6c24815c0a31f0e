"""Asking for something: requests from draft to decision, and the outbox that makes each arrive exactly once."""

from agent.asking.asking import Asking
from agent.asking.outbox import Outbox

__all__ = ["Asking", "Outbox"]
