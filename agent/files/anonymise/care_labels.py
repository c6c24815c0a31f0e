"""Labels of care: they tell of a person's health, so each is replaced by one drawn from common ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from agent.files.anonymise.vocabulary import fold

CARE = (
    ("C GENERALISTE", "G"), ("CONSULTATION SPECIALISTE", "CS"), ("PHARMACIE", "PH7"), ("SOINS INFIRMIERS", "AMI"),
    ("ANALYSES", "B"), ("ACTE D IMAGERIE", "ADI"), ("SOINS DENTAIRES", "SDE"), ("KINESITHERAPIE", "AMS"),
    ("SAGE FEMME", "SF"), ("OPTIQUE", "OPT"),
)
"""Labels as the service writes them, with a code of the nomenclature."""
DEDUCTIONS = (("participation forfaitaire", "PFH"), ("franchise", "FRH"))
RISK = "maladie"
"""What stands for every risk: maternity and accidents are nobody's business."""
RISKS = frozenset({"maladie", "maternite", "paternite", "invalidite", "deces", "accident du travail", "adoption",
                   "maladie professionnelle", "accidents du travail", "accident du travail maladie professionnelle"})
SICK_PAY = ("IJ NORMALES", "")
"""What stands for the label of every period of sick pay: its block has a layout of its own, which tells it anyway."""
TITLES = frozenset({"vos indemnites journalieres", "vos remboursements de soins", "pour votre information"})
"""Titles of blocks, by which a reader knows what follows."""
_DEDUCTED = re.compile(r"\b(participation|franchise|forfait|pf[htc]?|fr[htp])\b")
FIXED = frozenset(
    fold(word) for label, code in (*CARE, *DEDUCTIONS, SICK_PAY, (RISK, "")) for word in (*label.split(), code) if word
) | frozenset(word for title in TITLES for word in title.split())
"""Every word that may stand in a copy because a label was drawn, or because it names a block."""


def is_deduction(label: str) -> bool:
    """Participation forfaitaire or franchise."""
    return _DEDUCTED.search(fold(label)) is not None


def drawn(label: str, fitting: Sequence[tuple[str, str]], chance: Random) -> tuple[str, str]:
    """A label and its code in place of another: of care for care, of a deduction for a deduction."""
    return chance.choice(DEDUCTIONS if is_deduction(label) else fitting or CARE)
