"""The 100 % Santé basket: up to a highest price, a responsible contract or the solidarity cover leaves nothing to pay.

A highest price binds the professional whether the thing is in the basket or in the moderate one beside it; the basket
alone is paid in full (R871-2 3° to 8°, L861-3).
"""

from decimal import Decimal

from agent.rules.codes.nomenclature import Act
from agent.rules.dated_tables import Law
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, doubt, note

_ZERO = Decimal(0)
_C2S_CAPS = {"hearing.class_1_price": "hearing.class_1_price_c2s"}
"""Highest prices that are lower for somebody with the solidarity cover: who asks more leaves nothing to pay either, as
the professional may not."""


def is_of_basket(acts: list[Act], law: Law) -> bool:
    """Whether every act of a line is of the basket on the day, whatever its price."""
    return all(act.basket and law.value_or_none(act.basket) for act in acts)


def highest_price(acts: list[Act], care: Care, law: Law) -> Decimal | None:
    """The most that may be asked for a line in euros; None where no highest price of one of its acts is known."""
    return _total([act.cap for act in acts], care, law)


def _total(names: list[str], care: Care, law: Law) -> Decimal | None:
    caps = [law.value_or_none(name) if name else None for name in names]
    of_all = [cap * care.quantity for cap in caps if cap is not None]
    return sum(of_all, _ZERO) if len(of_all) == len(caps) else None


def basket_source(act: Act, law: Law) -> str:
    """Where the highest price was read, or else that the act is of the basket."""
    return law.source(act.cap if act.cap and law.knows(act.cap) else act.basket)


def basket_steps(acts: list[Act], price: Decimal, care: Care, law: Law) -> list[Step]:
    """What to know of a price against the highest one: that nothing is left in the basket, or that it is too high."""
    if not any(act.cap or act.basket for act in acts):
        return []
    solidarity = "c2s" in care.situations
    most, steps = _total([_C2S_CAPS.get(act.cap, act.cap) if solidarity else act.cap for act in acts], care, law), []
    if most is not None and price > most:
        steps.append(doubt(
            "Prix limite : {0}. Un professionnel conventionné ne peut pas demander plus pour cela ; vérifiez le devis.",
            "Highest price: {0}. A professional under contract may not ask more for this; check the quote.",
            acts[0].cap, law.source(acts[0].cap), most))
    elif most is None and is_of_basket(acts, law):
        steps.append(doubt(
            "Ce soin est au panier 100 % Santé, à un prix limite inconnu ici ; le devis le dit, et la table des prix"
            " limites est sur ameli.fr.",
            "This is in the 100 % Santé basket, at a highest price not known here; the quote tells it, and the table of"
            " highest prices is on ameli.fr.",
            "R871-2", law.source(acts[0].basket)))
    elif care.top_up is None and not solidarity and is_of_basket(acts, law):
        steps.append(note(
            "Panier 100 % Santé : avec un contrat responsable ou la complémentaire santé solidaire, il ne reste rien.",
            "100 % Santé basket: with a responsible contract or the solidarity cover, nothing is left to pay.",
            "R871-2", basket_source(acts[0], law)))
    return steps  # fmt: skip
