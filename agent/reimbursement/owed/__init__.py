"""What is still to come, and what is worth asking the fund about. Pure."""

from agent.reimbursement.owed.anomalies import find_anomalies
from agent.reimbursement.owed.expected import Received, expected_shares
from agent.reimbursement.owed.limits import claim_until, with_limits

__all__ = ["Received", "claim_until", "expected_shares", "find_anomalies", "with_limits"]
