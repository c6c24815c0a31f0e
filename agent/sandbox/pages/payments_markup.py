"""The HTML inside ``paiements.do``: months, rows, details."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from urllib.parse import quote

from agent.sandbox.model import Person, SandboxPayment
from agent.sandbox.pages.words import esc, money, month_year, row_month, slashed
from agent.sandbox.server.state import Service

_SERVLETS = {
    "REMBOURSEMENT_SOINS": "PDFServletDetailPaiementRS.dopdf",
    "PAIEMENT_A_UN_TIERS": "PDFServletDetailPaiementPT.dopdf",
}
_OTHER_SERVLET = "PDFServletDetailPaiementIJ.dopdf"
SCRIPT = """<script>
function listerPaiements() {
  var form = document.getElementById('paiements_1form').elements;
  fetch('/PortailAS/paiements.do?actionEvt=afficherPaiementsComplementaires&idNoCache=' + Date.now() +
    '&DateDebut=' + form.DateDebut.value + '&DateFin=' + form.DateFin.value +
    '&Beneficiaire=' + encodeURIComponent(form.Beneficiaire.value) +
    '&afficherReleves=' + document.getElementById('paiements_1releves').checked +
    '&afficherIJ=false&afficherPT=false&afficherInva=false&afficherRentes=false&afficherRS=false' +
    '&indexPaiement=&idNotif=', {headers: {'_ct': window._ct}, credentials: 'include'})
    .then(function (answer) { return answer.text(); })
    .then(function (text) {
      var html = text.charAt(0) === '{' ? JSON.parse(text).tableauPaiement : text;
      document.getElementById('tableauPaiement').innerHTML = html;
    });
}
function ajaxCallRemoteChargerDetailPaiement(id, nature, groupe, rang) {
  fetch('/PortailAS/paiements.do?actionEvt=chargerDetailPaiements&idPaiement=' + encodeURIComponent(id) +
    '&naturePaiement=' + nature + '&indexGroupe=' + groupe + '&indexPaiement=' + rang + '&idNoCache=' + Date.now(),
    {headers: {'_ct': window._ct}, credentials: 'include'})
    .then(function (answer) { return answer.text(); })
    .then(function (html) { document.getElementById('detailPaiement').innerHTML = html; });
}
document.getElementById('paiements_1rechercher').addEventListener('click', listerPaiements);
document.addEventListener('jeton', listerPaiements);
</script>"""


def pdf_address(service: Service, position: int) -> str:
    """Relative address of one payment's décompte; ``idPaiement`` comes last, as programs expect."""
    servlet = _SERVLETS.get(service.history.at(position).nature, _OTHER_SERVLET)
    return f"/PortailAS/{servlet}?idPaiement={quote(service.history.name(position, service.options.payment_ids))}"


def listing(service: Service, positions: Sequence[int], *, with_statements: bool) -> str:
    """The whole list: one block per month, its header, its rows. ``positions`` ascend."""
    at, today = service.history.at, service.today()
    ordered = _newest_first(service, positions) if service.options.order == "newest" else positions
    blocks = []
    months = groupby(ordered, key=lambda position: (at(position).paid_on.year, at(position).paid_on.month))
    for group, ((year, month), members) in enumerate(months):
        rows = list(members)
        current = ' id="moisEnCours"' if (year, month) == (today.year, today.month) else ""
        day = at(rows[0]).paid_on
        link = (
            f'<a id="lienPDFReleve{group}" href="/PortailAS/PDFServletReleveMensuel.dopdf?PDF.moisRecherche='
            f'{month:02d}{year}">Relevé mensuel</a>'
        ) if with_statements and not current else ""
        blocks.append(
            f'<div class="blocParMois"><li class="rowdate"><span class="mois"{current}>{month_year(day)}</span>{link}'
            "</li>"
            + "".join(_row(service, position, group, rank) for rank, position in enumerate(rows))
            + "</div>"
        )
    empty = "" if blocks else '<li class="aucunPaiement">Aucun paiement</li>'
    return f'<ul id="unordered_list">{"".join(blocks)}{empty}</ul>'


def _newest_first(service: Service, positions: Sequence[int]) -> list[int]:
    """The positions the other way round, but for payments of one day, kind and amount: a later one stands below.

    Nobody knows how the service lists those; with nothing else to tell them apart, their rank is what stays.
    """
    at = service.history.at
    places: defaultdict[tuple[date, str, Decimal], list[int]] = defaultdict(list)
    for place, position in enumerate(reversed(positions)):
        payment = at(position)
        places[payment.paid_on, payment.nature, payment.amount].append(place)
    ordered = list(reversed(positions))
    for equal in places.values():
        if len(equal) > 1:
            for place, position in zip(equal, [ordered[place] for place in reversed(equal)], strict=True):
                ordered[place] = position
    return ordered


