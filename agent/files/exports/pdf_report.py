"""The report of one year (PDF): what care cost, what came back, what is left; who, what for, when, withheld, owed.

Charts are vectors; the exact sums stand beside them. Fonts are the viewer's own, so the file carries none.
"""

from collections.abc import Sequence
from decimal import Decimal

from agent.files.exports.account import ZERO, Account, amount
from agent.files.exports.labels import ASKING, KINDS, STATUSES, Words
from agent.files.exports.pdf_page import Sheet
from agent.protocol.money import Ledger, Year
from agent.protocol.payments import PaymentDetail
from config.tariffs import sources

_MONTHS = (("janv.", "Jan"), ("févr.", "Feb"), ("mars", "Mar"), ("avr.", "Apr"), ("mai", "May"), ("juin", "Jun"),
           ("juil.", "Jul"), ("août", "Aug"), ("sept.", "Sep"), ("oct.", "Oct"), ("nov.", "Nov"), ("déc.", "Dec"))
_MOST = 12
"""Entries of a list that are told one by one; the rest is told as a number."""


def make(account: Account) -> bytes:
    """The report of the newest year of the account; of the year asked for when it was cut out by ``filters``."""
    words = Words(account.lang)
    wanted = _year(account)
    year = next((one for one in account.years if one["year"] == wanted), None)
    ledger = next((one for one in account.ledger if one["year"] == wanted), None)
    title = words(f"Santé : l'année {wanted}", f"Health care: the year {wanted}")
    sheet = Sheet(title, account.made_at, words)
    sheet.title(title, _for_whom(account, words))
    if year is None or not year["months"]:
        sheet.text(words(
            "Aucun paiement de cette année n'est connu ici.", "No payment of that year is known here."))
    else:
        _figures(sheet, account, year, words)
        _charts(sheet, year, words)
    if ledger is not None:
        _withheld(sheet, ledger, words)
    _owed(sheet, account, wanted, words)
    _sources(sheet, len(_of_year(account, wanted)), ledger, words)
    return sheet.finish()


def _year(account: Account) -> int:
    end = account.filters["until"] or account.filters["since"]
    if end:
        return int(end[:4])
    return account.years[0]["year"] if account.years else account.made_at.year


def _for_whom(account: Account, words: Words) -> str:
    who = account.filters["beneficiary"] or account.profile["name"]
    fund = account.profile["cpam"] or ""
    return " · ".join(part for part in (who, fund) if part)


def _figures(sheet: Sheet, account: Account, year: Year, words: Words) -> None:
    shares = [one for one in account.shares() if one["paid_on"][:4] == str(year["year"])]
    received = sum((amount(one["received"]) for one in shares), ZERO)
    boxes = [
        (words("Dépensé", "Spent"), amount(year["spent"]), ""),
        (words("Remboursé", "Reimbursed"), amount(year["reimbursed"]),
         _share_of(year["reimbursed"], year["spent"])),
        (words("Reste avant complémentaire", "Left before the top-up"), amount(year["left"]), ""),
        (words("Retenu", "Withheld"), amount(year["withheld"]),
         words("participations, franchises", "contributions, deductibles")),
    ]
    sheet.boxes(boxes)
    if not account.filters["beneficiary"]:  # a transfer may be for several people
        _transfers(sheet, account, year["year"], words)
    if year["top_up_expected"] is not None:
        contract = account.owed["contract"]
        name = (contract["name"] if contract else None) or words("complémentaire", "top-up")
        sheet.boxes([
            (words("Part de la complémentaire", "The top-up's share"), amount(year["top_up_expected"]), name),
            (words("Reçu d'elle", "Received from it"), received, words("d'après vos notes et relevés", "as noted")),
            (words("Reste à votre charge", "Left to you"), amount(year["left"]) - amount(year["top_up_expected"])
             + amount(year["withheld"]), words("retenues comprises", "deductions included")),
        ])


def _transfers(sheet: Sheet, account: Account, year: int, words: Words) -> None:
    paid = _of_year(account, year)
    to_you = sum((amount(one["amount"]) for one in paid if one["to"] == "assure"), ZERO)
    to_others = sum((amount(one["amount"]) for one in paid if one["to"] != "assure"), ZERO)
    daily = sum((amount(part["amount"]) for one in paid for part in one["indemnities"]), ZERO)
    sheet.boxes([
        (words("Versé à vous", "Paid to you"), to_you, words("après retenues", "after deductions")),
        (words("Versé aux professionnels", "Paid to professionals"), to_others,
         words("tiers payant", "third-party payment")),
        (words("Dont indemnités journalières", "Of which daily allowances"), daily,
         words("arrêts de travail", "sick leave")),
    ])


def _of_year(account: Account, year: int) -> list[PaymentDetail]:
    return [one for one in account.payments if one["paid_on"][:4] == f"{year:04d}"]


def _share_of(part: str, whole: str) -> str:
    total = amount(whole)
    return f"{(amount(part) / total * 100):.0f} %" if total else ""


