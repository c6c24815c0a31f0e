"""What the rules *say*: care priced by the dated tables of the law, each step with its rule and source. Pure."""

from agent.reimbursement.engine import estimate, estimate_json
from agent.reimbursement.request import Care, TopUp, Used, read_care
from agent.reimbursement.result import Estimate

__all__ = ["Care", "Estimate", "TopUp", "Used", "estimate", "estimate_json", "read_care"]
