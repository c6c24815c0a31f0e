"""What happens to a family: visits, medicines, analyses, series of sessions, a stay in hospital, teeth and glasses."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from agent.sandbox.generator.acts import Act, Price, Visit
from agent.sandbox.generator.household import Family
from agent.sandbox.model import Person
from config.tariffs import UnknownTariff

Make = Callable[["Life", Person, date], list[Visit]]


def live(rng: random.Random, family: Family, since: date, until: date, density: float) -> list[Visit]:
    """Every visit of the family between two days, in the order of the days. ``density`` 1 is an ordinary life."""
    life = Life(rng, family)
    visits: list[Visit] = []
    for person in family.persons:
        first = max(since, person.birth_date + timedelta(days=8))
        for make, per_year in occasions(family, person):
            visits.extend(life.over(make, person, first, until, per_year * density))
    visits.sort(key=lambda visit: visit.day)
    return visits


def occasions(family: Family, person: Person) -> list[tuple[Make, float]]:
    """What brings that person to care, and how often in a year."""
    adult = person.insured
    ill = person is family.long_illness
    return [
        (Life.general_practitioner, 4.5 if adult else 4.0),
        (Life.specialist, 2.0 if adult else 0.8),
        (Life.pharmacy, 14.0 if ill else 3.0 if adult else 1.5),
        (Life.laboratory, 4.0 if ill else 1.2 if adult else 0.3),
        (Life.dentist, 1.2),
        (Life.nurse, 5.0 if ill else 0.6 if adult else 0.2),
        (Life.physiotherapy, 0.35 if adult else 0.12),
        (Life.imaging, 0.7 if adult else 0.4),
        (Life.optics, 0.4),
        (Life.hospital, 0.15 if adult else 0.06),
        (Life.transport, 1.0 if ill else 0.1),
    ]


class Life:
    """Makes visits; all chance comes from one generator of random numbers."""

    def __init__(self, rng: random.Random, family: Family) -> None:
        self._rng = rng
        self._family = family
        self._price = Price()

    def over(self, make: Make, person: Person, since: date, until: date, per_year: float) -> Iterator[Visit]:
        """Visits of one kind, at random days, ``per_year`` on average, none after ``until``."""
        if per_year <= 0:
            return
        moment = 0.0
        span = (until - since).days
        while True:
            moment += self._rng.expovariate(per_year / 365.25)
            if moment > span:
                return
            day = since + timedelta(days=int(moment))
            try:
                visits = make(self, person, day)
            except UnknownTariff:
                continue  # so long ago that the tables know no rate for it
            for visit in visits:
                if visit.day <= until and visit.acts:
                    yield visit

    def general_practitioner(self, person: Person, day: date) -> list[Visit]:
        """A visit to the treating doctor, now and then followed by medicines."""
        price = self._price
        small = _age(person, day) < 6
        name = "consultation.gp_under_6" if small else "consultation.gp"
        if not price.has(name, day):
            return []
        ill = self._covered_illness(person, day) and self._rng.random() < 0.5
        code = "G+MEG" if small else "G"
        acts = [self._doctor(person, day, "C GENERALISTE", code, price.amount(name, day), full=ill)]
        visits = [Visit(person, day, acts, third_party=ill)]
        if self._rng.random() < 0.6:
            visits += self.pharmacy(person, day)
        return visits

    def specialist(self, person: Person, day: date) -> list[Visit]:
        """A specialist: in the pathway, in sector 2, or without referral."""
        price, rng = self._price, self._rng
        chance = rng.random()
        if chance < 0.2 and price.has("consultation.sector_2", day):
            base = price.amount("consultation.sector_2", day)
            billed = base + Decimal(rng.randrange(17, 58))
            return [Visit(person, day, [self._doctor(person, day, "C SPECIALISTE", "CS", base, price=billed)], False)]
        if not price.has("consultation.specialist", day):
            return []
        base = price.amount("consultation.specialist", day)
        out = self._family.outspoken and chance > 0.8 and _age(person, day) >= 16
        act = self._doctor(
            person, day, "C SPECIALISTE", "CS" if out else "CS+MPC+MCS", base, out_of_pathway=out,
            price=base + Decimal(rng.choice((0, 0, 0, 8, 15))),
        )
        return [Visit(person, day, [act], False)]

    def pharmacy(self, person: Person, day: date) -> list[Visit]:
        """One to five boxes, nearly always paid to the pharmacist directly."""
        rng = self._rng
        # Only care of the protocol is wholly covered.
        ill = self._covered_illness(person, day) and rng.random() < 0.7
        acts = []
        for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 5))):
            rate, code = rng.choice((
                ("medicine_important", "PH7"), ("medicine_important", "PH7"), ("medicine_important", "PH7"),
                ("medicine_moderate", "PH4"), ("medicine_weak", "PH2"),
            ))
            cost = Decimal(rng.randrange(112, 2890)) / 100
            acts.append(self._act(
                person, day, "PHARMACIE", code, cost, rate, "box", full=ill,
            ))
        return [Visit(person, day, acts, third_party=rng.random() < 0.93)]

    def laboratory(self, person: Person, day: date) -> list[Visit]:
        """Blood analyses, paid to the laboratory."""
        if not self._price.has("biology.key", day):
            return []
        key = self._price.amount("biology.key", day)
        acts = [
            self._act(
                person, day, "ANALYSES", "B", key * self._rng.choice((27, 40, 60, 85)), "biology", "participation",
                full=self._covered_illness(person, day),
            )
            for _ in range(self._rng.choice((1, 1, 2)))
        ]
        return [Visit(person, day, acts, third_party=True)]

    def dentist(self, person: Person, day: date) -> list[Visit]:
        """A check, scaling or an extraction."""
        name, label, code = self._rng.choice((
            ("acts.dental_consultation", "C CHIRURGIEN DENTISTE", "CD"),
            ("acts.dental_scaling", "SOINS DENTAIRES", "SDE"),
            ("acts.dental_extraction", "SOINS DENTAIRES", "SDE"),
        ))
        if not self._price.has(name, day) or _age(person, day) < 3:
            return []
        acts = [self._act(person, day, label, code, self._price.amount(name, day), "dental", None)]
        return [Visit(person, day, acts, third_party=self._rng.random() < 0.4)]

    def nurse(self, person: Person, day: date) -> list[Visit]:
        """A short series of care at home, paid to the nurse."""
        key = self._price.amount("nurse.key", day)
        full = self._covered_illness(person, day)
        visits = []
        for step in range(self._rng.choice((1, 3, 5))):
            then = day + timedelta(days=step)
            base = key * self._rng.choice((1, 2, 4))
            act = self._act(person, then, "SOINS INFIRMIERS", "AMI", base, "auxiliary", "auxiliary", full=full)
            visits.append(Visit(person, then, [act], third_party=True))
        return visits

    def physiotherapy(self, person: Person, day: date) -> list[Visit]:
        """A series of sessions, twice a week."""
        if not self._price.has("physiotherapist.key", day) or _age(person, day) < 4:
            return []
        paid_by_fund = self._rng.random() < 0.6
        visits = []
        for step in range(self._rng.choice((6, 10, 15))):
            then = day + timedelta(days=step // 2 * 7 + step % 2 * 3)
            base = self._price.amount("physiotherapist.key", then) * self._price.amount("physiotherapist.session", then)
            act = self._act(person, then, "ACTE DE KINESITHERAPIE", "AMS", base, "auxiliary", "auxiliary")
            visits.append(Visit(person, then, [act], paid_by_fund))
        return visits

    def imaging(self, person: Person, day: date) -> list[Visit]:
        """An X-ray or a scan, done by a physician."""
        name = self._rng.choice(("acts.limb_x_ray", "acts.mri"))
        if not self._price.has(name, day):
            return []
        base = self._price.amount(name, day)
        act = self._doctor(person, day, "ACTE D IMAGERIE", "ADI", base)
        return [Visit(person, day, [act], third_party=self._rng.random() < 0.6)]

    def optics(self, person: Person, day: date) -> list[Visit]:
        """A frame of class A."""
        if not self._price.has("acts.frame_class_a", day) or _age(person, day) < 4:
            return []
        act = self._act(
            person, day, "OPTIQUE MONTURE", "OPT", self._price.amount("acts.frame_class_a", day), "device", None,
            price=self._price.amount("acts.frame_class_a_price", day),
        )
        return [Visit(person, day, [act], third_party=False)]

    def hospital(self, person: Person, day: date) -> list[Visit]:
        """A few days in hospital, paid to the hospital; acts of a stay carry no participation."""
        nights = self._rng.randint(1, 5)
        cost = Decimal(self._rng.randrange(48_000, 96_000)) / 100 * nights
        leaving = day + timedelta(days=nights)
        newborn = (leaving - person.birth_date).days < self._price.amount("hospital.newborn_days", leaving)
        full = self._covered_illness(person, day) or newborn
        act = self._act(person, leaving, "FRAIS DE SEJOUR", "PJ", cost, "hospital", None, full=full)
        return [Visit(person, leaving, [act], third_party=True)]

    def transport(self, person: Person, day: date) -> list[Visit]:
        """There and back in a light medical vehicle, paid to the carrier."""
        full = self._covered_illness(person, day)
        acts = [
            self._act(
                person, day, "TRANSPORT VSL", "VSL", Decimal(self._rng.randrange(1800, 5200)) / 100, "transport",
                "transport", full=full,
            )
            for _ in range(2)
        ]
        return [Visit(person, day, acts, third_party=True)]

    def _doctor(
        self, person: Person, day: date, label: str, code: str, base: Decimal, *, price: Decimal | None = None,
        full: bool = False, out_of_pathway: bool = False,
    ) -> Act:
        rate = "doctor_out_of_pathway" if out_of_pathway else "doctor"
        full = full and not out_of_pathway
        return self._act(person, day, label, code, base, rate, "participation", price=price, full=full)

    def _act(
        self, person: Person, day: date, label: str, code: str, base: Decimal, rate: str, due: str | None, *,
        price: Decimal | None = None, full: bool = False,
    ) -> Act:
        born = self._maternity(person, day)
        risk = "maternité" if born else "maladie"
        full = full or born  # in maternity all care is wholly covered (L160-9)
        return self._price.act(
            person, day, label, code, base, rate, due, price=price, full=full, risk=risk,  # type: ignore[arg-type]
        )

    def _covered_illness(self, person: Person, day: date) -> bool:
        return person is self._family.long_illness and day >= self._family.long_illness_since

    def _maternity(self, person: Person, day: date) -> bool:
        return self._family.in_maternity(person, day)


def _age(person: Person, day: date) -> int:
    born = person.birth_date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
