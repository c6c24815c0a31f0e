"""What the doctor says of the vault: whether it opens, what was told at its opening, what of its files was damaged."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from agent.core import damage_words as words
from agent.core.verify import TABLES, may_replace
from agent.errors import AmeliError
from agent.vault import Vault
from agent.vault.errors import HeaderDamaged, VaultError, VaultKeyDamaged, VaultKeyGone
from agent.vault.fs import RealFs
from agent.vault.header import damages
from config import clock

if TYPE_CHECKING:
    from agent.core.agent import Agent
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import Finding
    from agent.store import Store
    from agent.vault.findings import Finding as Damaged


def finding(name: str, ok: bool, fr: str, en: str, cure_fr: str = "", cure_en: str = "") -> Finding:
    """One thing that was looked at; the cure is told when it is not well."""
    cure: Bilingual = {"fr": cure_fr, "en": cure_en} if not ok else {"fr": "", "en": ""}
    return {"name": name, "ok": ok, "text": {"fr": fr, "en": en}, "cure": cure}


async def vault_findings(agent: Agent) -> list[Finding]:
    """The vault's part of the examination. What is damaged of an open one and known otherwise is written anew."""
    findings = [_opens(agent), *_told(agent)]
    if agent.state == "unlocked":
        vault, store = agent.vault, agent.store
        replace = may_replace(vault, store)
        try:
            left = await asyncio.to_thread(vault.integrity.look_after, spares=replace)
        except VaultError as error:
            return [*findings, _of_error("vault_files", error)]
        findings += [_left(left, kept=not replace) if left else _files(vault), _documents(store)]
    return findings


def _of_error(name: str, error: AmeliError) -> Finding:
    return finding(name, False, error.message("fr"), error.message("en"), error.hint("fr"), error.hint("en"))


def _opens(agent: Agent) -> Finding:
    folder, state = agent.paths.vault, agent.state
    if Vault.key_gone(folder):
        return _of_error("vault", VaultKeyGone(folder=folder))
    if state == "setup":
        return finding("vault", False, "aucun coffre n'existe encore", "there is no vault yet",
                       "Lancez « ameli » pour le créer.", "Run `ameli` to create it.")
    shown_fr, shown_en = {"locked": ("verrouillé", "locked"), "unlocked": ("ouvert", "open")}[state]
    if state == "locked":
        try:
            wrong = damages(RealFs(), folder)
        except OSError:
            return finding("vault", False, "le coffre est illisible", "the vault cannot be read",
                           f"Vérifiez les droits de {folder}.", f"Check the permissions of {folder}.")
        if len(wrong) == 2:
            return _of_error("vault", VaultKeyDamaged())
        if wrong and wrong[0].kind == "header":
            return _of_error("vault", HeaderDamaged(gone=wrong[0].how == "missing"))
        if wrong:
            said = words.what(wrong[0])
            return finding("vault", False, said["fr"], said["en"], "Récrite dès que vous ouvrez le coffre.",
                           "It is written anew when you open the vault.")
    return finding("vault", True, f"le coffre est {shown_fr}", f"the vault is {shown_en}")


def _told(agent: Agent) -> list[Finding]:
    """What is wrong with the open vault, its disk, or what is in it."""
    return [finding(one["code"], False, one["message"]["fr"], one["message"]["en"], one["hint"]["fr"],
                    one["hint"]["en"]) for one in agent.opening_notices.get("notices", ())]


def _left(left: list[Damaged], *, kept: bool) -> Finding:
    """What is damaged and could not be written anew."""
    cure = words.cure(left[0], mended=False, kept=kept and left[0].kind in TABLES)
    damage = finding("vault_files", False, f"fichiers du coffre abîmés : {len(left)}",
                     f"damaged files of the vault: {len(left)}", cure["fr"], cure["en"])
    return {**damage, "details": [words.what(one) for one in left]}


def _files(vault: Vault) -> Finding:
    """What was written anew since the vault was opened: nothing is lost, and the disk is worth a thought."""
    mended = vault.integrity.mended
    if not mended:
        return finding("vault_files", True,
                       "les fichiers du coffre sont entiers (« ameli verify » relit aussi les documents)",
                       "the vault's files are whole (`ameli verify` reads the documents too)")
    cure = words.cure(mended[0], mended=True, kept=False)
    damage = finding("vault_files", False, f"fichiers du coffre abîmés, et récrits : {len(mended)}",
                     f"files of the vault that were damaged, and written anew: {len(mended)}", cure["fr"], cure["en"])
    return {**damage, "details": [words.what(one) for one in mended]}


def _documents(store: Store) -> Finding:
    """The damaged documents, until each is whole or given up."""
    damaged = store.damaged.all()
    if not damaged:
        return finding("documents", True, "aucun document abîmé n'est connu", "no damaged document is known")
    details: list[Bilingual] = []
    for document in damaged:
        lost = store.damaged.lost(document)
        left = None if document["until"] is None else (date.fromisoformat(document["until"]) - clock.today()).days
        cure = words.document_cure(document, lost=lost, left=left)
        day = "/".join(reversed(document["date"].split("-")))
        details.append({"fr": f"« {document['title']} » ({day}) : {cure['fr']}",
                        "en": f"“{document['title']}” ({document['date']}): {cure['en']}"})
    damage = finding("documents", False, f"documents abîmés : {len(damaged)}", f"damaged documents: {len(damaged)}",
                     "« ameli sync » redemande ceux que le service a encore.",
                     "`ameli sync` fetches those again that the service still has.")
    return {**damage, "details": details}
