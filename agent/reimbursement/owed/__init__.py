"""What is still to come, and what is worth asking the fund about. Pure."""

from agent.reimbursement.owed.anomalies import find_anomalies
from agent.reimbursement.owed.expected import Received, expected_shares

__all__ = ["Received", "expected_shares", "find_anomalies"]
