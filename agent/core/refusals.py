"""What the agent's process itself can refuse, before any room behind it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.errors import AmeliError, system_errors

if TYPE_CHECKING:
    from config.settings import SettingsError


class BadRequest(AmeliError):
    """A call that makes no sense. ``what`` never repeats what was sent."""

    code = "bad_request"
    exit_code = 2
    fr = "Demande mal formée : {what_fr}."
    en = "Malformed request: {what}."
    hint_fr = "Vérifiez la commande avec --help."
    hint_en = "Check the command with --help."

    def __init__(self, *, what: str, fr: str = "") -> None:
        """``fr``: the same in French, wherever a person's command can lead to it."""
        super().__init__(what=what, what_fr=fr or what)


class DaysReversed(AmeliError):
    """A first day later than the last one: no day lies between."""

    code = "days_reversed"
    exit_code = 2
    fr = "Le premier jour ({since}) vient après le dernier ({until})."
    en = "The first day ({since}) is later than the last one ({until})."
    hint_fr = "Échangez --since et --until."
    hint_en = "Swap --since and --until."


class UnknownKind(AmeliError):
    """A kind of payment that the service does not use."""

    code = "unknown_kind"
    exit_code = 2
    fr = "Ce genre de paiement n'existe pas ; connus : {known}."
    en = "There is no such kind of payment; known: {known}."
    hint_fr = "Écrivez le mot du service en entier."
    hint_en = "Write the service's word in full."


class NoSample(AmeliError):
    """There is no anonymised copy of that page."""

    code = "no_sample"
    http_status = 404
    fr = "Il n'y a pas de copie anonymisée de la page « {page} »."
    en = "There is no anonymised copy of the page “{page}”."
    hint_fr = "Une copie existe pendant 30 jours pour une page qui ne se lit plus : « ameli doctor » les nomme."
    hint_en = "A copy exists for 30 days for a page that no longer reads: `ameli doctor` names them."


class NoSuchCall(AmeliError):
    """A path the agent does not know."""

    code = "no_such_call"
    http_status = 404
    fr = "L'agent ne connaît pas cette demande."
    en = "The agent does not know this call."
    hint_fr = "Le client et l'agent ont peut-être deux versions : « ameli agent restart »."
    hint_en = "Client and agent may be of two versions: `ameli agent restart`."


class AgentOutdated(AmeliError):
    """The client speaks a newer protocol."""

    code = "agent_outdated"
    http_status = 426
    fr = "L'agent en marche est d'une version plus ancienne que cette commande."
    en = "The running agent is older than this command."
    hint_fr = "Lancez « ameli agent restart »."
    hint_en = "Run `ameli agent restart`."


class ClientOutdated(AmeliError):
    """The client speaks an older protocol: it may read, not write."""

    code = "client_outdated"
    http_status = 409
    fr = "Cette commande est d'une version plus ancienne que l'agent en marche."
    en = "This command is older than the running agent."
    hint_fr = "Fermez ce programme et relancez-le."
    hint_en = "Close this program and start it again."


class Internal(AmeliError):
    """A fault of ours; the details are in the agent's log."""

    code = "internal"
    http_status = 500
    fr = "L'agent a rencontré une erreur imprévue."
    en = "The agent met an unforeseen error."
    hint_fr = "Le détail est dans « ameli agent logs »."
    hint_en = "The details are in `ameli agent logs`."


class StartRefused(AmeliError):
    """The process cannot take its place. ``status`` is the process's exit code."""

    status = 78


class AlreadyRunning(StartRefused):
    """Another agent serves this home."""

    code = "already_running"
    status = 75
    fr = "Un agent sert déjà ce dossier."
    en = "An agent already serves this home."
    hint_fr = "« ameli agent status » dit lequel."
    hint_en = "`ameli agent status` says which."


class UnsafeFolder(StartRefused):
    """The socket's folder is not ours alone."""

    code = "unsafe_folder"
    status = 77
    fr = "Le dossier {folder} n'est pas sûr : {why_fr}."
    en = "The folder {folder} is not safe: {why_en}."
    hint_fr = "Il doit vous appartenir et n'être ouvert qu'à vous : chmod 700."
    hint_en = "It must be yours and open to you alone: chmod 700."