def _charts(sheet: Sheet, year: Year, words: Words) -> None:
    by_month = {name: (amount(spent), amount(back)) for name, spent, back, *_left in year["months"]}
    columns = []
    for number, names in enumerate(_MONTHS, 1):
        spent, back = by_month.get(f"{year['year']:04d}-{number:02d}", (ZERO, ZERO))
        columns.append((words(*names), spent, back))
    legend = (words("remboursé", "reimbursed"), words("reste", "left"))
    sheet.heading(words("Mois par mois", "Month by month"))
    sheet.columns(columns, legend)
    care = [(words(sums["label_fr"], sums["label_en"]), amount(sums["spent"]), amount(sums["reimbursed"]))
            for sums in year["by_kind"]]
    people = [(sums["name"], amount(sums["spent"]), amount(sums["reimbursed"])) for sums in year["by_person"]]
    for title, bars in ((words("Par soin", "By kind of care"), care), (words("Par personne", "By person"), people)):
        sheet.heading(title)
        sheet.bars(sorted(bars, key=lambda bar: bar[1], reverse=True), (words("dépensé", "spent"), *legend))


def _withheld(sheet: Sheet, ledger: Ledger, words: Words) -> None:
    rows: list[tuple[str, Decimal, Decimal, Decimal]] = []
    for person in ledger["beneficiaries"]:
        for kind, gauge in (("participation", person["participation"]), ("franchise", person["franchise"])):
            if amount(gauge["due"]) or amount(gauge["withheld"]):
                name = f"{person['name']} · {words.of(KINDS, kind)}"
                rows.append((name, amount(gauge["withheld"]), amount(gauge["outstanding"]), amount(gauge["ceiling"])))
    if rows:
        sheet.heading(words("Retenues, et leurs plafonds annuels", "Deductions, and their yearly ceilings"))
        sheet.gauges(rows, (words("retenu", "withheld"), words("reste à retenir", "outstanding"),
                            words("plafond", "ceiling")))
        doubts = (doubt for one in ledger["ceilings"] for doubt in one["doubts"])
        for text in dict.fromkeys(words(doubt["text_fr"], doubt["text_en"]) for doubt in doubts):
            sheet.text(text)


def _owed(sheet: Sheet, account: Account, year: int, words: Words) -> None:
    shares = [one for one in account.shares()
              if one["paid_on"][:4] == str(year) and one["status"] in ("expected", "overdue")]
    asking = [(kind, on, one) for kind, on, one in account.asking() if on is None or on.year == year]
    sheet.heading(words("Ce qui vous est dû, ou reste à éclaircir", "Owed to you, or worth asking about"), room=25)
    left_out = list(dict.fromkeys(words(part["text_fr"], part["text_en"]) for part in account.owed["not_counted"]))
    if not (shares or asking):
        sheet.text(words(
            "Rien n'est attendu de ce qui est compté, et rien n'est à demander." if left_out else
            "Rien n'est attendu, et rien n'est à demander.",
            "Nothing is awaited of what is counted, nor worth asking about." if left_out else
            "Nothing is awaited or worth asking about."))
    for text in left_out:
        sheet.text(text)
    if not (shares or asking):
        return
    if shares:
        _list(sheet, words, (words("Payé le", "Paid on"), words("Complémentaire", "Top-up"), words("État", "State"),
                             words("Attendu", "Expected")),
              [(words.day(one["paid_on"]), one["label"], words.of(STATUSES, one["status"]), amount(one["expected"]))
               for one in shares])
    for kind in dict.fromkeys(kind for kind, _on, _one in asking):
        _list(sheet, words, (words("Jour", "Day"), words.of(ASKING, kind), "", words("Montant", "Amount")),
              [(words.day(on.isoformat()) if on else "", words(entry["text_fr"], entry["text_en"]), "",
                amount(entry["amount"])) for its, on, entry in asking if its == kind])


def _list(
    sheet: Sheet, words: Words, heads: Sequence[str], rows: Sequence[tuple[str, str, str, Decimal]]
) -> None:
    total = sum((row[3] for row in rows), ZERO)
    sheet.table(heads, rows[:_MOST])
    if len(rows) > _MOST:
        more = len(rows) - _MOST
        sheet.text(words(f"… et {more} autres.", f"… and {more} more."))
    sheet.text(words(f"En tout : {sheet.euros(total)}.", f"In all: {sheet.euros(total)}."))


def _sources(sheet: Sheet, count: int, ledger: Ledger | None, words: Words) -> None:
    sheet.heading(words("D'où cela vient", "Where this comes from"), room=30)
    sheet.text(words(
        f"{count} paiements lus sur le compte ameli ; une année est celle du remboursement. Un prix que le service ne "
        "dit pas compte pour ce qui a été remboursé. Les retenues et ce qui est dû sont la lecture que ce programme "
        "fait de textes publics : les compteurs de la caisse font foi.",
        f"{count} payments read from the ameli account; a year is that of the refund. A price that the service does "
        "not tell counts as what was given back. Deductions and what is owed are this program's reading of public "
        "texts: the fund's own counters prevail."))
    if ledger is not None:
        named = sorted({entry["source"] for person in ledger["beneficiaries"] for entry in person["entries"]})
        for source in named:
            key, _comma, since = source.partition(", ")
            where = str(sources().get(key, key))
            sheet.text(f"{where} ({since})" if since else where)
