"""What is said of a damaged file of the vault: what it is, and what becomes of it."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from agent.vault.errors import MarkMissing

if TYPE_CHECKING:
    from agent.protocol.documents import DamagedDocument
    from agent.protocol.problems import Bilingual
    from agent.vault.findings import Finding

_THINGS = {
    "header": ("le fichier de clé du coffre, « {file} »", "the vault's key file, “{file}”"),
    "header-copy": ("la copie du fichier de clé, « {file} »", "the copy of the key file, “{file}”"),
    "mark": ("la note de l'état déjà vu, « {file} »", "the note of how far the vault had come, “{file}”"),
    "snapshot": ("le dernier état complet, « {file} »", "the newest whole state, “{file}”"),
    "journal": ("un journal des derniers changements, « {file} »", "a journal of the last changes, “{file}”"),
    "spare": ("l'état gardé en réserve, « {file} »", "the state kept in reserve, “{file}”"),
}
_HOW = {"damaged": ("Abîmé", "Damaged"), "missing": ("Manquant", "Missing"), "unreadable": ("Illisible", "Unreadable")}


def what(finding: Finding) -> Bilingual:
    """One file that the vault itself keeps."""
    fr, en = _THINGS[finding.kind]
    how_fr, how_en = _HOW[finding.how]
    return {"fr": f"{how_fr} : {fr.format(file=finding.file)}", "en": f"{how_en}: {en.format(file=finding.file)}"}


def what_of(finding: Finding, name: str, day: str | None = None) -> Bilingual:
    """A document, a paper or anything else with a name, and a day (ISO) when it has one."""
    how_fr, how_en = _HOW[finding.how]
    on_fr, on_en = (f" ({'/'.join(reversed(day.split('-')))})", f" ({day})") if day else ("", "")
    return {"fr": f"{how_fr} : « {name} »{on_fr}, « {finding.file} »",
            "en": f"{how_en}: “{name}”{on_en}, “{finding.file}”"}


def cure(finding: Finding, *, mended: bool, kept: bool) -> Bilingual:
    """What becomes of a file that the vault itself keeps. ``kept``: on purpose it was not written anew yet."""
    if finding.kind == "mark" and finding.how == "missing" and mended:
        missing = MarkMissing()
        return {"fr": missing.hint("fr"), "en": missing.hint("en")}
    if mended:
        return {"fr": "Récrit, rien n'est perdu. Si cela revient, le disque s'use : « ameli backup FICHIER ».",
                "en": "Written anew, nothing is lost. If it comes back, the disk is failing: `ameli backup FILE`."}
    if kept:
        return {"fr": "Laissé tel quel tant qu'une perte n'est pas réparée : « ameli sync --full ».",
                "en": "Left as it is until a loss is made good: `ameli sync --full`."}
    return {"fr": "Tout est encore en mémoire ; récrit dès que le disque accepte d'écrire. Puis « ameli verify ».",
            "en": "Everything is still in memory, and written anew once the disk takes writes. Then `ameli verify`."}


def document_cure(damaged: DamagedDocument, *, lost: bool, left: int | None) -> Bilingual:
    """What becomes of a damaged document; ``left``: days for which the service still has it, where that is known."""
    if lost:
        return {"fr": "Perdu, le service ne l'a plus : reprenez-le d'une sauvegarde ou réimportez votre exemplaire "
                      f"(« ameli import FICHIER ») ; « ameli documents forget {damaged['id']} » y renonce.",
                "en": "Lost, the service no longer has it: take it from a backup or import your own copy (`ameli "
                      f"import FILE`); `ameli documents forget {damaged['id']}` gives it up."}
    if left is None:
        return {"fr": "Redemandé à la prochaine synchronisation (« ameli sync »), si le service l'a encore.",
                "en": "Asked for again by the next sync (`ameli sync`), if the service still has it."}
    return {"fr": f"Redemandé à la prochaine synchronisation (« ameli sync ») ; le service l'a encore {left} "
                  f"jour{'s' if left > 1 else ''}.",
            "en": f"Fetched again by the next sync (`ameli sync`); the service has it for {left} more "
                  f"day{'' if left == 1 else 's'}."}


def paper_cure(request: str) -> Bilingual:
    """What to do about a damaged paper of a request."""
    if not request:
        return {"fr": "Joignez ce fichier à nouveau.", "en": "Attach that file again."}
    return {"fr": f"Si la demande n'est pas partie, joignez ce fichier à nouveau (« ameli procedures request {request} "
                  "») ; sinon le fonds l'a reçu, gardez votre original.",
            "en": f"If the request has not left, attach that file again (`ameli procedures request {request}`); else "
                  "the fund has it, keep your original."}


def needless(finding: Finding) -> Bilingual:
    """Bytes that nothing of the person's depends on."""
    how_fr, how_en = _HOW[finding.how]
    return {"fr": f"{how_fr} : un fichier dont rien ne dépend, « {finding.file} »",
            "en": f"{how_en}: a file that nothing depends on, “{finding.file}”"}


UNREADABLE: Bilingual = {"fr": "Vérifiez le disque et les droits du dossier, puis « ameli verify ».",
                         "en": "Check the disk and the folder's permissions, then `ameli verify`."}
NEEDLESS_LATER: Bilingual = {"fr": "Rien n'en dépend ; retiré dès que le disque accepte d'écrire.",
                             "en": "Nothing depends on it; removed once the disk takes writes."}
NEEDLESS: Bilingual = {"fr": "Retiré : rien n'en dépend.", "en": "Removed: nothing depends on it."}


def days_of(damaged: DamagedDocument) -> list[list[str | None]]:
    """The days that a document is about."""
    day = date.fromisoformat(damaged["date"])
    if damaged["kind"] == "releve_mensuel":
        last = day.replace(day=monthrange(day.year, day.month)[1])
        return [[day.replace(day=1).isoformat(), last.isoformat()]]
    return [[damaged["date"], damaged["date"]]]
