"""Complémentaire santé solidaire: first request and renewal, worked out before it is sent."""

import re
from datetime import date
from decimal import Decimal
from typing import get_args

from agent.procedures import c2s_entitlement as c2s
from agent.procedures.answers import Answers
from agent.procedures.c2s_ceilings import OVERSEAS
from agent.procedures.deadlines.days import age_on, amount
from agent.procedures.definitions._shared import (
    FALLBACKS,
    RECEIPT,
    choices,
    day,
    departement,
    euros,
    holder,
    inline,
    label,
    paper,
    postcode_of,
)
from agent.procedures.field_types import CHOICE, DATE, GROUP, MONEY, NAME, PERSON, POSTCODE, TEXT, YES_NO
from agent.procedures.model import Both, Choice, Clock, Field, Note, Procedure, Screen, World, equals
from agent.protocol.procedures import NoteKind

_KINDS = choices(("first", "Première demande", "First request"), ("renewal", "Renouvellement", "Renewal"))
_RELATIONS = choices(("partner", "Conjoint, partenaire ou concubin", "Spouse or partner"),
                     ("child", "Enfant de moins de 25 ans à charge", "Dependent child under 25"),
                     ("other", "Autre personne à charge", "Other dependant"))
_HOUSING = choices(("rent", "Locataire sans aide au logement", "Tenant without housing aid"),
                   ("aid", "Avec une aide au logement (APL, AL)", "With housing aid (APL, AL)"),
                   ("owner", "Propriétaire sans aide", "Owner without aid"),
                   ("free", "Logé gratuitement", "Housed free"))
_HOUSED: dict[str, c2s.Housing] = {housing: housing for housing in get_args(c2s.Housing)}
_MANAGERS = choices(("cpam", "Ma caisse (CPAM)", "My fund (CPAM)"),
                    ("insurer", "Un organisme complémentaire", "An insurer"))
_BENEFITS = choices(("none", "Aucun", "None"), ("rsa", "RSA", "RSA"), ("aspa", "ASPA", "ASPA"), ("asi", "ASI", "ASI"))
_INCOMES = tuple(Choice(name, text) for name, text in c2s.LABELS.items())
_AMOUNT = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?")
_RENEWS = equals("kind", "renewal")


def amounts(text: str) -> tuple[Decimal, ...] | None:
    """Twelve monthly amounts from ``1200`` (the same every month) or twelve, oldest first, separated by ``;``."""
    parts = [re.sub(r"[\s\u00a0\u202f€]", "", part) for part in text.strip().rstrip(";").split(";")]
    if len(parts) not in (1, c2s.MONTHS) or not all(part.isascii() and _AMOUNT.fullmatch(part) for part in parts):
        return None
    monthly = tuple(Decimal(part.replace(",", ".")) for part in parts)
    return monthly * c2s.MONTHS if len(monthly) == 1 else monthly


def _monthly(value: str, _answers: Answers, world: World) -> Both | None:
    if amounts(value) is not None:
        return None
    first, *_, last = c2s.months(world.today)
    return Both(f"Un montant par mois (« 1200 »), ou douze séparés par « ; », de {first:%m/%Y} à {last:%m/%Y}.",
                f"One monthly amount (“1200”), or twelve separated by “;”, from {first:%Y-%m} to {last:%Y-%m}.")


def _end(value: date, _answers: Answers, world: World) -> Both | None:
    window = c2s.renewal(value, world.today)
    if window.state(world.today) == "early":
        return Both(f"Trop tôt : le renouvellement se demande du {day(window.opens)} au {day(window.closes)}.",
                    f"Too early: renewal can be asked for from {window.opens} to {window.closes}.")
    if window.state(world.today) == "over":
        return Both("Ce droit est terminé : faites une première demande.",
                    "That cover has ended: make a first request.")
    return None


def _child(value: date, answers: Answers, world: World) -> Both | None:
    if answers.get("relation") == "child" and age_on(value, world.today) >= amount("c2s.dependant_age", world.today):
        return Both("À 25 ans et plus, il fait sa propre demande.", "At 25 and over, they make their own request.")
    return None


