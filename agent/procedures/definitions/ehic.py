"""European Health Insurance Card for several people at once, with a provisional certificate meanwhile."""


from agent.procedures.answers import Answers
from agent.procedures.deadlines.days import after, amount
from agent.procedures.definitions._shared import ABROAD, CARD, FALLBACKS, RECEIPT, day
from agent.procedures.field_types import COUNTRY, DATE, PEOPLE
from agent.procedures.identifiers.countries import countries
from agent.procedures.model import Both, Clock, Field, Note, Procedure, Screen, World

HOLDS_IN = frozenset((
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
))
"""Where the card holds: the Union, Iceland, Liechtenstein, Norway, Switzerland and the United Kingdom (cleiss.fr)."""


def _country(value: str, _answers: Answers, _world: World) -> Both | None:
    name = countries().get(value, (value, value))
    if value == "FR":
        return Both("En France, c'est la carte Vitale qui sert.", "In France the health card is the one to use.")
    if value not in HOLDS_IN:
        return Both(f"La carte européenne ne sert pas en {name[0]} : prenez une assurance de voyage et gardez les "
                    f"factures.",
                    f"The European card does not hold in {name[1]}: take out travel insurance and keep the bills.")
    return None


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    months = amount("procedures.ehic_provisional", world.today)
    notes = []
    leaving = answers.day("leaving_on") if "leaving_on" in answers else None
    if leaving is not None and world.today > after(leaving, "procedures.ehic_before", -1, on=world.today):
        notes.append(Note("certificate", Both(
            f"Départ le {day(leaving)} : la carte peut arriver trop tard. Téléchargez le certificat provisoire, "
            f"valable "
            f"{months} mois.",
            f"Leaving on {leaving}: the card may come too late. Download the provisional certificate, valid for "
            f"{months} months."), "warning", source="CLEISS"))
    else:
        notes.append(Note("certificate", Both(
            f"Un certificat provisoire ({months} mois) se télécharge aussitôt, si la carte tarde.",
            f"A provisional certificate ({months} months) can be downloaded at once, should the card be late."),
            "good", source="CLEISS"))
    notes.append(Note("covers", Both(
        "Elle couvre les soins nécessaires et imprévus, aux conditions du pays ; ni soins programmés (formulaire "
        "S2), ni "
        "soins privés, ni rapatriement. Pour s'installer, c'est le formulaire S1.",
        "It covers necessary, unplanned care on the country's own terms; not planned care (form S2), private care or "
        "repatriation. Moving there takes form S1."), source="CLEISS"))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    away = f" en vue d'un départ le {day(answers.day('leaving_on'))}" if "leaving_on" in answers else ""
    return (f"Je vous demande une carte européenne d'assurance maladie{away} pour chacune des personnes suivantes :\n\n"
            + "\n".join(answers.several("people")))


PROCEDURE = Procedure(
    name="ehic",
    title=Both("Commander la carte européenne d'assurance maladie (CEAM)",
               "Order the European Health Insurance Card (EHIC)"),
    who=Both("Chaque assuré qui a des droits, enfants compris : une carte par personne.",
             "Everybody with current rights, children too: one card each."),
    summary=Both("Gratuite, valable deux ans. À demander 15 jours avant le départ ; certificat provisoire aussitôt.",
                 "Free, valid for two years. Order it 15 days ahead; a provisional certificate comes at once."),
    page="as_carte_euro_assu_maladie_page",
    inbox=r"carte europeenne|\bceam\b",
    submits="portal",
    screens=(Screen("people", Both("Pour qui, et où ?", "For whom, and where?"), fields=(
        Field("people", PEOPLE, Both("Bénéficiaires", "People"), Both("Autant de cartes que de personnes.",
                                                                        "One card for each person."),
              example="DUPONT Jeanne"),
        Field("country", COUNTRY, Both("Pays de destination (facultatif)", "Country of destination (optional)"),
              example="ES", required=False, check=_country, source="CLEISS"),
        Field("leaving_on", DATE, Both("Date de départ (facultatif)", "Date of leaving (optional)"),
              example="2026-12-20", required=False, accepts=("future",)),
    )),),
    clocks=(
        Clock("arrives", Both("Carte attendue au plus tard", "Card expected by"), "sent", "procedures.ehic_before",
              "estimate", "AMELI-CEAM"),
        Clock("provisional", Both("Fin d'un certificat provisoire pris ce jour", "End of a provisional certificate "
                                  "taken that day"), "sent", "procedures.ehic_provisional", "estimate", "CLEISS"),
        Clock("card-ends", Both("Fin de validité de la carte", "End of the card's validity"), "stage:checked",
              "procedures.ehic_length", "estimate", "AMELI-CEAM"),
    ),
    next_steps=(RECEIPT, Both("La carte arrive par courrier.", "The card comes by post."),
                Both("Payé sur place ? Gardez les factures et envoyez le formulaire S3125 (cerfa 12267).",
                     "Paid on the spot? Keep the bills and send form S3125 (cerfa 12267).")),
    fallbacks=(ABROAD, *FALLBACKS), stages=CARD, computed=_notes, letter=_letter, source="ameli.fr; cleiss.fr",
)
