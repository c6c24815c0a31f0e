"""Answers from the person's own data: last payment, why an amount, ceilings, what is owed, the year, messages…"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.account import clean_text
from agent.assistant.account_view import Data
from agent.assistant.stemming import Lang, fold, stems
from agent.protocol.money import Counting, NotCounted, Part, Sums
from agent.protocol.payments import ExplainedDeduction, PaymentDetail
from agent.protocol.requests import RequestRecord

_AMOUNT = re.compile(
    r"(\d{1,3}(?:[ \u202f\u00a0]\d{3})*|\d+)(?:[.,](\d{1,2}))?\s*(?:€|eur\b|euros?\b)|€\s*(\d+(?:[.,]\d{1,2})?)")
_YEAR = re.compile(r"\b(20[0-4]\d)\b")
_MONTHS = ("janvier january", "fevrier february", "mars march", "avril april", "mai may", "juin june", "juillet july",
           "aout august", "septembre september", "octobre october", "novembre november", "decembre december")
_SHOWN = 5
_ZERO = Decimal(0)


def locked(lang: Lang) -> str:
    """What is said when the vault is locked."""
    return ("Pour répondre avec vos propres données, ouvrez d'abord le coffre (`ameli unlock`)." if lang == "fr"
            else "To answer from your own data, open the vault first (`ameli unlock`).")


def answer(intent: str, question: str, data: Data, today: date, lang: Lang) -> str:
    """The part of an answer that comes from the person's data. Raises KeyError for an intent that has none."""
    return _ANSWERS[intent](question, data, today, lang)


def intents() -> frozenset[str]:
    """The intents answered here."""
    return frozenset(_ANSWERS)


# -- words ------------------------------------------------------------------------------------------------------------

def _euros(amount: str | Decimal | None, lang: Lang) -> str:
    value = Decimal(amount or 0)
    text = f"{abs(value):,.2f}"
    sign = "-" if value < 0 else ""
    if lang == "fr":
        return f"{sign}{text.replace(',', chr(0x202F)).replace('.', ',')} €"
    return f"{sign}€{text}"


def _day(iso: str | None, lang: Lang) -> str:
    if not iso:
        return "?"
    day = date.fromisoformat(iso[:10])
    return f"{day:%d/%m/%Y}" if lang == "fr" else f"{day.day} {day:%b %Y}"


def _label(payment: PaymentDetail) -> str:
    acts = list(dict.fromkeys(clean_text(line["act"]) for line in payment["lines"]))
    return ", ".join(acts[:3]) or clean_text(payment["label"])


def _one(payment: PaymentDetail, lang: Lang) -> str:
    amount, day, what = _euros(payment["amount"], lang), _day(payment["paid_on"], lang), _label(payment)
    who = ", ".join(clean_text(name) for name in payment["beneficiaries"])
    if lang == "fr":
        to = "versés à un professionnel ou un tiers" if payment["to"] == "tiers" else "versés sur votre compte"
        return f"{amount} {to} le {day} : {what}" + (f" (pour {who})" if who else "") + f" [{payment['id']}]"
    to = "paid to a professional or third party" if payment["to"] == "tiers" else "paid to you"
    return f"{amount} {to} on {day}: {what}" + (f" (for {who})" if who else "") + f" [{payment['id']}]"


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _none(lang: Lang) -> str:
    french = "Je n'ai encore aucun paiement : lancez `ameli sync`."
    return french if lang == "fr" else "No payment yet: run `ameli sync`."


def amounts_in(question: str) -> list[Decimal]:
    """The amounts a question names: "why only 19 €?" gives 19."""
    amounts = []
    for match in _AMOUNT.finditer(question.casefold()):
        whole = match[3] or match[1] + (f".{match[2]}" if match[2] else "")
        try:
            amounts.append(Decimal(re.sub(r"[ \u202f\u00a0]", "", whole).replace(",", ".")))
        except InvalidOperation:
            continue
    return amounts


def _year_in(question: str, today: date) -> int:
    folded = fold(question)
    if year := _YEAR.search(folded):
        return int(year[1])
    if any(word in folded for word in ("l'an dernier", "annee derniere", "an passe", "last year", "previous year")):
        return today.year - 1
    return today.year


# -- payments ---------------------------------------------------------------------------------------------------------