def _worked_out(answers: Answers, world: World) -> c2s.Result:
    applicant = c2s.Person(answers.text("applicant"), answers.day("applicant_birth_date"))
    others = [c2s.Person(person.text("name"), person.day("birth_date"), bool(person.get("shared_custody")))
              for person in answers.group("household")]
    incomes = [_income(income) for income in answers.group("resources")]
    postcode = answers.text("postcode")
    aid = answers.amount("housing_aid") if "housing_aid" in answers else None
    return c2s.assess(
        [applicant, *others], incomes, _HOUSED[answers.text("housing")], world.today, aid=aid,
        overseas=departement(postcode) in OVERSEAS, alsace_moselle=departement(postcode) in c2s.ALSACE_MOSELLE,
        rsa=answers["benefit"] == "rsa")


def _income(item: Answers) -> c2s.Income:
    return c2s.Income(item.text("kind"), amounts(item.text("amounts")) or (), str(item.get("who") or ""))


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    result = _worked_out(answers, world)
    notes = [_verdict(result)]
    if not result.certain:
        notes.append(Note("estimate", Both(
            "Les plafonds officiels en vigueur ne sont pas connus de ce programme : ce sont des estimations. La caisse "
            "décide ; en cas de doute, demandez.",
            "This program does not know the official ceilings in force: these are estimates. The fund decides; when in "
            "doubt, apply."), "warning", source=result.free.source))
    if departement(answers.text("postcode")) == "976":
        notes.append(Note("mayotte", Both("À Mayotte, d'autres règles s'appliquent : voyez la caisse.",
                                          "In Mayotte other rules apply: see the fund."), "warning"))
    if answers["benefit"] in c2s.AUTOMATIC and answers["kind"] == "renewal":
        notes.append(Note("automatic", Both("Avec le RSA, l'ASPA ou l'ASI, le renouvellement est automatique.",
                                            "With RSA, ASPA or ASI, renewal is automatic."), source="F10027"))
    if answers["kind"] == "renewal" and c2s.renewal(answers.day("ends_on"), world.today).state(world.today) == "late":
        notes.append(Note("late", Both("Moins de deux mois avant la fin : un intervalle sans couverture est possible.",
                                       "Less than two months before the end: a gap without cover is possible."),
                          "warning", source="F10027"))
    notes += [Note(f"step-{number}", step.text, amount=f"{step.amount:.2f}", source=step.source)
              for number, step in enumerate(result.steps, 1)]
    return tuple(notes)


def _verdict(result: c2s.Result) -> Note:
    month = f"{result.contribution:.2f}"
    texts: dict[c2s.Status, tuple[Both, NoteKind]] = {
        "free": (Both("D'après ces réponses : C2S gratuite.", "By these answers: free C2S."), "good"),
        "paid": (Both(f"D'après ces réponses : C2S avec participation de {month.replace('.', ',')} € par mois "
                      f"pour le foyer.",
                      f"By these answers: C2S with a contribution of {month} € a month for the household."), "good"),
        "none": (Both("D'après ces réponses, les ressources dépassent les plafonds.",
                      "By these answers, the resources are above the ceilings."), "warning"),
        "unsure": (Both("Trop près d'un plafond qui n'est pas sûr pour conclure : faites la demande.",
                        "Too close to a ceiling that is not sure to conclude: apply."), "warning"),
    }
    text, kind = texts[result.status]
    return Note("verdict", text, kind, source="F10027")


def _letter(answers: Answers, world: World) -> str:
    wanted = "le renouvellement" if answers["kind"] == "renewal" else "le bénéfice"
    parts = [f"Je demande {wanted} de la Complémentaire santé solidaire pour mon foyer (formulaire S3711, cerfa "
             "12504).",
             "Foyer :\n" + "\n".join([
                 f"{answers['applicant']}, né(e) le {day(answers.day('applicant_birth_date'))}",
                 *(f"{person['name']}, né(e) le {day(person.day('birth_date'))}, "
                   f"{inline(label(_RELATIONS, person.text('relation')))}" for person in answers.group("household"))])]
    first, *_, last = c2s.months(world.today)
    lines = [f"{item.get('who') or answers['applicant']} : {inline(c2s.LABELS[item.text('kind')].fr)}, "
             f"{euros(sum(_income(item).amounts, Decimal(0)))}" for item in answers.group("resources")]
    parts.append(f"Ressources de {first:%m/%Y} à {last:%m/%Y} :\n" + ("\n".join(lines) or "aucune"))
    parts.append(f"Logement : {inline(label(_HOUSING, answers.text('housing')))}.")
    parts.append("Gestion : " + (f"{answers['insurer']}." if answers["manager"] == "insurer" else "ma caisse."))
    return "\n\n".join(parts)


