"""What is still to come, and what is worth asking the fund about. Pure."""

from agent.rules.owed.anomalies import find_anomalies
from agent.rules.owed.claim_limits import claim_until, with_limits
from agent.rules.owed.top_up_expected import Received, expected_shares

__all__ = ["Received", "claim_until", "expected_shares", "find_anomalies", "with_limits"]
