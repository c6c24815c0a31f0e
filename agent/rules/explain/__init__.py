"""Why a payment is what it is: each line from its price to the amount received, in words and numbers. Pure."""

from agent.rules.explain.payment import Explainer

__all__ = ["Explainer"]