PROCEDURE = Procedure(
    name="c2s",
    title=Both("Demander ou renouveler la Complémentaire santé solidaire (C2S)",
               "Ask for or renew the C2S top-up cover"),
    who=Both("Un foyer dont les ressources de douze mois sont sous un plafond ; une demande par foyer.",
             "A household whose resources of twelve months are under a ceiling; one request for each household."),
    summary=Both("Gratuite ou contre une participation selon l'âge : ni avance, ni franchise, ni participation.",
                 "Free, or for a contribution by age: nothing to advance, no deductible, no flat contribution."),
    page="as_demander_cmuc_page",
    inbox=r"complementaire sante solidaire|\bc2s\b",
    submits="portal",
    screens=(
        Screen("request", Both("La demande", "The request"), fields=(
            Field("kind", CHOICE, Both("Nature de la demande", "Kind of request"), choices=_KINDS),
            Field("ends_on", DATE, Both("Fin du droit actuel", "End of the present cover"), Both(
                "Sur votre attestation. Le renouvellement se demande 4 à 2 mois avant.",
                "On your certificate. Renewal is asked for 4 to 2 months before."), example="2027-02-28",
                when=_RENEWS, check=_end, source="F10027"),
            Field("benefit", CHOICE, Both("Vous touchez", "You receive"), choices=_BENEFITS, source="F10027"),
        )),
        Screen("household", Both("Le foyer", "The household"), Both(
            "Vous, votre conjoint, et les enfants à charge de moins de 25 ans.",
            "You, your partner, and dependent children under 25."), (
            Field("applicant", PERSON, Both("Demandeur", "Applicant"), prefill=holder),
            Field("applicant_birth_date", DATE, Both("Sa date de naissance", "Their date of birth"),
                  example="1993-08-12", accepts=("past",),
                  prefill=lambda world: world.born(world.people[0]) if world.people else None),
            Field("household", GROUP, Both("Autre membre", "Other member"), required=False, most=15, fields=(
                Field("name", NAME, Both("Nom et prénom", "Name"), example="DUPONT Pierre"),
                Field("relation", CHOICE, Both("Lien", "Relation"), choices=_RELATIONS),
                Field("birth_date", DATE, Both("Date de naissance", "Date of birth"), example="2015-03-01",
                      accepts=("past",), check=_child),
                Field("shared_custody", YES_NO, Both("Garde alternée", "Alternating custody"), required=False,
                      when=equals("relation", "child"), source="OPENFISCA-CMU"),
            )),
        )),
        Screen("resources", Both("Les ressources de douze mois", "The resources of twelve months"), Both(
            "Des douze mois qui finissent deux mois avant celui de la demande (une demande d'avril : de mars à "
            "février). "
            "Salaires, pensions et prestations sont repris par la caisse ; restent à déclarer bourses, pensions "
            "alimentaires, chiffre d'affaires, revenus de l'étranger. Ici, dites tout : le calcul en dépend.",
            "Of the twelve months that end two months before that of the request (in April: March to February). "
            "The fund "
            "fetches wages, pensions and benefits; scholarships, maintenance, turnover and foreign income are yours to "
            "declare. Say everything here: the computation needs it."), (
            Field("resources", GROUP, Both("Ressource", "Resource"), required=False, most=30, fields=(
                Field("who", NAME, Both("De qui (facultatif)", "Whose (optional)"), required=False),
                Field("kind", CHOICE, Both("Nature", "Kind"), choices=_INCOMES),
                Field("amounts", TEXT, Both("Montant net par mois", "Net amount a month"), Both(
                    "Un montant s'il est le même chaque mois, ou douze séparés par « ; », le plus ancien d'abord.",
                    "One amount when it is the same every month, or twelve separated by “;”, oldest first."),
                    example="950", longest=300, check=_monthly),
            ), source="F10027"),
        )),
        Screen("housing", Both("Le logement", "Housing"), fields=(
            Field("housing", CHOICE, Both("Vous êtes", "You are"), choices=_HOUSING, source="CSS R. 861-5, R. 861-7"),
            Field("housing_aid", MONEY, Both("Aide au logement par mois", "Housing aid a month"), example="150",
                  when=equals("housing", "aid")),
            Field("postcode", POSTCODE, Both("Code postal", "Postcode"), prefill=postcode_of),
            Field("lived_abroad", YES_NO, Both("Vécu à l'étranger ces douze mois",
                                                 "Lived abroad in these twelve months")),
        )),
        Screen("manager", Both("Qui gère ?", "Who manages it?"), fields=(
            Field("manager", CHOICE, Both("Organisme gestionnaire", "Managing body"), choices=_MANAGERS,
                  source="F10027"),
            Field("insurer", TEXT, Both("Nom de l'organisme", "Its name"),
                  Both("Sur la liste nationale de la C2S.", "On the national list of the C2S."),
                  example="MUTUELLE EXEMPLE", longest=80, when=equals("manager", "insurer")),
            Field("caf_number", TEXT, Both("Numéro Caf (facultatif)", "Caf number (optional)"), example="1234567",
                  required=False, pattern=r"\d{5,8}[A-Z]?", pattern_words=Both("5 à 8 chiffres", "5 to 8 digits")),
        )),
    ),
    papers=(
        paper("tax_notice", "Avis d'impôt sur le revenu", "Income-tax notice",
              "Ou l'avis de situation déclarative (Asdir).",
              "Or the Asdir statement.", several=3, needed=equals("benefit", "none", "aspa", "asi"), source="F10027"),
        paper("property_tax", "Avis de taxe foncière", "Property-tax notice", needed=equals("housing", "owner"),
              source="F10027"),
        paper("housing_tax", "Avis de taxe d'habitation", "Housing-tax notice", needed=False, source="F10027"),
        paper("foreign_proof", "Situation fiscale ou sociale dans chaque pays",
              "Tax or social situation in each country",
              needed=equals("lived_abroad", True), several=6, source="F10027"),
        paper("rsa_certificate", "Attestation de la Caf ou de la MSA", "Certificate of the Caf or MSA",
              needed=equals("benefit", "rsa"), source="F10027"),
    ),
    clocks=(
        Clock("decision", Both("Décision au plus tard ; le silence vaut accord", "Decision by; silence accepts"),
              "sent", "procedures.c2s_decision", "right", "CSS"),
        Clock("membership", Both("Avec participation : bulletin, mandat SEPA et RIB à renvoyer",
                                 "Paid cover: membership form, SEPA mandate and RIB to return"), "stage:done",
              "procedures.c2s_membership", "duty", "F10027"),
    ),
    next_steps=(
        RECEIPT,
        Both("Réponse sous deux mois d'un dossier complet ; sans réponse, c'est oui.",
             "An answer within two months of a complete file; no answer means yes."),
        Both("Avec participation : renvoyez sous trois mois le bulletin, le mandat SEPA signé et un RIB.",
             "Paid cover: return the membership form, the signed SEPA mandate and a RIB within three months."),
        Both("Refus : recours devant la commission de recours amiable (CRA) sous deux mois.",
             "Refused: appeal to the amicable board (CRA) within two months."),
        Both("Renouvellement : de 4 à 2 mois avant la fin.", "Renewal: 4 to 2 months before the end."),
    ),
    fallbacks=FALLBACKS,
    stages=(("received", Both("Demande reçue", "Request received")),
            ("checked", Both("Dossier complet", "File complete")),
            ("done", Both("Décision rendue", "Decision made"))),
    computed=_notes, letter=_letter, source="service-public F10027; CSS R. 861-2 à R. 861-16-2; cerfa 12504",
)