def _last_payment(question: str, data: Data, today: date, lang: Lang) -> str:
    payments = _about(question, data.payments(), lang)
    if not payments:
        return _none(lang)
    mine = next((one for one in payments if one["to"] == "assure"), None)
    newest = mine or payments[0]
    head = "Votre dernier paiement : " if lang == "fr" else "Your last payment: "
    lines = [head + _one(newest, lang) + "."]
    if payments[0] is not newest:
        later = "Plus récent, mais pas pour vous : " if lang == "fr" else "Newer, but not to you: "
        lines.append(later + _one(payments[0], lang) + ".")
    return "\n".join(lines)


def _why_amount(question: str, data: Data, today: date, lang: Lang) -> str:
    payments = data.payments()
    if not payments:
        return _none(lang)
    wanted = amounts_in(question)
    chosen = _by_amount(payments, wanted)
    if wanted and chosen is None:
        said = _euros(wanted[0], lang)
        return (f"Je ne trouve aucun paiement ni soin de {said}. Les derniers :\n" if lang == "fr"
                else f"I find no payment or care of {said}. The newest:\n") + _bullets(
                    [_one(one, lang) for one in payments[:_SHOWN]])
    chosen = chosen or next((one for one in _about(question, payments, lang) if one["to"] == "assure"), payments[0])
    explained = data.explain(chosen["id"])
    head = _one(chosen, lang) + "."
    said = explained["headline_fr"] if lang == "fr" else explained["headline_en"]
    steps = [step["text_fr"] if lang == "fr" else step["text_en"]
             for line in explained["lines"] for step in line["steps"]]
    traces = [_trace(one, lang) for one in explained["withheld"]]
    return "\n".join([head, *filter(None, [said]), _bullets([*steps, *traces])])


def _by_amount(payments: list[PaymentDetail], wanted: list[Decimal]) -> PaymentDetail | None:
    for amount in wanted:
        for payment in payments:
            if Decimal(payment["amount"]) == amount:
                return payment
        for payment in payments:
            if any(amount in (Decimal(line["reimbursed"]), Decimal(line["paid"] or 0)) for line in payment["lines"]):
                return payment
    return None


def _trace(deduction: ExplainedDeduction, lang: Lang) -> str:
    origin = deduction["origin"]
    amount = _euros(abs(Decimal(deduction["amount"])), lang)
    what, day = clean_text(origin["act"] or ""), _day(origin["act_date"], lang)
    if not what:
        return f"{amount} retenus, origine inconnue" if lang == "fr" else f"{amount} withheld, origin unknown"
    return f"{amount} retenus pour {what} du {day}" if lang == "fr" else f"{amount} withheld for {what} of {day}"


def _where_refund(question: str, data: Data, today: date, lang: Lang) -> str:
    payments = _about(question, data.payments(), lang)[:3]
    if not payments:
        return _none(lang)
    head = "Les derniers paiements que je connais :" if lang == "fr" else "The newest payments I know of:"
    return head + "\n" + _bullets([_one(one, lang) for one in payments])


def _about(question: str, payments: list[PaymentDetail], lang: Lang) -> list[PaymentDetail]:
    """The payments that a question narrows down by a person, an act or a month; all of them when it does not."""
    words = set(stems(question, lang))
    folded = fold(question)
    typed = set(folded.split())
    months = [number for number, names in enumerate(_MONTHS, 1) if typed & set(names.split())]
    persons = {name for one in payments for name in one["beneficiaries"]
               if any(part in typed for part in fold(name).split() if len(part) > 2)}
    acts = {line["act"] for one in payments for line in one["lines"]
            if words & {word for word in stems(line["act"], lang) if len(word) > 3}}
    fitting = [
        one for one in payments
        if (not persons or persons & set(one["beneficiaries"]))
        and (not acts or acts & {line["act"] for line in one["lines"]})
        and (not months or int(one["paid_on"][5:7]) in months)
    ]
    return fitting or payments


# -- what is withheld and owed -----------------------------------------------------------------------------------------

def _ceilings(question: str, data: Data, today: date, lang: Lang) -> str:
    ledger = data.ledger(_year_in(question, today))
    if nothing := _whole(ledger, "payments"):
        return _uncounted(nothing[0], lang)
    lines = []
    for person in ledger["beneficiaries"]:
        name = clean_text(person["name"])
        for word, gauge in (("participations", person["participation"]), ("franchises", person["franchise"])):
            taken, most = _euros(gauge["withheld"], lang), _euros(gauge["ceiling"], lang)
            if (other := gauge.get("other_ceiling")) is not None:
                most += f" ou {_euros(other, lang)}" if lang == "fr" else f" or {_euros(other, lang)}"
            late = _euros(gauge["outstanding"], lang)
            lines.append(
                f"{name}, {word} : {taken} retenus sur un plafond de {most}, {late} à retenir plus tard"
                if lang == "fr" else
                f"{name}, {word}: {taken} withheld of a ceiling of {most}, {late} still to be withheld")
    doubts = (doubt for one in ledger["ceilings"] for doubt in one["doubts"])
    lines += dict.fromkeys(doubt["text_fr"] if lang == "fr" else doubt["text_en"] for doubt in doubts)
    lines += [_uncounted(part, lang) for part in ledger["not_counted"]]
    return f"{ledger['year']} :\n" + _bullets(lines) if lang == "fr" else f"{ledger['year']}:\n" + _bullets(lines)


