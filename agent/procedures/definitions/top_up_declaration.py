"""Choosing the top-up insurer that is linked to the file, when two claim the link."""

from agent.procedures.answers import Answers
from agent.procedures.definitions._shared import DONE, FALLBACKS, RECEIPT, day, paper
from agent.procedures.field_types import DATE, PEOPLE, TEXT
from agent.procedures.model import Both, Field, Note, Procedure, Screen, World
from config.fold import fold


def _other(value: str, answers: Answers, _world: World) -> Both | None:
    if fold(value) == fold(str(answers.get("insurer", ""))):
        return Both("C'est le même organisme : nommez celui à délier.",
                    "It is the same insurer: name the one to unlink.")
    return None


def _notes(answers: Answers, _world: World) -> tuple[Note, ...]:
    return (
        Note("switch", Both(
            "La liaison NOEMIE est établie par la complémentaire : donnez-lui votre attestation de droits. La "
            "caisse ne "
            "fait que choisir entre deux liaisons.",
            "The NOEMIE link is made by the insurer: give it your entitlement certificate. The fund only chooses "
            "between two links."), source="ameli.fr"),
        Note("end", Both(f"Résiliez aussi le contrat chez {answers['other_insurer']} s'il est terminé.",
                         f"Also end the contract at {answers['other_insurer']} if it is over.")),
    )


def _letter(answers: Answers, _world: World) -> str:
    return (f"Deux organismes complémentaires sont liés à mon dossier. Je vous demande de garder la liaison avec "
            f"{answers['insurer']} (contrat {answers['contract']}, depuis le {day(answers.day('since'))}) et de "
            f"supprimer celle avec {answers['other_insurer']}, pour : {', '.join(answers.several('people'))}.")


PROCEDURE = Procedure(
    name="top-up-declaration",
    title=Both("Choisir ma complémentaire quand deux se disputent la liaison",
               "Choose my top-up insurer when two claim the link"),
    who=Both("L'assuré dont deux complémentaires demandent la transmission des remboursements.",
             "An insured person two of whose top-up insurers ask for the refunds to be passed on."),
    summary=Both("Une alerte à la connexion demande de choisir, pour vous et pour chaque personne rattachée.",
                 "An alert at sign-in asks to choose, for you and for each dependant."),
    page="as_info_perso_page",
    inbox=r"complementaire (?:reliee|liee)|\bnoemie\b|organisme complementaire",
    submits="portal",
    screens=(Screen("choice", Both("La bonne complémentaire", "The right insurer"), fields=(
        Field("people", PEOPLE, Both("Pour qui ?", "For whom?"), example="DUPONT Jeanne",
              prefill=lambda world: list(world.people) or None),
        Field("insurer", TEXT, Both("Complémentaire à garder", "Insurer to keep"), example="MUTUELLE EXEMPLE",
              longest=80),
        Field("contract", TEXT, Both("Numéro de contrat", "Contract number"), example="A1234567", longest=40),
        Field("since", DATE, Both("Début du contrat", "Start of the contract"), example="2026-01-01"),
        Field("other_insurer", TEXT, Both("Complémentaire à délier", "Insurer to unlink"),
              example="ANCIENNE MUTUELLE", longest=80, check=_other),
    )),),
    papers=(paper("certificate", "Attestation de la complémentaire", "The insurer's certificate",
                  "Carte de tiers payant ou attestation d'adhésion.", "Third-party payment card or membership proof.",
                  needed=False),),
    next_steps=(RECEIPT, Both("Vérifiez « Ma complémentaire santé » : nom, numéro de contrat et dates.",
                              "Check “Ma complémentaire santé”: name, contract number and dates.")),
    fallbacks=FALLBACKS, stages=DONE, computed=_notes, letter=_letter, source="ameli.fr, May 2020",
)
