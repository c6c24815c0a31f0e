"""The household: who they are and what marks their care (long illness, a birth, an arrival from abroad)."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from agent.sandbox.model import Exemption, Person

_WOMEN = ("CLAIRE", "SOPHIE", "AMINATA", "JULIE", "NADIA", "HELENE", "CAMILLE", "INES")
_MEN = ("THOMAS", "KARIM", "JULIEN", "PIERRE", "MAMADOU", "LUCAS", "ANTOINE", "HUGO")
_CHILDREN = ("EMMA", "LEO", "JADE", "GABRIEL", "LINA", "ADAM", "ZOE", "NOAH", "ROSE", "SACHA")
_FAMILIES = ("MARTIN", "BERNARD", "DUBOIS", "PETIT", "DURAND", "LEROY", "MOREAU", "LAURENT", "GARNIER", "FAURE")
_FUNDS = (
    ("CPAM DES YVELINES", "78085  YVELINES Cedex 9", "78000 VERSAILLES"),
    ("CPAM DE PARIS", "75948  PARIS Cedex 19", "75011 PARIS"),
    ("CPAM DE L ISERE", "38045  GRENOBLE Cedex 9", "38000 GRENOBLE"),
    ("CPAM DU RHONE", "69907  LYON Cedex 20", "69003 LYON"),
    ("CPAM ILLE ET VILAINE", "35024  RENNES Cedex 9", "35000 RENNES"),
)
_STREETS = ("12 RUE DES LILAS", "4 PLACE DU MARCHE", "27 AVENUE JEAN JAURES",
            "8 CHEMIN DES VIGNES", "31 RUE DE LA GARE")
_TOP_UPS = ("MUTUELLE DES EXEMPLES", "PREVOYANCE IMAGINAIRE", "SANTE FICTIVE", "")
_WORDS = ("Mimosa", "Tilleul", "Cigale", "Ardoise", "Falaise", "Lavande")
MIDWIFE_DAYS = (122, 12)
"""Care is wholly covered from about four months before a birth to 12 days after it."""


@dataclass(slots=True)
class Family:
    """What the generator knows of a household beside what the service shows."""

    persons: list[Person]
    nir: str
    password: str
    address: tuple[str, ...]
    email: str
    mobile: str
    phone: str
    cpam: str
    cpam_address: str
    office: str
    top_up: str
    long_illness: Person | None
    long_illness_since: date
    wage: int
    """Monthly, gross, in euros."""
    arrived: date | None
    """First day of cover of a newcomer; None for who has always been covered."""
    outspoken: bool
    """Sees doctors out of the coordinated pathway now and then."""

    @property
    def insured(self) -> Person:
        return self.persons[0]

    def births(self) -> list[date]:
        """Days on which the insured woman gave birth."""
        if self.insured.civility != "MME.":
            return []
        return [person.birth_date for person in self.persons[1:] if _minor_line(self.insured, person)]

    def in_maternity(self, person: Person, day: date) -> bool:
        """Whether that person's care on that day is covered by maternity."""
        if person is not self.insured:
            return False
        before, after = MIDWIFE_DAYS
        return any(birth - timedelta(days=before) <= day <= birth + timedelta(days=after) for birth in self.births())


def _minor_line(parent: Person, person: Person) -> bool:
    return person.birth_date.year - parent.birth_date.year >= 16


def make_family(rng: random.Random, seed: int, today: date) -> Family:
    """A household for that seed. Every fourth seed is a newcomer born abroad."""
    newcomer = seed % 4 == 1
    woman = newcomer or rng.random() < 0.6
    # Born abroad: the published sample number says October 1995. Others are of a plausible working age.
    born = date(today.year - rng.randint(32, 46), rng.randint(1, 12), rng.randint(1, 28))
    if newcomer:
        born = date(1995, 10, 9)
    last = rng.choice(_FAMILIES)
    first = rng.choice(_WOMEN if woman else _MEN)
    insured = Person(first, last, born, insured=True, civility="MME." if woman else "M.",
                     doctor=True)
    persons = [insured, *_children(rng, seed, insured, today)]
    nir = "2951099126111" if newcomer else f"{2 if woman else 1}{born:%y%m}99999999"
    cpam, cpam_address, town = rng.choice(_FUNDS)
    older = today - timedelta(days=rng.randint(900, 4000))
    return Family(
        persons=persons,
        nir=nir,
        password=f"{rng.choice(_WORDS)}-{rng.randint(1000, 9999)}",
        address=(rng.choice(_STREETS), town),
        email=f"{insured.first_name.lower()}.{last.lower()}@example.org",
        mobile=f"06 {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)}",
        phone=f"01 {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)}",
        cpam=cpam,
        cpam_address=cpam_address,
        office=f"{rng.randint(10, 95):02d}{rng.randint(10, 99)}"[:4].rjust(4, "0"),
        top_up=rng.choice(_TOP_UPS),
        long_illness=insured if seed % 3 == 0 else None,
        long_illness_since=older,
        wage=rng.randrange(1900, 3400, 50),
        arrived=today - timedelta(days=rng.randint(500, 1500)) if newcomer else None,
        outspoken=seed % 2 == 1,
    )


def exemptions(family: Family) -> list[Exemption]:
    """Whose care is paid in full, why and when: a long illness, maternity."""
    periods = []
    if family.long_illness:
        periods.append(Exemption(family.long_illness, "affection de longue durée", family.long_illness_since))
    before, after = MIDWIFE_DAYS
    periods += [
        Exemption(family.insured, "maternité", birth - timedelta(days=before), birth + timedelta(days=after))
        for birth in family.births()
    ]
    return periods


def _children(rng: random.Random, seed: int, parent: Person, today: date) -> list[Person]:
    count = 1 if seed % 5 == 1 else rng.choice((1, 2, 2, 3))
    oldest = min(17, today.year - parent.birth_date.year - 22)
    ages = sorted(rng.sample(range(max(oldest, count) + 1), count), reverse=True)
    if seed % 3 != 1:
        ages[0] = oldest  # one child comes of age about now
    names = rng.sample(_CHILDREN, count)
    children = []
    for name, age in zip(names, ages, strict=True):
        born = date(today.year - age, rng.randint(1, 12), rng.randint(1, 28))
        if born > today - timedelta(days=40):
            born = date(today.year - 1, born.month, born.day)
        civility = "MME." if name in ("EMMA", "JADE", "LINA", "ZOE", "ROSE") else "M."
        # Nobody under 16 has to declare a doctor: some parents do.
        children.append(Person(name, parent.last_name, born, civility=civility, doctor=(seed + age) % 3 > 0))
    return children
