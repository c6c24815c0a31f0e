"""Lenses of class A: their table of bases by correction was not found, only the rule between base and highest price."""

from decimal import Decimal

from agent.rules.codes.nomenclature import Billed
from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded
from agent.rules.pricing.parts import Part
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt, plain


def base_from_price(billed: Billed, price: Decimal, care: Care, law: Law) -> tuple[list[Part], list[Step]]:
    """The base that a price at the highest one would have, doubted. Raises BaseNeeded for a price above all of them."""
    act = billed.act
    if price > law.value(act.cap) * care.quantity:
        raise BaseNeeded(act=act.code, nearest="OPT/LENS-B, OPT/LENS-A")
    share = law.value(act.share_of_price)
    base = cents(price * share / 100)
    source = law.source(act.share_of_price)
    return [Part(billed, base)], [
        Step("Base de remboursement de {0} : {1}.", "Base of {0}: {1}.", base, act.share_of_price, source,
             act.code, base),
        doubt(
            "La base d'un verre de classe A dépend de la correction ; elle est comptée ici à {0} % du prix. La table"
            " est sur ameli.fr (liste des produits et prestations), le devis de l'opticien la donne.",
            "The base of a lens of class A hangs on the correction; here it is taken as {0} % of the price. The table"
            " is on ameli.fr (list of products), and the optician's quote has it.",
            act.share_of_price, source, plain(share)),
    ]  # fmt: skip
