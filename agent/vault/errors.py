"""What can go wrong with the vault, as a person should hear it. Facts name files of the vault, never their content."""

from agent.errors import AmeliError, NotUnlocked, system_errors

_DOCTOR_FR = "Rien n'a été écrit : copiez le dossier tel quel, puis lancez « ameli doctor »."
_DOCTOR_EN = "Nothing was written: copy the folder as it is, then run `ameli doctor`."


class VaultError(AmeliError):
    """Base of the vault's errors."""

    code = "vault"
    fr = "Le coffre ne peut pas être utilisé."
    en = "The vault cannot be used."


class VaultLocked(VaultError, NotUnlocked):
    """The vault is locked: its content is not in memory."""

    code = "locked"
    http_status = 423
    fr = "Le coffre est verrouillé."
    en = "The vault is locked."
    hint_fr = "Déverrouillez-le avec « ameli unlock »."
    hint_en = "Unlock it with `ameli unlock`."


class NoVault(VaultError, NotUnlocked):
    """There is no vault in this folder yet."""

    code = "no_vault"
    http_status = 409
    fr = "Il n'y a pas encore de coffre."
    en = "There is no vault yet."
    hint_fr = "Lancez « ameli » pour en créer un."
    hint_en = "Run `ameli` to create one."


class VaultExists(VaultError):
    """A vault, or what is left of one, is already in this folder."""

    code = "vault_exists"
    http_status = 409
    fr = "Ce dossier contient déjà un coffre."
    en = "This folder already holds a vault."
    hint_fr = "Déverrouillez-le avec « ameli unlock » ; rien n'a été écrasé."
    hint_en = "Unlock it with `ameli unlock`; nothing was overwritten."


class WrongPassphrase(VaultError, NotUnlocked):
    """The passphrase opens no slot."""

    code = "wrong_passphrase"
    http_status = 403
    fr = "Phrase secrète incorrecte."
    en = "Wrong passphrase."
    hint_fr = "Réessayez, ou utilisez le code de secours noté à la création du coffre."
    hint_en = "Try again, or use the recovery code written down when the vault was created."


class WrongRecoveryCode(VaultError, NotUnlocked):
    """The recovery code is well formed and opens no slot."""

    code = "wrong_recovery_code"
    http_status = 403
    fr = "Ce code de secours n'ouvre pas ce coffre."
    en = "This recovery code does not open this vault."
    hint_fr = "Prenez le dernier code affiché : un nouveau code remplace l'ancien."
    hint_en = "Use the latest code shown: a new code replaces the old one."


class RecoveryCodeMistyped(VaultError, NotUnlocked):
    """The text is not a recovery code: wrong length, sign or check characters."""

    code = "recovery_code_mistyped"
    http_status = 403
    fr = "Le code de secours est mal recopié."
    en = "The recovery code is mistyped."
    hint_fr = "Il a 7 groupes de 4 signes (chiffres et lettres, sans U)."
    hint_en = "It has 7 groups of 4 signs (digits and letters, no U)."


class EmptyPassphrase(VaultError):
    """An empty passphrase protects nothing."""

    code = "empty_passphrase"
    exit_code = 2
    fr = "La phrase secrète est vide."
    en = "The passphrase is empty."
    hint_fr = "Choisissez quelques mots que vous retiendrez."
    hint_en = "Choose a few words that you will remember."


class VaultDamaged(VaultError):
    """A file of the vault is not what was written (``part`` names it). Nothing was changed on disk."""

    code = "vault_damaged"
    http_status = 500
    fr = "Le coffre est abîmé : {part} n'est plus tel qu'il a été écrit."
    en = "The vault is damaged: {part} is not what was written."
    hint_fr = "« ameli unlock --salvage » ouvre tout ce qui se lit encore et dit ce qui manque."
    hint_en = "`ameli unlock --salvage` opens all that can still be read and says what is missing."


class DocumentDamaged(VaultDamaged):
    """One document's file is not what was written; everything else is whole."""

    code = "vault_damaged"
    fr = "Ce document est abîmé dans le coffre ({part}) ; le reste est entier."
    en = "This document is damaged in the vault ({part}); the rest is whole."
    hint_fr = "« ameli verify » dit ce qui se retrouve, et comment ; le fichier abîmé reste où il est."
    hint_en = "`ameli verify` tells what can be had again, and how; the damaged file stays where it is."


class HeaderDamaged(VaultDamaged):
    """The header is damaged or missing, its copy is whole: nothing is lost."""

    code = "vault_damaged"
    fr = "Le fichier de clé du coffre (« header ») {state_fr} ; sa copie est intacte, rien n'est perdu."
    en = "The vault's key file (“header”) {state_en}; its copy is whole, nothing is lost."
    hint_fr = "« ameli unlock --salvage » ouvre le coffre par cette copie et récrit le fichier."
    hint_en = "`ameli unlock --salvage` opens the vault by that copy and writes the file anew."

    def __init__(self, *, gone: bool) -> None:
        """``gone``: the file is not there at all."""
        super().__init__(part="header", state_fr="a disparu" if gone else "est abîmé",
                         state_en="is gone" if gone else "is damaged")