class BadListenSocket(StartRefused):
    """The service manager handed over something that is not our socket."""

    code = "bad_listen_socket"
    status = 78
    fr = "Le gestionnaire de services a transmis une prise inattendue."
    en = "The service manager handed over an unexpected socket."
    hint_fr = "Réinstallez le service : « ameli agent install »."
    hint_en = "Install the service again: `ameli agent install`."


class PathTooLong(StartRefused):
    """This system cannot bind a socket that far down."""

    code = "path_too_long"
    status = 78
    fr = "Le chemin {folder} est trop long pour une prise sur ce système."
    en = "The path {folder} is too long for a socket on this system."
    hint_fr = "Choisissez un AMELI_HOME plus court."
    hint_en = "Choose a shorter AMELI_HOME."


class FolderUnusable(StartRefused):
    """A folder or file of the home cannot be made or opened."""

    code = "folder_unusable"
    status = 77
    fr = "{folder} n'est pas utilisable : {reason_fr}."
    en = "{folder} cannot be used: {reason_en}."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"

    def __init__(self, folder: object, error: OSError) -> None:
        super().__init__(folder=folder, **system_errors.keeping_facts(error))


class BadSettings(StartRefused):
    """The settings file cannot be used."""

    code = "settings"
    status = 78
    fr = "Les réglages ne sont pas utilisables : {reason_fr}"
    en = "The settings cannot be used: {reason_en}"
    hint_fr = "Corrigez le fichier, puis relancez ; rien n'est perdu."
    hint_en = "Correct the file, then start again; nothing is lost."

    @classmethod
    def of(cls, error: SettingsError) -> BadSettings:
        """The same as the agent tells it: with the command that mends it, since a failed start is told in one line."""
        fr, en = (f" Pour corriger : « {error.cure} ».", f" To mend it: `{error.cure}`.") if error.cure else ("", "")
        return cls(reason_fr=error.fr + fr, reason_en=error.en + en)


class BackupTooLarge(AmeliError):
    """Told, not raised: one backup alone (``size`` MiB) is larger than all together may be (``most``)."""

    code = "backup_too_large"
    http_status = 507
    fr = "Une seule sauvegarde prend {size} Mio, et le réglage en accorde {most} : seule la dernière est gardée."
    en = "One backup alone takes {size} MiB, and the setting allows {most}: only the last one is kept."
    hint_fr = "Accordez-leur plus : « ameli config set backup.max_mib NOMBRE »."
    hint_en = "Allow them more: `ameli config set backup.max_mib NUMBER`."


class BackupIncomplete(AmeliError):
    """Told, not raised: ``count`` documents were damaged in the vault already."""

    code = "backup_incomplete"
    http_status = 500
    fr = "Documents abîmés dans le coffre, donc absents de la dernière sauvegarde : {count}."
    en = "Documents damaged in the vault, so not in the last backup: {count}."
    hint_fr = "Une sauvegarde plus ancienne les a peut-être : « ameli backup --list »."
    hint_en = "An older backup may have them: `ameli backup --list`."


class NoSuchBackup(AmeliError):
    """No backup was prepared, or it was fetched already."""

    code = "no_such_backup"
    http_status = 404
    fr = "Cette sauvegarde n'est plus là."
    en = "That backup is no longer there."
    hint_fr = "Recommencez : « ameli backup FICHIER »."
    hint_en = "Try again: `ameli backup FILE`."


class BackgroundFault(AmeliError):
    """Work that nobody waited for ended on a mistake of ours."""

    code = "background_fault"
    http_status = 500
    fr = "Une erreur imprévue a interrompu un travail de l'agent."
    en = "An unforeseen error ended some work of the agent."
    hint_fr = "Le journal dit tout : « ameli agent logs »."
    hint_en = "The log tells all of it: `ameli agent logs`."
