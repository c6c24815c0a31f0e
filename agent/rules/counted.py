"""What a sum leaves out, and why: what nobody counted is never told as nothing. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from agent.protocol.money import Counting, NotCounted, Part, Why
from agent.protocol.payments import PaymentDetail

if TYPE_CHECKING:
    from agent.rules.explain.line import Judged


class Counts(Protocol):
    """What explains payments: ``agent.rules.explain.payment.Explainer`` is one."""

    @property
    def has_contract(self) -> bool:
        """Whether a top-up contract is noted."""

    def judged(self, payment: PaymentDetail) -> Sequence["Judged"]:
        """The lines of a payment, each held against the rules."""

    def uncounted(self, judged: "Judged") -> Why | None:
        """Why the top-up's share of a line is not counted; None when it is."""


_PATIENCE = timedelta(days=10)
"""A transfer may take that long; younger payments are not missed yet."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Something that is left out of an answer."""

    part: Part
    why: Why
    fr: str
    en: str
    cure: str = ""
    """The command that makes it count, or nothing."""
    payments: int = 0
    """How many payments it concerns; 0: all of them."""

    @property
    def partly(self) -> bool:
        """Whether the rest of that part is counted."""
        return self.why in {
            "before_contract", "after_contract", "no_rule", "days_not_covered", "detail_not_read", "since_known",
        }  # fmt: skip

    def shape(self) -> NotCounted:
        """JSON: ``part``, ``why``, ``partly``, ``payments``, ``text_fr``, ``text_en``, ``cure`` (a command or None)."""
        return {
            "part": self.part, "why": self.why, "partly": self.partly, "payments": self.payments,
            "text_fr": self.fr, "text_en": self.en, "cure": self.cure or None,
        }  # fmt: skip


NO_CONTRACT = Uncounted(
    "top_up", "no_contract", "La part de la complémentaire n'est pas comptée : aucun contrat n'est noté.",
    "The top-up's share is not counted: no contract is noted.", "ameli coverage set")
NO_BANK_FILE = Uncounted(
    "arrivals", "no_bank_file",
    "Ce qui est arrivé ou non sur votre compte n'est pas compté : aucun relevé de banque n'a été lu.",
    "What arrived on your account or did not is not counted: no bank statement was read.", "ameli import FILE")
NO_ACCOUNT = Uncounted(
    "payments", "no_account", "Rien n'est compté : aucun compte n'est encore connu, et aucun paiement.",
    "Nothing is counted: no account is known yet, and no payment.", "ameli login")
NOTHING_READ = Uncounted(
    "payments", "nothing_read", "Rien n'est compté : rien n'a encore été lu du compte.",
    "Nothing is counted: nothing was read from the account yet.", "ameli sync")


def shares_uncounted(
    payments: Iterable[PaymentDetail], explainer: "Counts", days: tuple[date | None, date | None]
) -> list[Uncounted]:
    """What of the top-up's shares is not counted; ``days``: first and last day of care of the contract."""
    if not explainer.has_contract:
        return [NO_CONTRACT]
    reasons: Counter[str] = Counter()
    for payment in payments:
        reasons.update({why for judged in explainer.judged(payment) if (why := explainer.uncounted(judged))})
    return _of_contract(reasons, days)


def lines_uncounted(
    whys: Iterable[Why | None] | None, days: tuple[date | None, date | None]
) -> tuple[bool, list[Uncounted]]:
    """Whether anything of one payment's share is counted, and what is not. ``whys``: of each line why it is not, None
    where it is; None without a contract."""
    if whys is None:
        return False, [NO_CONTRACT]
    whys = list(whys)
    if not any(whys):
        return True, []
    return not all(whys), _of_contract(Counter(why for why in whys if why), days)