def _what_i_owe(question: str, data: Data, today: date, lang: Lang) -> str:
    ledger = data.ledger(today.year)
    if nothing := _whole(ledger, "payments"):
        return _uncounted(nothing[0], lang)
    forecast = ledger["forecast"]
    parts = (("participations forfaitaires", forecast["participation"]), ("franchises", forecast["franchise"]))
    lines = [f"{word} : {_euros(amount, lang)}" if lang == "fr" else f"{word}: {_euros(amount, lang)}"
             for word, amount in parts if Decimal(amount)]
    return "\n".join([forecast["text_fr"] if lang == "fr" else forecast["text_en"],
                      *filter(None, [_bullets(lines)])])


def _owed_to_me(question: str, data: Data, today: date, lang: Lang) -> str:
    owed = data.owed()
    if nothing := _whole(owed, "payments"):
        return _uncounted(nothing[0], lang)
    waiting = [one for one in owed["top_up"] if one["status"] in ("expected", "overdue")]
    total = sum((Decimal(one["expected"]) for one in waiting), _ZERO)
    lost = sum(one["kind"] == "paid_not_arrived" for one in owed["missing"])
    strange = len(owed["missing"]) - lost
    lines = []
    if owed["counted"]:
        lines.append(
            f"{_euros(total, lang)} attendus de votre complémentaire ({len(waiting)} paiements)" if lang == "fr"
            else f"{_euros(total, lang)} expected from your top-up ({len(waiting)} payments)")
    if lost or not _whole(owed, "arrivals"):
        lines.append(f"{lost} paiement(s) qui ne sont pas arrivés" if lang == "fr"
                     else f"{lost} payment(s) that never arrived")
    if strange:
        lines.append(f"{strange} virement(s) qu'aucun paiement n'explique" if lang == "fr"
                     else f"{strange} transfer(s) that no payment explains")
    lines += [clean_text(anomaly["text_fr"] if lang == "fr" else anomaly["text_en"])
              for anomaly in owed["anomalies"][:_SHOWN]]
    lines += [_uncounted(part, lang) for part in owed["not_counted"]]
    return _bullets(lines)


def _whole(counting: Counting, part: Part) -> list[NotCounted]:
    """What leaves out all of a part of an answer."""
    return [reason for reason in counting["not_counted"] if reason["part"] == part and not reason["partly"]]


def _uncounted(reason: NotCounted, lang: Lang) -> str:
    """Why something is not counted, and the command that makes it count."""
    cure = reason["cure"]
    return (reason["text_fr"] if lang == "fr" else reason["text_en"]) + (f" (`{cure}`)" if cure else "")


def _my_year(question: str, data: Data, today: date, lang: Lang) -> str:
    year = data.year(_year_in(question, today))
    if nothing := _whole(year, "payments"):
        return _uncounted(nothing[0], lang)
    spent, back, left = (_euros(sums, lang) for sums in (year["spent"], year["reimbursed"], year["left"]))
    head = (f"En {year['year']} : {spent} dépensés, {back} remboursés par l'Assurance Maladie, {left} restants avant"
            " complémentaire." if lang == "fr" else
            f"In {year['year']}: {spent} spent, {back} refunded by the fund, {left} left before the top-up.")
    words = set(stems(question, lang))
    rows: list[tuple[str, Sums]] = [(clean_text(person["name"]), person) for person in year["by_person"]]
    rows += [(clean_text(care["label_fr"] if lang == "fr" else care["label_en"]), care) for care in year["by_kind"]]
    named = [(name, row) for name, row in rows if words & set(stems(name, lang))] or rows
    partly = [_uncounted(reason, lang) for reason in year["not_counted"] if reason["part"] == "payments"]
    return head + "\n" + _bullets([*(_share(name, row, lang) for name, row in named), *partly])