def _row(service: Service, position: int, group: int, rank: int) -> str:
    options, payment = service.options, service.history.at(position)
    name = service.history.name(position, options.payment_ids)
    address = "" if options.pdf_link == "nohref" else f' href="{esc(pdf_address(service, position))}"'
    download = "" if options.pdf_link == "detail" else (
        f'<a class="downdetail" id="liendowndecompte{group}{rank}"{address} title="Télécharger">PDF</a>'
    )
    return (
        f'<li id="lignePaiement{group}{rank}" class="rowitem remboursement" '
        f"onclick=\"ajaxCallRemoteChargerDetailPaiement('{name}','{esc(payment.nature)}','{group}','{rank}')\">"
        f'<div class="col-date"><span class="jour">{payment.paid_on.day}</span> '
        f'<span class="mois">{row_month(payment.paid_on, options)}</span></div>'
        f'<div class="col-label">{esc(payment.label)}</div>'
        f'<div class="col-montant"><span>{money(payment.amount, options)}</span></div>'
        f'<div class="col-download">{download}</div></li>'
    )


def detail(service: Service, position: int, group: str, rank: str) -> str:
    """The detail of one payment: heading, one table per person, the deductions apart."""
    options, payment = service.options, service.history.at(position)
    link = (
        f'<a id="liendowndecompte{esc(group)}{esc(rank)}" href="{esc(pdf_address(service, position))}">Télécharger</a>'
    )
    heading = (
        f'<div class="entete container"><h2>Paiement effectué le {slashed(payment.paid_on)} pour un montant de '
        f"{money(payment.amount, options)}</h2>{link}</div>"
    )
    people: list[Person] = []
    for line in payment.lines:
        if line.person not in people:
            people.append(line.person)
    parts = [heading]
    parts += [_care(service, payment, person, rank) for rank, person in enumerate(people)]
    if payment.deductions:
        parts.append(_deductions(service, payment))
    if payment.sick_pay:
        parts.append(_sick_pay(service, payment))
        return f"<detailpaiement>{''.join(parts)}</detailpaiement>"
    return "".join(parts)


def _care(service: Service, payment: SandboxPayment, person: Person, rank: int) -> str:
    options = service.options
    rows = "".join(
        f'<tr><td id="Nature{rank}{index}"><span class="naturePrestation">{esc(line.label)}</span><br>'
        f'{slashed(line.act_date) if options.detail_dates else ""}</td>'
        f'<td id="montantPaye{rank}{index}">{money(line.paid, options)}</td>'
        f'<td id="baseRemboursement{rank}{index}">{money(line.base, options)}</td>'
        f'<td id="taux{rank}{index}">{line.rate}%</td>'
        f'<td id="montantVerse{rank}{index}">{money(line.reimbursed, options)}</td></tr>'
        for index, line in enumerate(line for line in payment.lines if line.person == person)
    )
    return (
        f'<div class="container"><span id="nomBeneficiaire{rank}">{esc(person.first_name)} {esc(person.last_name)}'
        '</span></div><div class="container"><table id="tableauPrestation"><thead><tr><th>Nature et date</th>'
        "<th>Montant payé</th><th>Base du remboursement</th><th>Taux</th><th>Montant versé</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _deductions(service: Service, payment: SandboxPayment) -> str:
    rows = "".join(
        f'<tr><td id="naturePFF{index}">{esc(line.label)}</td><td id="dateActePFF{index}">{slashed(line.act_date)}</td>'
        f'<td id="montantVersePFF{index}">{money(line.amount, service.options)}</td></tr>'
        for index, line in enumerate(payment.deductions)
    )
    return (
        '<div class="container"><table id="tableauPFF"><thead><tr><th>Participation forfaitaire et franchises</th>'
        f"<th>Date</th><th>Montant</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _sick_pay(service: Service, payment: SandboxPayment) -> str:
    options = service.options
    rows = "".join(
        f'<tr><td id="natureIJ{index}"><span class="natureIndemnite">{esc(line.label)}</span><br>'
        f"du {slashed(line.start)} au {slashed(line.end)}</td>"
        f'<td id="nombreJours{index}">{line.days}</td>'
        f'<td id="montantJournalier{index}">{money(line.daily, options)}</td>'
        f'<td id="montantVerse{index}">{money(line.amount, options)}</td></tr>'
        for index, line in enumerate(payment.sick_pay)
    )
    return (
        '<div class="container"><table id="tableauIJ"><thead><tr><th>Nature et période</th><th>Nombre de jours</th>'
        f"<th>Montant journalier</th><th>Montant</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def total(payments: Sequence[SandboxPayment]) -> Decimal:
    """Sum of the amounts, in euros."""
    return sum((payment.amount for payment in payments), Decimal(0))
