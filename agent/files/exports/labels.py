"""The few words that exports share, in both languages."""

from collections.abc import Mapping

from agent.files.exports.account import Lang

KINDS = {
    "participation": ("Participation forfaitaire", "Flat contribution"),
    "franchise": ("Franchise médicale", "Medical deductible"),
    "other": ("Autre retenue", "Other deduction"),
}
"""Of deductions."""
PARTS = {
    "care": ("soin", "care"), "deduction": ("retenue", "deduction"), "indemnity": ("indemnité", "allowance"),
    "undetailed": ("sans détail", "without detail"),
}
STATUSES = {
    "expected": ("attendu", "expected"), "received": ("reçu", "received"), "overdue": ("en retard", "overdue"),
    "third_party": ("réglé au professionnel", "settled with the professional"),
}
"""Of the top-up's shares."""

ASKING = {
    "anomaly": ("À demander à la caisse", "To ask the fund"),
    "paid_not_arrived": ("Payé par la caisse, pas vu à la banque", "Paid by the fund, not seen at the bank"),
    "arrived_not_explained": ("Arrivé à la banque, sans explication", "Arrived at the bank, unexplained"),
}
"""Of what is worth asking about."""


class Words:
    """One language. ``Words("en")("Dû", "Owed")`` is ``Owed``."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, fr: str, en: str) -> str:
        return fr if self.lang == "fr" else en

    def of(self, table: Mapping[str, tuple[str, str]], name: str) -> str:
        """A word of a table; an unknown name stays as it is."""
        texts = table.get(name)
        return self(*texts) if texts else name

    def to(self, whom: str) -> str:
        """Whom a payment went to."""
        return self("vous", "you") if whom == "assure" else self("un tiers", "third party")

    def yes(self, whether: bool) -> str:
        """Yes or no."""
        return self("oui", "yes") if whether else self("non", "no")

    def day(self, iso: str) -> str:
        """A day as the language writes it."""
        return "/".join(reversed(iso.split("-"))) if self.lang == "fr" else iso
