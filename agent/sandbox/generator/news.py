"""What happens on an account after it was made: payments and messages of today, by the same rules."""

import random
from collections.abc import Iterable
from datetime import date, timedelta

from agent.sandbox.generator.acts import Visit
from agent.sandbox.generator.care import Life, occasions
from agent.sandbox.generator.household import Family
from agent.sandbox.generator.messages import NOTICE, OTHERS, letter
from agent.sandbox.generator.payments import Purse
from agent.sandbox.model import Attachment, NothingHappens, SandboxMessage, SandboxPayment
from config.tariffs import UnknownTariff

_TRIES = 200
"""Occasions thought of for one payment: some have no tariff on a day, or fall after it."""


class LifeGoesOn:
    """Makes news of a family. The same calls after the same account always make the same news.

    ``purse`` goes on from the payments there are: ceilings of the day and year, debts and references are kept.
    """

    def __init__(self, rng: random.Random, family: Family, purse: Purse) -> None:
        self._rng = rng
        self._family = family
        self._purse = purse
        self._life = Life(rng, family)

    def payments(self, count: int, today: date) -> list[SandboxPayment]:
        """``count`` payments of today, one a visit of the days before. Raises NothingHappens: no care is known then."""
        visits = [self._visit(today) for _ in range(count)]  # all of them before the purse is touched
        return [self._purse.care(today, [visit]) for visit in visits]

    def messages(self, count: int, today: date, taken: Iterable[str]) -> list[SandboxMessage]:
        """``count`` unread messages of today, under ids that are not among ``taken``."""
        names = set(taken)
        letters: dict[str, bytes] = {}
        made = []
        for _ in range(count):
            subject, body, file = self._rng.choice(((*NOTICE, ""), *OTHERS))
            if file and file not in letters:
                letters[file] = letter(self._family, subject, body, today)
            name = self._name(names)
            names.add(name)
            made.append(SandboxMessage(
                id=name, received_on=today, sender=self._family.cpam, subject=subject, body=body,
                attachments=[Attachment(file, letters[file])] if file else [],
            ))
        return made

    def _visit(self, today: date) -> Visit:
        for _ in range(_TRIES):
            person = self._rng.choice(self._family.persons)
            causes = occasions(self._family, person)
            make, _ = self._rng.choices(causes, [often for _, often in causes])[0]
            day = today - timedelta(days=self._rng.randint(5, 7))
            if day < person.birth_date + timedelta(days=8):
                continue
            try:
                visits: list[Visit] = make(self._life, person, day)
            except UnknownTariff:
                continue
            if visits and visits[0].day == day and visits[0].acts:
                return visits[0]
        raise NothingHappens(today)

    def _name(self, taken: set[str]) -> str:
        while (name := f"M{self._rng.randrange(10**9, 10**10)}") in taken:
            pass
        return name