class VaultKeyDamaged(VaultDamaged):
    """Neither the header nor its copy can be read: without a header nobody can open the vault."""

    code = "vault_key_damaged"
    fr = "Les deux fichiers de clé du coffre sont abîmés ou absents (« header », « header-copy »)."
    en = "Both key files of the vault are damaged or gone (“header”, “header-copy”)."
    hint_fr = ("Remettez l'un des deux depuis une sauvegarde, ou reprenez tout : « ameli restore FICHIER » dans un "
               "dossier vide. N'effacez rien.")
    hint_en = ("Put one of the two back from a backup, or take everything from one: `ameli restore FILE` into an empty "
               "home. Delete nothing.")

    def __init__(self) -> None:
        super().__init__(part="header")


class CopyNotOpened(WrongPassphrase):
    """The header is damaged, and its copy does not open with this passphrase: it may be of before the last change."""

    fr = "Cette phrase secrète n'ouvre pas la copie du fichier de clé, et le fichier lui-même est abîmé."
    en = "This passphrase does not open the copy of the key file, and the file itself is damaged."
    hint_fr = "La copie date peut-être d'avant votre dernier changement : essayez la phrase d'avant, ou le code."
    hint_en = "The copy may be of before your last change: try the passphrase of before, or the recovery code."


class VaultOlder(VaultError):
    """The files end before a state this machine has already seen: an older copy, or the end of the journal is lost."""

    code = "vault_older"
    http_status = 409
    fr = "Le coffre est plus ancien que la dernière fois : copie restaurée, ou fin du journal perdue."
    en = "The vault is older than last time: a restored copy, or the end of the journal is lost."
    hint_fr = "Si vous avez restauré une copie : « ameli unlock --accept-older », puis « ameli sync --full »."
    hint_en = "If you restored a copy: `ameli unlock --accept-older`, then `ameli sync --full`."


class VaultNewer(VaultError):
    """Written by a later version of the program (``format`` is the number found)."""

    code = "vault_newer"
    exit_code = 1
    http_status = 409
    fr = "Ce coffre a été écrit par une version plus récente (format {format})."
    en = "This vault was written by a newer version (format {format})."
    hint_fr = "Mettez ameli-tui à jour ; rien n'a été modifié."
    hint_en = "Update ameli-tui; nothing was changed."


class PerhapsNewer(VaultNewer):
    """As `VaultNewer`, by a header that does not hold together: a program of later, or damage."""

    hint_fr = ("Mettez ameli-tui à jour ; rien n'a été modifié. Si rien n'y fait, ce fichier est abîmé : « ameli "
               "unlock --salvage » ouvre par sa copie.")
    hint_en = ("Update ameli-tui; nothing was changed. If that does not help, this file is damaged: `ameli unlock "
               "--salvage` opens by its copy.")


class VaultBusy(VaultError):
    """Another process has the vault open."""

    code = "vault_busy"
    http_status = 409
    fr = "Le coffre est déjà ouvert par un autre processus."
    en = "Another process has the vault open."
    hint_fr = "Arrêtez-le avec « ameli agent stop »."
    hint_en = "Stop it with `ameli agent stop`."


class DiskRefused(VaultError):
    """The system said no: ``error`` as it said it, or a ``reason`` in words."""

    def __init__(self, error: OSError | None = None, *, reason: str = "", **facts: object) -> None:
        said = system_errors.keeping_facts(error if error is not None else OSError(None, reason))
        super().__init__(**said, **facts)


class VaultUnreadable(DiskRefused):
    """The system refused to read a file (``part``)."""

    code = "vault_unreadable"
    http_status = 500
    fr = "Lecture impossible du coffre ({part}) : {reason_fr}."
    en = "The vault cannot be read ({part}): {reason_en}."
    hint_fr = "Vérifiez les droits du dossier et l'état du disque."
    hint_en = "Check the folder's permissions and the disk."


class VaultWriteFailed(DiskRefused):
    """The system refused a write. The change did not happen; what was there before still is."""

    code = "vault_write_failed"
    http_status = 507
    fr = "Écriture impossible dans le coffre : {reason_fr}. Rien n'a changé."
    en = "The vault cannot be written: {reason_en}. Nothing changed."
    hint_fr = "{cure_fr} Puis recommencez."
    hint_en = "{cure_en} Then try again."


class VaultReadOnly(DiskRefused):
    """The vault is open for reading alone: the disk took no write when it was opened. Nothing was changed."""

    code = "vault_read_only"
    http_status = 507
    fr = "Coffre ouvert en lecture seule, rien ne peut y être gardé : {reason_fr}."
    en = "The vault is open for reading only, nothing can be kept: {reason_en}."
    hint_fr = "{cure_fr} L'agent réessaie de lui-même ; en attendant, tout se lit."
    hint_en = "{cure_en} The agent tries again by itself; meanwhile everything can be read."


