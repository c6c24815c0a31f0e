"""What becomes of a file by the comparison and by the person's own word: taken, refused, or asked about."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from agent.errors import AmeliError
from agent.files.imports.errors import SaidOthers, SeemsOthers, WhoseIsIt
from agent.files.imports.model import Desk
from agent.files.imports.ownership import Told, Verdict, nothing_known, whose
from agent.protocol.problems import Bilingual

if TYPE_CHECKING:
    from agent.store import Store

What = tuple[str, str]
RECORDING: What = ("Cette session enregistrée", "This recorded session")
STATEMENT: What = ("Ce relevé", "This statement")
BANK: What = ("Ce relevé de banque", "This bank statement")
INSURER: What = ("Ce fichier de complémentaire", "This insurer's file")


def refusal(desk: Desk, facts: Told, others: type[AmeliError], what: What) -> AmeliError | None:
    """Why nothing of a file is taken (yet), or None. ``others`` is the error for another account's number, ``what``
    the file's kind in French and English.

    The person's word answers a doubt and overrules a likeness; a number that is another's it never does.
    """
    judged = whose(desk.store, facts)
    if judged.verdict is Verdict.OTHER_NUMBER:
        return others()
    if desk.mine is not None:
        return None if desk.mine else SaidOthers()
    if judged.verdict is Verdict.OTHERS:
        return SeemsOthers(what_fr=what[0], what_en=what[1])
    if judged.verdict is Verdict.DOUBT:
        return doubt(what, judged.fr, judged.en)
    if desk.alone and not facts.numbers and nothing_known(desk.store):
        return doubt(what, "ce coffre ne connaît encore personne", "this vault knows nobody yet")
    return None


def answer_hint(path: str) -> Bilingual:
    """How the question about a file that was put aside is answered, by language."""
    file = shlex.quote(path)
    return {"fr": f"Si oui : ameli import --mine {file} (ou i dans les écrans). Sinon, retirez-le de ce dossier.",
            "en": f"If it is: ameli import --mine {file} (or i on the screens). If not, take it out of that folder."}


def sealed_hint() -> Bilingual:
    """How it is answered about a file that was sealed and lies in the folder no more."""
    return {"fr": "Il reste sous scellé. Si oui, redonnez ce même fichier : ameli import --mine FICHIER.",
            "en": "It stays sealed. If it is, bring that same file again: ameli import --mine FILE."}


def ground(store: Store) -> tuple[str | int, ...]:
    """What a comparison stands on: when it is another, a file in doubt is worth looking at again."""
    profile, credentials = store.profile(), store.credentials()
    return (credentials["nir"] if credentials else profile["nir"], profile["name"],
            len(profile["beneficiaries"]), len(store.payments))


def doubt(what: What, why_fr: str, why_en: str) -> WhoseIsIt:
    """The question, with what makes it one."""
    return WhoseIsIt(what_fr=what[0], what_en=what[1], why_fr=why_fr, why_en=why_en)
