"""The chart of accounts: names that Beancount, Ledger and hledger all take, whatever a person or a label is called."""

import re
import unicodedata
from collections.abc import Mapping

from agent.files.exports.account import Account, persons
from agent.protocol.payments import CareLine
from agent.rules.yearly import group_of

_LONGEST = 40


class Chart:
    """The accounts of one export, in its language below the five roots, which stay English."""

    def __init__(self, account: Account) -> None:
        say = account.say
        self._health = f"Expenses:{say('Sante', 'Health')}"
        self._lang = account.lang
        self._people: dict[str, str] = {}
        for name in persons(account):
            self._person(name)
        ameli = f"Assets:{say('Sante', 'Health')}"
        self.paid = f"{ameli}:{say('Paye', 'Paid')}"
        """What was paid at the professional's; meets the person's own bank or purse."""
        self.received = f"{ameli}:{say('Recu', 'Received')}"
        """What arrived from fund and top-up; meets the person's own bank."""
        self.direct = f"{ameli}:{say('Tiers-Payant', 'Third-Party')}"
        """What the fund paid to professionals in the person's place."""
        self.due = f"{ameli}:{say('Complementaire-Due', 'Top-Up-Due')}"
        """What the top-up still owes."""
        income = f"Income:{say('Sante', 'Health')}"
        self.reimbursed = f"{income}:{say('Remboursements', 'Reimbursed')}"
        self.top_up = f"{income}:{say('Complementaire', 'Top-Up')}"
        self.allowance = f"{income}:{say('Indemnites-Journalieres', 'Daily-Allowance')}"
        self.undetailed = f"{income}:{say('Sans-Detail', 'Without-Detail')}"
        """Payments, or parts of them, of which no detail is known."""

    def care(self, line: CareLine) -> str:
        """Where the care of an act line is spent: by kind, then by person."""
        label = group_of(line)
        group = label["label_en"] if self._lang == "en" else label["label_fr"]
        return f"{self._health}:{component(group)}:{self._person(line['beneficiary'])}"

    def deduction(self, kind: str) -> str:
        """Where a deduction is spent."""
        names: Mapping[str, tuple[str, str]] = {
            "participation": ("Participations", "Flat-Contributions"),
            "franchise": ("Franchises", "Medical-Deductibles"),
        }
        fr, en = names.get(kind, ("Autres-Retenues", "Other-Deductions"))
        return f"{self._health}:{fr if self._lang == 'fr' else en}"

    def _person(self, name: str) -> str:
        """A person's own component: two people whose names look alike once escaped are told apart by a number."""
        if name not in self._people:
            plain, taken = component(name), set(self._people.values())
            account, number = plain, 1
            while account in taken:
                number += 1
                account = f"{plain}-{number}"
            self._people[name] = account
        return self._people[name]


def component(text: str) -> str:
    """One part of an account's name: ASCII letters, digits and dashes, a capital or digit first."""
    flat = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", flat)
    return "-".join(word.capitalize() for word in words)[:_LONGEST].strip("-") or "X"
