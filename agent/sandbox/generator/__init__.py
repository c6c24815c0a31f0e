"""Lifelike accounts from a seed: the same seed, day and size always give the same household, to the cent.

Every amount follows the dated tables of ``config.tariffs`` and the rules of deductions: who is exempt, the ceilings of
the day and of the year (counted on the day of refund), and debts from third-party care withheld from later payments.
"""

import random
from datetime import date, timedelta

from agent.sandbox.generator.care import live
from agent.sandbox.generator.household import exemptions, make_family
from agent.sandbox.generator.messages import write_messages
from agent.sandbox.generator.news import LifeGoesOn
from agent.sandbox.generator.payments import Purse, pay_out
from agent.sandbox.generator.sick_leave import sick_leaves
from agent.sandbox.generator.stories import tell_stories
from agent.sandbox.model import Household, SandboxPayment

__all__ = ["make_household"]

_DENSE = 1.5
"""Beyond this density each visit is paid apart, else a day's transfer would gather them all."""


def make_household(seed: int, today: date, years: int, payments: int | None = None) -> Household:
    """An account of ``years`` years of care ending ``today``.

    ``payments`` asks for exactly that many payments (up to 100,000): care becomes denser, the rules stay.
    Raises ValueError for years below 1 or payments below 1.
    """
    if years < 1 or (payments is not None and payments < 1):
        raise ValueError("a household needs at least one year and one payment")
    rng = random.Random(seed)
    family = make_family(rng, seed, today)
    since = max(today - timedelta(days=round(365.25 * years)), family.arrived or date.min)
    fate = rng.random()

    def lead_life(density: float) -> tuple[list[SandboxPayment], Purse]:
        chance = random.Random(fate)
        visits = live(chance, family, since, today, density)
        leaves = sick_leaves(chance, family, since, today)
        return pay_out(chance, family, visits, leaves, today, apart=density > _DENSE)

    paid, purse = lead_life(1.0)
    if payments is not None:
        density = 1.0
        while len(paid) < payments:
            density *= 1.04 * payments / max(1, len(paid))
            paid, purse = lead_life(max(density, 1.01 * _DENSE))
        paid = paid[-payments:]
    messages = write_messages(rng, family, paid, today)
    news, solidarity = tell_stories(rng, family, today)
    return Household(
        nir=family.nir,
        password=family.password,
        persons=family.persons,
        address=family.address,
        email=family.email,
        mobile=family.mobile,
        phone=family.phone,
        cpam=family.cpam,
        cpam_address=family.cpam_address,
        top_up=family.top_up,
        payments=paid,
        messages=sorted(messages + news, key=lambda message: message.received_on),
        solidarity=solidarity,
        office=family.office,
        exemptions=exemptions(family),
        news=LifeGoesOn(random.Random(rng.random()), family, purse),
    )
