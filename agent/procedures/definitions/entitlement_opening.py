"""Joining the system: S1106 for oneself, S3705 for children; the papers depend on the case."""

from datetime import date

from agent.procedures.answers import Answers
from agent.procedures.by_hand import by_post, fund_of
from agent.procedures.deadlines.days import after, amount
from agent.procedures.definitions._shared import (
    ENGLISH,
    HOTLINE,
    POST,
    choices,
    day,
    identity,
    inline,
    label,
    paper,
    rib,
)
from agent.procedures.field_types import CHOICE, COUNTRY, DATE, EMAIL, GROUP, NAME, NIR, PHONE, POSTCODE, TEXT, YES_NO
from agent.procedures.model import (
    Both,
    Clock,
    Field,
    Note,
    Place,
    Procedure,
    Screen,
    When,
    World,
    all_of,
    any_of,
    equals,
    not_,
    when,
)

EUROPE = frozenset((
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
    "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
))
"""The Union, the European Economic Area and Switzerland."""
_SITUATIONS = choices(
    ("employee", "Salarié en France", "Employed in France"),
    ("resident", "Résident sans emploi", "Resident without work"),
    ("student", "Étudiant étranger", "Foreign student"),
    ("pensioner", "Retraité payé par un autre État d'Europe", "Pensioner paid by another European state"),
    ("family", "Famille d'un assuré", "Family of an insured person"))
_EXEMPT = choices(
    ("none", "Aucune dispense", "No exemption"), ("joining", "Je rejoins ma famille", "Joining family"),
    ("benefit", "Je touche une prestation française", "I receive a French benefit"),
    ("return", "Retour de l'étranger dispensé", "Exempted return from abroad"))
_RELATIONS = choices(("spouse", "Conjoint", "Spouse"), ("child", "Enfant", "Child"))


def _outside(name: str, fr: str, en: str) -> When:
    return when(lambda answers, _world: bool(answers.get(name)) and answers[name] not in EUROPE, fr, en)


_FOREIGN = _outside("nationality", "si vous n'êtes pas européen", "if you are no European citizen")
_FOREIGN_BIRTH = _outside("birth_country", "si l'acte vient d'un pays hors d'Europe",
                          "if the certificate comes from outside Europe")


def _relative(which: str, fr: str, en: str) -> When:
    return when(lambda answers, _world: any(one.get("relation") == which for one in answers.group("family")), fr, en)


_WORKS, _RESIDES = equals("situation", "employee"), equals("situation", "resident")
_STUDIES, _RETIRED = equals("situation", "student"), equals("situation", "pensioner")
_WAITS = all_of(_RESIDES, equals("exempt", "none"))
_EXEMPTED = all_of(_RESIDES, not_(equals("exempt", "none")))


def _arrived(value: date, answers: Answers, world: World) -> Both | None:
    ready = after(value, "procedures.residence_months", on=world.today)
    if answers.get("situation") == "resident" and answers.get("exempt") == "none" and world.today < ready:
        count = amount("procedures.residence_months", world.today)
        return Both(f"Sans emploi, il faut {count} mois de résidence : la demande se fait à partir du {day(ready)}.",
                    f"Without work, {count} months of residence are needed: ask from {ready.isoformat()} on.")
    return None


def _spouse(value: bool, answers: Answers, _world: World) -> Both | None:
    if answers.get("situation") == "family" and not value:
        return Both("Indiquez au moins une personne.", "Name one person at least.")
    return None


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    situation = answers["situation"]
    notes = []
    if situation == "student":
        notes.append(Note("student", Both(
            "Les étudiants s'inscrivent sur https://etudiant-etranger.ameli.fr (français, anglais, espagnol) : "
            "numéro et "
            "attestation provisoires aussitôt, droits dès l'inscription.",
            "Students register on https://etudiant-etranger.ameli.fr (French, English, Spanish): provisional "
            "number and "
            "certificate at once, covered from enrolment."), "warning", source="eng"))
    if situation == "employee":
        notes.append(Note("employee", Both(
            "La déclaration d'embauche de l'employeur ouvre les droits, sans attendre trois mois.",
            "The employer's hiring declaration opens the rights, without the three months' wait."), source="ameli.fr"))
    if situation == "pensioner":
        notes.append(Note("s1", Both(
            "Le formulaire S1 se demande à la caisse de l'État qui verse la retraite.",
            "Form S1 is asked for from the fund of the state that pays the pension."), source="cleiss.fr"))
    if situation == "resident" and answers["nationality"] in EUROPE and answers["nationality"] != "FR":
        notes.append(Note("eu", Both(
            "Citoyen européen sans activité depuis moins de 5 ans : une assurance complète peut être exigée d'abord.",
            "European citizen, not working, for less than 5 years: comprehensive insurance may be required first."),
            "warning", source="forum-assures"))
    months = amount("procedures.civil_status", world.today)
    notes.append(Note("civil_status", Both(
        f"Une pièce d'état civil demandée doit arriver sous {months} mois, sans quoi les droits peuvent être "
        f"suspendus.",
        f"A civil-status document that is asked for must arrive within {months} months, or rights may be suspended."),
        "warning", source="CSS"))
    notes.append(Note("meanwhile", Both(
        "En attendant le numéro : payez et gardez toutes les feuilles de soins, avec un RIB.",
        "Until the number comes: pay and keep every care form, with a RIB.")))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    form = "S3705" if answers["situation"] == "family" else "S1106"
    parts = [f"Je demande l'ouverture de mes droits à l'assurance maladie (formulaire {form}) : "
             f"{answers['first_names']} {answers['last_name']}, né(e) le {day(answers.day('birth_date'))}, arrivé(e) "
             f"en France le {day(answers.day('arrived_on'))}. "
             f"Situation : {inline(label(_SITUATIONS, answers.text('situation')))}.",
             f"Adresse : {answers['street']}, {answers['postcode']} {answers['town']}"]
    if answers.get("employer"):
        parts.append(f"Employeur : {answers['employer']}, depuis le {day(answers.day('works_since'))}.")
    if family := answers.group("family"):
        parts.append("Personnes à rattacher :\n" + "\n".join(
            f"{person['first_names']} {person['last_name']}, {inline(label(_RELATIONS, person.text('relation')))}, "
            f"né(e) le {day(person.day('birth_date'))}" for person in family))
    return "\n\n".join(parts)