class VaultStopped(VaultError):
    """A flush failed: what the disk holds is unknown, so nothing more is written until the vault is reopened."""

    code = "vault_stopped"
    http_status = 507
    fr = "Le disque a refusé d'enregistrer : le coffre n'écrit plus rien jusqu'à sa réouverture."
    en = "The disk refused to save: the vault writes nothing more until it is reopened."
    hint_fr = "Vérifiez le disque, puis « ameli lock » et « ameli unlock »."
    hint_en = "Check the disk, then `ameli lock` and `ameli unlock`."


class VaultKeyGone(VaultError):
    """Neither the header nor its copy is there, but data are: without a header nobody can read them."""

    code = "vault_key_gone"
    exit_code = 1
    http_status = 409
    fr = "Le fichier de clé du coffre a disparu : ni « header » ni « header-copy » dans {folder}."
    en = "The vault's key file is gone: neither “header” nor “header-copy” is in {folder}."
    hint_fr = ("Remettez l'un des deux depuis une sauvegarde, ou reprenez tout : « ameli restore FICHIER » dans un "
               "dossier vide. Sans lui, nul ne peut lire ce coffre ; n'effacez rien.")
    hint_en = ("Put one of them back from a backup, or take everything from one: `ameli restore FILE` into an empty "
               "home. Without it nobody can read this vault; delete nothing.")


class MarkMissing(VaultError):
    """Told, not raised: the note of how far the vault had come is not there, so a lost end would go unnoticed."""

    code = "mark_missing"
    fr = "Cette machine n'a pas noté jusqu'où allait ce coffre : rien ne dit s'il est complet."
    en = "This machine has no note of how far this vault had come: nothing says whether it is complete."
    hint_fr = ("Normal si vous venez de l'apporter ici ; sinon quelqu'un a retiré cette note : comparez avec une "
               "sauvegarde, puis « ameli sync --full ».")
    hint_en = ("To be expected if you have just brought it here; else somebody removed that note: compare with a "
               "backup, then `ameli sync --full`.")


class DataMissing(VaultError):
    """Told, not raised: a damaged vault was opened without what could not be read. Its facts are of a `Loss`."""

    code = "vault_loss"
    fr = "Le coffre était abîmé : {how_fr}{when_fr}. Tout le reste est là."
    en = "The vault was damaged: {how_en}{when_en}. Everything else is here."
    hint_fr = ("La prochaine synchronisation relit tout ce que le service montre encore. Ce que vous seul aviez donné "
               "ces jours-là (brouillons, contrat, notes, fichiers importés) est à revoir ou à réimporter ; ce qui "
               "avait été effacé alors peut être revenu.")
    hint_en = ("The next sync reads again all that the service still shows. What only you gave in those days (drafts, "
               "contract, notes, imported files) is to be looked over or imported again; what was removed then may be "
               "back.")

    def __init__(self, missing: int, total: int, *, exact: bool, days: list[tuple[str | None, str | None]]) -> None:
        """``days``: first and last ISO day of each stretch, None where nothing tells."""
        super().__init__(
            how_fr=f"{'' if exact else 'au moins '}{missing} enregistrement{'s' if missing > 1 else ''} sur {total} "
                   f"{'sont perdus' if missing > 1 else 'est perdu'}",
            how_en=f"{'' if exact else 'at least '}{missing} of {total} saved changes {'are' if missing > 1 else 'is'} "
                   "lost",
            when_fr=_listed(days, "le {day}", "entre le {since} et le {until}", "depuis le {since}",
                            "avant le {until}", " et ", ", de la période : ", french=True),
            when_en=_listed(days, "on {day}", "between {since} and {until}", "since {since}", "before {until}",
                            " and ", ", written ", french=False),
        )


def _listed(
    days: list[tuple[str | None, str | None]], single: str, both: str, since: str, until: str, joint: str, start: str,
    *, french: bool,
) -> str:
    """The stretches in words; nothing when nothing is known of them."""
    def day(text: str) -> str:
        return "/".join(reversed(text.split("-"))) if french else text

    spans = []
    for first, last in days:
        if first and last:
            spans.append(single.format(day=day(first)) if first == last
                         else both.format(since=day(first), until=day(last)))
        elif first or last:
            spans.append(since.format(since=day(first)) if first else until.format(until=day(last or "")))
    return start + joint.join(spans) if spans else ""


class TransactionBroken(VaultError):
    """A part of this transaction failed and its error was ignored: the whole was given up."""

    code = "transaction_broken"
    http_status = 500
    fr = "Une partie de l'enregistrement a échoué : rien n'a été enregistré."
    en = "A part of the change failed: nothing was saved."


class BlobMissing(VaultError):
    """The vault holds no document under this name."""

    code = "blob_missing"
    http_status = 404
    fr = "Ce document n'est pas dans le coffre."
    en = "This document is not in the vault."
    hint_fr = "Demandez-le à nouveau : « ameli documents »."
    hint_en = "Ask for it again: `ameli documents`."