def _of_contract(reasons: Mapping[str, int], days: tuple[date | None, date | None]) -> list[Uncounted]:
    if not reasons:
        return []
    first, last = days
    left_out = []
    if (count := reasons.get("before_contract", 0)) and first is not None:
        left_out.append(Uncounted(
            "top_up", "before_contract",
            f"Le contrat noté commence le {first:%d/%m/%Y} : la part de la complémentaire sur les soins d'avant n'est"
            f" pas comptée ({_number_fr(count)}).",
            f"The contract noted begins on {first.isoformat()}: the top-up's share of care before is not counted"
            f" ({_number_en(count)}).", "ameli coverage set", count))
    if (count := reasons.get("after_contract", 0)) and last is not None:
        left_out.append(Uncounted(
            "top_up", "after_contract",
            f"Le contrat noté finit le {last:%d/%m/%Y} : la part de la complémentaire sur les soins d'après n'est pas"
            f" comptée ({_number_fr(count)}).",
            f"The contract noted ends on {last.isoformat()}: the top-up's share of care after is not counted"
            f" ({_number_en(count)}).", "ameli coverage set", count))
    if count := reasons.get("no_rule", 0):
        left_out.append(Uncounted(
            "top_up", "no_rule",
            "Des soins dont le relevé ne dit pas assez, ou qu'aucune règle connue ne couvre : la part de la"
            f" complémentaire n'y est pas comptée ({_number_fr(count)}).",
            "Care of which the statement does not tell enough, or that no known rule covers: the top-up's share of it"
            f" is not counted ({_number_en(count)}).", "", count))
    return left_out


def _number_fr(count: int) -> str:
    return f"{count} paiement{'s' if count > 1 else ''}"


def _number_en(count: int) -> str:
    return f"{count} payment{'s' if count > 1 else ''}"


def arrivals_uncounted(
    payments: Iterable[PaymentDetail], settled: Iterable[str], read: bool, today: date
) -> list[Uncounted]:
    """What of the transfers is not checked. ``settled``: payments known to have arrived or not; ``read``: whether any
    bank statement was."""
    if not read:
        return [NO_BANK_FILE]
    certain = set(settled)
    count = sum(
        one["to"] == "assure" and Decimal(one["amount"]) > 0 and one["id"] not in certain
        and date.fromisoformat(one["paid_on"]) + _PATIENCE < today
        for one in payments
    )  # fmt: skip
    if not count:
        return []
    return [Uncounted(
        "arrivals", "days_not_covered",
        f"Les relevés de banque lus ne disent pas si {_number_fr(count)}"
        f" {'sont arrivés' if count > 1 else 'est arrivé'}.",
        f"The bank statements read do not tell whether {_number_en(count)} arrived.", "ameli import FILE", count)]


def anomalies_uncounted(payments: Iterable[PaymentDetail]) -> list[Uncounted]:
    """The payments that nothing could be checked of."""
    count = sum(not one["complete"] for one in payments)
    if not count:
        return []
    return [Uncounted(
        "anomalies", "detail_not_read",
        f"Le détail n'est pas encore lu pour {_number_fr(count)} : rien n'y est vérifié.",
        f"The detail is not read yet for {_number_en(count)}: nothing of it is checked.", "ameli sync", count)]


def year_uncounted(payments: Sequence[PaymentDetail], year: int, today: date) -> list[Uncounted]:
    """What the sums of a year leave out, from the days of the payments known."""
    if year > today.year:
        return [Uncounted("payments", "to_come", f"Rien n'est compté : l'année {year} n'a pas commencé.",
                          f"Nothing is counted: the year {year} has not begun.")]
    days = [one["paid_on"] for one in payments]
    if not days:
        return []
    first = date.fromisoformat(min(days))
    if year < first.year:
        return [Uncounted(
            "payments", "before_known",
            f"Rien n'est compté : le plus ancien paiement connu ici est du {first:%d/%m/%Y}. Les relevés plus anciens"
            " peuvent être importés.",
            f"Nothing is counted: the oldest payment known here is of {first.isoformat()}. Older statements can be"
            " imported.", "ameli import FILE")]
    if year == first.year and first.month > 1:
        return [Uncounted(
            "payments", "since_known",
            f"Compté depuis le {first:%d/%m/%Y} seulement, jour du plus ancien paiement connu ici.",
            f"Counted from {first.isoformat()} on only, the day of the oldest payment known here.",
            "ameli import FILE")]
    return []


def told(left_out: Iterable[Uncounted], part: Part) -> Counting:
    """Whether ``part`` is counted, and what is left out."""
    left_out = list(left_out)
    whole = next((one for one in left_out if one.part in (part, "payments") and not one.partly), None)
    return {
        "counted": whole is None, "why_not": whole.why if whole else None,
        "not_counted": [one.shape() for one in left_out],
    }  # fmt: skip