def _place(answers: Answers, world: World) -> Place:
    if answers.get("situation") == "student":
        return Place("site", "https://etudiant-etranger.ameli.fr", Both(
            "etudiant-etranger.ameli.fr (français, anglais, espagnol)",
            "etudiant-etranger.ameli.fr (French, English, Spanish)"))
    return by_post(fund_of(answers, world))


PROCEDURE = Procedure(
    name="entitlement-opening",
    title=Both("Ouvrir mes droits à l'assurance maladie", "Join the health insurance"),
    who=Both("Toute personne qui arrive : salarié, résident, étudiant, retraité, famille.",
             "Anybody who arrives: employee, resident, student, pensioner, family."),
    summary=Both("Formulaire S1106 (cerfa 15763), et S3705 (cerfa 14445) pour les enfants ; les pièces suivent le cas.",
                 "Form S1106 (cerfa 15763), and S3705 (cerfa 14445) for children; the papers follow the case."),
    page=None,
    inbox=r"ouverture de (?:vos )?droits|affiliation|immatriculation|\bs1106\b|\bs3705\b",
    submits="handoff",
    screens=(
        Screen("case", Both("Votre situation", "Your situation"), fields=(
            Field("situation", CHOICE, Both("Vous êtes", "You are"), choices=_SITUATIONS, source="service-public"),
            Field("exempt", CHOICE, Both("Dispense des trois mois", "Exemption from the three months"),
                  choices=_EXEMPT, when=_RESIDES, source="CSS L. 160-1"),
            Field("arrived_on", DATE, Both("Arrivée en France", "Arrival in France"), example="2026-06-01",
                  accepts=("past",), check=_arrived),
            Field("employer", TEXT, Both("Employeur", "Employer"), example="SOCIETE EXEMPLE", longest=100,
            when=_WORKS),
            Field("works_since", DATE, Both("Embauche", "Hired on"), example="2026-10-01", when=_WORKS),
            Field("school", TEXT, Both("Établissement", "University or school"), example="Université de Lyon",
                  longest=120, when=_STUDIES),
            Field("pension_state", COUNTRY, Both("État qui verse la retraite", "State that pays the pension"),
                  example="DE", when=_RETIRED),
        )),
        Screen("person", Both("Vous", "You"), fields=(
            Field("last_name", NAME, Both("Nom de naissance", "Birth surname"), example="DUBOIS"),
            Field("first_names", NAME, Both("Prénoms", "First names"), example="Angela Claire Louise"),
            Field("birth_date", DATE, Both("Date de naissance", "Date of birth"), example="1962-08-24",
                  accepts=("past",)),
            Field("birth_country", COUNTRY, Both("Pays de naissance", "Country of birth"), example="PT"),
            Field("nationality", COUNTRY, Both("Nationalité (pays)", "Nationality (country)"), example="PT"),
            Field("nir", NIR, Both("Numéro déjà reçu (facultatif)", "Number already received (optional)"),
                  required=False, accepts=("temporary",), secret=True),
            Field("certificate_readable", YES_NO,
                  Both("L'acte est en français, plurilingue ou dispensé de traduction",
                       "The certificate is in French, multilingual or needs no translation"),
                  when=_FOREIGN_BIRTH, source="CSS R. 114-7"),
        )),
        Screen("address", Both("Adresse et contact", "Address and contact"), fields=(
            Field("street", TEXT, Both("Numéro et rue", "Number and street"), example="12 RUE DES LILAS", longest=80),
            Field("postcode", POSTCODE, Both("Code postal", "Postcode")),
            Field("town", TEXT, Both("Commune", "Town"), example="LYON", longest=60),
            Field("email", EMAIL, Both("Adresse e-mail", "E-mail address")),
            Field("mobile", PHONE, Both("Téléphone (facultatif)", "Telephone (optional)"), required=False),
        )),
        Screen("family", Both("Votre famille", "Your family"), fields=(
            Field("with_family", YES_NO, Both("Des personnes à rattacher", "People to be attached"), check=_spouse),
            Field("family", GROUP, Both("Personne", "Person"), most=12, when=equals("with_family", True), fields=(
                Field("relation", CHOICE, Both("Lien", "Relation"), choices=_RELATIONS),
                Field("last_name", NAME, Both("Nom", "Surname"), example="DUBOIS"),
                Field("first_names", NAME, Both("Prénoms", "First names"), example="Alice"),
                Field("birth_date", DATE, Both("Date de naissance", "Date of birth"), example="2018-04-02",
                      accepts=("past",)),
            )),
        )),
    ),
    papers=(
        paper("form", "Formulaire S1106 signé", "Signed form S1106", "Cerfa 15763.", "Cerfa 15763.",
              needed=not_(any_of(_STUDIES, equals("situation", "family"))), source="service-public"),
        identity(),
        paper("birth_certificate", "Acte de naissance complet", "Full birth certificate",
              "Copie intégrale ou extrait avec filiation.", "Full copy or extract that names the parents.", several=3,
              source="CSS R. 114-7"),
        paper("translation", "Traduction par un traducteur agréé", "Translation by a sworn translator",
              needed=all_of(_FOREIGN_BIRTH, equals("certificate_readable", False)), several=3, source="CSS R. 114-7"),
        paper("residence_permit", "Titre de séjour", "Residence permit", "Ou le récépissé ou visa long séjour.",
              "Or the receipt or the long-stay visa.", needed=_FOREIGN, several=2, source="service-public"),
        rib(),
        paper("contract", "Contrat de travail ou bulletin de paie", "Contract of employment or payslip", needed=_WORKS,
              several=3, source="ameli.fr"),
        paper("residence_proof", "Trois mois de résidence", "Three months of residence",
              "Quittances de loyer ou factures, une par mois.", "Rent receipts or utility bills, one a month.",
              needed=_WAITS, several=6, source="service-public"),
        paper("exemption_proof", "Justificatif de la dispense", "Proof of the exemption", needed=_EXEMPTED, several=3,
              source="service-public"),
        paper("enrolment", "Certificat d'inscription", "Certificate of enrolment", needed=_STUDIES, source="eng"),
        paper("s1", "Formulaire S1", "Form S1", needed=_RETIRED, source="cleiss.fr"),
        paper("marriage_certificate", "Acte de mariage", "Marriage certificate",
              needed=_relative("spouse", "pour un conjoint", "for a spouse"), several=2, source="service-public"),
        paper("children_form", "Formulaire S3705 signé", "Signed form S3705", "Cerfa 14445, signé des deux parents.",
              "Cerfa 14445, signed by both parents.", needed=_relative("child", "pour un enfant", "for a child"),
              several=6, source="service-public"),
    ),
    clocks=(
        Clock("number-from", Both("Numéro définitif, au plus tôt (rapporté)", "Permanent number, earliest (reported)"),
              "sent", "procedures.number_from", "estimate", "EXPATADMINHUB"),
        Clock("number-until", Both("Numéro définitif, souvent avant (rapporté)",
                                   "Permanent number, often by (reported)"),
              "sent", "procedures.number_until", "estimate", "EXPATADMINHUB"),
        Clock("civil-status", Both("Pièce d'état civil demandée : au plus tard", "Civil-status document asked for: by"),
              "stage:waiting_number", "procedures.civil_status", "duty", "CSS"),
    ),
    next_steps=(
        Both("Envoyez le dossier à la caisse de votre domicile.",
             "Send the file to the fund of your place of residence."),
        Both("Un numéro d'attente arrive d'abord ; il devient définitif quand l'état civil est certifié.",
             "A waiting number comes first; it becomes permanent once civil status is certified."),
        Both("Ensuite : compte, e-mail, IBAN et adresse, carte Vitale, médecin, complémentaire.",
             "Then: account, e-mail, IBAN and address, health card, doctor, top-up insurer."),
        Both("« ameli newcomer » montre où vous en êtes.", "`ameli newcomer` shows where you are."),
    ),
    fallbacks=(ENGLISH, HOTLINE, POST),
    stages=(("received", Both("Dossier envoyé", "File sent")),
            ("waiting_number", Both("Numéro d'attente reçu", "Waiting number received")),
            ("certified", Both("État civil certifié", "Civil status certified")),
            ("done", Both("Numéro définitif", "Permanent number"))),
    computed=_notes, letter=_letter, place=_place,
    source="service-public; CSS L. 160-1, R. 114-7; cleiss.fr",
)
