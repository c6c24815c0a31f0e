"""What the rules *say*: care priced by the dated tables of the law, each step with its rule and source. Pure."""

from agent.rules.pricing.engine import estimate, estimate_json
from agent.rules.pricing.request import Care, TopUp, Used, read_care
from agent.rules.pricing.result import Estimate

__all__ = ["Care", "Estimate", "TopUp", "Used", "estimate", "estimate_json", "read_care"]
