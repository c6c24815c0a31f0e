"""What can go wrong with a backup, as a person should hear it."""

from agent.vault.errors import DiskRefused, VaultError, VaultExists


class NotABackup(VaultError):
    """The ``file`` is no backup of a vault."""

    code = "not_a_backup"
    http_status = 422
    fr = "« {file} » n'est pas une sauvegarde."
    en = "“{file}” is no backup."
    hint_fr = "Donnez un fichier fait par « ameli backup » ; rien n'a été modifié."
    hint_en = "Give a file that `ameli backup` made; nothing was changed."


class BackupDamaged(VaultError):
    """A backup's ``file`` is not what was written: cut, changed, or put together from two. Nothing was changed."""

    code = "backup_damaged"
    http_status = 422
    fr = "La sauvegarde « {file} » est abîmée ou incomplète : rien n'en a été repris."
    en = "The backup “{file}” is damaged or not whole: nothing of it was taken."
    hint_fr = "Copiez-la à nouveau depuis son origine, ou prenez-en une autre : « ameli backup --list » les montre."
    hint_en = "Copy it again from where it came, or take another one: `ameli backup --list` shows them."


class BackupUnreadable(DiskRefused):
    """The system refused to read a backup (``file``)."""

    code = "backup_unreadable"
    http_status = 422
    fr = "Lecture impossible de la sauvegarde {file} : {reason_fr}."
    en = "The backup {file} cannot be read: {reason_en}."
    hint_fr = ("Vérifiez son nom et ses droits. L'agent installé comme service ne voit pas /tmp : mettez le fichier "
               "dans votre dossier personnel.")
    hint_en = ("Check its name and its permissions. The agent installed as a service does not see /tmp: put the file "
               "into your home folder.")


class BackupFailed(DiskRefused):
    """The system refused to write a backup into ``folder``. The vault itself is as it was."""

    code = "backup_failed"
    http_status = 507
    fr = "Pas de sauvegarde dans {folder} : {reason_fr}. Le coffre lui-même va bien."
    en = "No backup in {folder}: {reason_en}. The vault itself is well."
    hint_fr = "{cure_fr} Puis « ameli backup », ou un autre dossier : « ameli config set backup.folder DOSSIER »."
    hint_en = "{cure_en} Then `ameli backup`, or another folder: `ameli config set backup.folder FOLDER`."


class RestoredCopy(VaultError):
    """Told, not raised: the vault came from a backup ``made`` that day, and sends nothing until the person says so."""

    code = "restored_copy"
    http_status = 409
    fr = "Ce coffre vient de la sauvegarde du {made_fr} : rien n'est envoyé, vos demandes attendent."
    en = "This vault comes from the backup of {made}: nothing is sent, your requests wait."
    hint_fr = ("Ce qui attend est peut-être déjà parti depuis : regardez « ameli procedures requests », reprenez ce "
               "qu'il faut, puis « ameli unlock --accept-older ».")
    hint_en = ("What waits may have left since then: look at `ameli procedures requests`, take back what you must, "
               "then `ameli unlock --accept-older`.")

    def __init__(self, made: str) -> None:
        """``made``: ISO moment."""
        super().__init__(made=made[:10], made_fr="/".join(reversed(made[:10].split("-"))))


class HomeNotEmpty(VaultExists):
    """A backup cannot come back where a vault, or what is left of one, is already: ``folder``."""

    code = "vault_exists"
    fr = "Une sauvegarde revient dans un dossier sans coffre ; il y en a un dans {folder}."
    en = "A backup comes back where there is no vault; there is one in {folder}."
    hint_fr = ("Rien n'a été touché. Restaurez ailleurs (AMELI_HOME=DOSSIER ameli restore FICHIER), ou arrêtez l'agent "
               "et donnez d'abord un autre nom à ce dossier.")
    hint_en = ("Nothing was touched. Restore elsewhere (AMELI_HOME=FOLDER ameli restore FILE), or stop the agent and "
               "first give that folder another name.")