def _share(name: str, row: Sums, lang: Lang) -> str:
    spent, back = _euros(row["spent"], lang), _euros(row["reimbursed"], lang)
    return f"{name} : {spent}, dont {back} remboursés" if lang == "fr" else f"{name}: {spent}, of which {back} refunded"


# -- the account -------------------------------------------------------------------------------------------------------

def _my_messages(question: str, data: Data, today: date, lang: Lang) -> str:
    messages = data.messages()
    if not messages:
        return ("Aucun message n'est connu ici : `ameli sync` lit votre messagerie." if lang == "fr"
                else "No message is known here: `ameli sync` reads your inbox.")
    new = [one for one in messages if not one["read"]]
    head = (f"{len(new)} message(s) non lu(s) sur {len(messages)}." if lang == "fr"
            else f"{len(new)} unread message(s) of {len(messages)}.")
    shown = new or messages
    heads = [f"{_day(one['received_on'], lang)} {clean_text(one['subject'])}" for one in shown[:_SHOWN]]
    return head + "\n" + _bullets(heads)


def _my_requests(question: str, data: Data, today: date, lang: Lang) -> str:
    requests = data.requests()
    if not requests:
        return "Aucune demande n'a été faite d'ici." if lang == "fr" else "Nothing was asked for from here."
    return _bullets([_request(one, lang) for one in requests[:_SHOWN]])


def _request(request: RequestRecord, lang: Lang) -> str:
    last = request["history"][-1] if request["history"] else None
    said = clean_text((last["text_fr"] if lang == "fr" else last["text_en"]) if last else request["status"])
    return f"{clean_text(request['procedure'])} [{request['id']}] : {said}"


def _my_deadlines(question: str, data: Data, today: date, lang: Lang) -> str:
    deadlines = data.deadlines()
    if not deadlines:
        return "Aucune échéance connue." if lang == "fr" else "No deadline that I know of."
    return _bullets([f"{_day(one['due'], lang)} : {clean_text(one['title_fr'] if lang == 'fr' else one['title_en'])}"
                     for one in deadlines[:_SHOWN]])


def _my_details(question: str, data: Data, today: date, lang: Lang) -> str:
    profile = data.profile()
    facts = [
        ("Nom" if lang == "fr" else "Name", profile["name"]),
        ("Caisse" if lang == "fr" else "Fund", profile["cpam"]),
        ("Adresse" if lang == "fr" else "Address", ", ".join(profile["address"])),
        ("E-mail", profile["email"]),
        ("Personnes couvertes" if lang == "fr" else "People covered",
         ", ".join(person["name"] for person in profile["beneficiaries"])),
    ]
    lines = [f"{name} : {clean_text(text)}" if lang == "fr" else f"{name}: {clean_text(text)}"
             for name, text in facts if text]
    if not lines:
        return ("Rien n'est encore connu de vous ici : `ameli sync` lit votre compte." if lang == "fr"
                else "Nothing is known of you here yet: `ameli sync` reads your account.")
    return _bullets(lines)


def _my_cover(question: str, data: Data, today: date, lang: Lang) -> str:
    cover = data.coverage()
    name, contract = cover["top_up"], cover["contract"]
    if name and not contract:
        return (f"Votre complémentaire est {clean_text(name)}, mais ce que paie son contrat n'est pas noté :"
                " `ameli coverage set` le note." if lang == "fr" else
                f"Your top-up is {clean_text(name)}, but what its contract pays is not noted: `ameli coverage set`"
                " notes it.")
    if not name and not contract:
        return ("Je ne connais pas votre complémentaire : `ameli coverage set` la note." if lang == "fr"
                else "I do not know your top-up: `ameli coverage set` notes it.")
    said = [clean_text(name or (contract["name"] if contract else None) or "?")]
    if contract:
        percent = contract["percent_brss"]
        said.append(f"{percent} % de la base" if lang == "fr" else f"{percent}% of the base")
    return ("Votre complémentaire : " if lang == "fr" else "Your top-up: ") + ", ".join(said) + "."


_ANSWERS: dict[str, Callable[[str, Data, date, Lang], str]] = {
    "last-payment": _last_payment,
    "why-amount": _why_amount,
    "where-refund": _where_refund,
    "ceilings": _ceilings,
    "what-i-owe": _what_i_owe,
    "owed-to-me": _owed_to_me,
    "my-year": _my_year,
    "my-messages": _my_messages,
    "my-requests": _my_requests,
    "my-deadlines": _my_deadlines,
    "my-details": _my_details,
    "my-cover": _my_cover,
}
