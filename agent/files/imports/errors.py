"""Why a file is not taken in."""


from agent.errors import AmeliError, NeedsPerson
from agent.protocol.problems import Problem


class EmptyFile(AmeliError):
    """A file of no bytes."""

    code = "empty_file"
    http_status = 422
    fr = "Ce fichier est vide."
    en = "This file is empty."
    hint_fr = "Téléchargez-le de nouveau."
    hint_en = "Download it again."


class UnknownFile(AmeliError):
    """A file of no kind that is read here."""

    code = "unknown_file"
    http_status = 422
    fr = ("Ce fichier n'est ni un relevé (PDF), ni une session enregistrée (HAR), ni un relevé de banque"
          " (OFX, CSV, camt.053, MT940, QIF, XLSX, ODS).")
    en = ("This file is neither a statement (PDF), nor a recorded session (HAR), nor a bank statement"
          " (OFX, CSV, camt.053, MT940, QIF, XLSX, ODS).")
    hint_fr = ("Vérifiez que c'est bien le fichier téléchargé, sans conversion. Un relevé de banque se télécharge en"
               " OFX ou CSV ; une session s'enregistre en HAR par le navigateur (F12, Réseau) ; ceux de la caisse"
               " sont des PDF. Un autre texte en colonnes : « ameli import --preview FICHIER », puis --columns.")
    hint_en = ("Check that it is the file as it was downloaded, without conversion. A bank statement is downloaded as"
               " OFX or CSV; a session is saved as HAR by the browser (F12, Network); statements of the fund are PDF."
               " Another text in columns: `ameli import --preview FILE`, then --columns.")


class OtherFormat(UnknownFile):
    """A file of a bank or a spreadsheet whose form is not read here."""

    fr = "Ce fichier est au format {form}, qui n'est pas lu ici."
    en = "This file is in the form {form}, which is not read here."
    hint_fr = "Si c'est un relevé de banque, téléchargez-le au format OFX ou CSV, ou enregistrez-le en XLSX."
    hint_en = "If it is a bank statement, download it as OFX or CSV, or save it as XLSX."


class PictureFile(UnknownFile):
    """A photograph or a picture of a screen."""

    fr = "Ce fichier est une image : rien n'y est lu."
    en = "This file is a picture: nothing is read of it."
    hint_fr = ("Téléchargez le relevé lui-même : en PDF sur le compte ameli, en OFX ou CSV à la banque. Une image se"
               " joint à une démarche ou à un message.")
    hint_en = ("Download the statement itself: as PDF from the ameli account, as OFX or CSV from the bank. A picture"
               " can be attached to a request or a message.")


class WebPageFile(UnknownFile):
    """A page saved by a browser, often in place of the file that was meant."""

    fr = "Ce fichier est une page web enregistrée, pas le fichier lui-même."
    en = "This file is a saved web page, not the file itself."
    hint_fr = ("La session avait peut-être expiré : reconnectez-vous au site, téléchargez de nouveau. Pour enregistrer"
               " une session entière : F12, Réseau, tout enregistrer en HAR.")
    hint_en = ("The session may have ended: sign in to the site and download again. To record a whole session: F12,"
               " Network, save all as HAR.")


class NoColumnsHere(AmeliError):
    """Columns were said of a file whose form tells them itself."""

    code = "no_columns_here"
    http_status = 422
    fr = "Les colonnes ne se disent que d'un fichier texte en colonnes (CSV) : celui-ci n'en est pas un."
    en = "Columns are said of a text in columns (CSV) only: this file is none."
    hint_fr = "Importez-le sans --columns ; un classeur s'enregistre en CSV."
    hint_en = "Import it without --columns; a workbook can be saved as CSV."


class LockedWorkbook(UnknownFile):
    """A workbook that a password protects."""

    fr = "Ce classeur est protégé par un mot de passe."
    en = "This workbook is locked by a password."
    hint_fr = "Enregistrez-le sans mot de passe, ou téléchargez le relevé au format OFX ou CSV."
    hint_en = "Save it without its password, or download the statement as OFX or CSV."


class TooLargeFile(AmeliError):
    """A file of more bytes than are read."""

    code = "file_too_large"
    http_status = 422
    fr = "Ce fichier est trop grand ({megabytes} Mo au plus)."
    en = "This file is too large ({megabytes} MB at most)."
    hint_fr = "Enregistrez la session en plusieurs fois, ou exportez une période plus courte."
    hint_en = "Record the session in parts, or export a shorter period."


class OtherPersonsStatement(AmeliError):
    """A statement of another insured person."""

    code = "other_account"
    http_status = 422
    fr = "Ce relevé est celui d'un autre assuré : rien n'en a été pris."
    en = "This statement is of another insured person: nothing of it was taken."
    hint_fr = "Un coffre garde un seul compte. Donnez à l'autre le sien : AMELI_HOME=AUTRE_DOSSIER ameli."
    hint_en = "A vault keeps one account. Give the other one its own: AMELI_HOME=OTHER_FOLDER ameli."


class SeemsOthers(AmeliError):
    """What a file shows of persons and payments is another account's, though no number says so."""

    code = "other_account"
    http_status = 422
    fr = "{what_fr} montre d'autres personnes ou d'autres paiements que ce compte : rien n'en a été pris."
    en = "{what_en} shows other persons or other payments than this account: nothing of it was taken."
    hint_fr = ("Un coffre garde un seul compte : à l'autre le sien, AMELI_HOME=AUTRE_DOSSIER ameli. Si c'est pourtant "
               "le vôtre : ameli import --mine FICHIER.")
    hint_en = ("A vault keeps one account: give the other one its own, AMELI_HOME=OTHER_FOLDER ameli. If it is yours "
               "all the same: ameli import --mine FILE.")


class WhoseIsIt(NeedsPerson):
    """Nothing tells for certain whose a file is: the person is asked. Facts are counts, never names."""

    code = "whose_is_it"
    http_status = 409
    fr = "{what_fr} : est-ce bien de ce compte ? Rien n'en a encore été pris : {why_fr}."
    en = "{what_en}: is it of this account? Nothing of it was taken yet: {why_en}."
    hint_fr = "Si oui : ameli import --mine FICHIER. Sinon, retirez ce fichier d'ici."
    hint_en = "If it is: ameli import --mine FILE. If not, take the file away from here."


class SaidOthers(AmeliError):
    """The person said that a file is not of this account."""

    code = "said_other_account"
    http_status = 422
    fr = "Vous avez dit que ce fichier n'est pas de ce compte : rien n'en a été pris."
    en = "You said that this file is not of this account: nothing of it was taken."
    hint_fr = "Si c'était une erreur : ameli import --mine FICHIER."
    hint_en = "If that was a mistake: ameli import --mine FILE."


class NotTaken(AmeliError):
    """A mistake of ours met a file. The log holds it in full; the file is left alone until it changes."""

    code = "import_failed"
    http_status = 500
    fr = "Ce fichier n'a pas pu être lu : le programme y a rencontré une erreur imprévue. Rien n'en a été pris."
    en = "This file could not be read: the program met an unforeseen error in it. Nothing of it was taken."
    hint_fr = "« ameli agent logs » la montre ; les autres fichiers ne sont pas concernés."
    hint_en = "`ameli agent logs` shows it; other files are not affected."


class UnreadableFile(AmeliError):
    """The system does not let a file of the watched folder be read."""

    code = "file_unreadable"
    http_status = 422
    fr = "Ce fichier ne peut pas être lu : {reason}."
    en = "This file cannot be read: {reason}."
    hint_fr = "Vérifiez ses droits, ou retirez-le de ce dossier."
    hint_en = "Check its permissions, or take it out of that folder."


class NotDeleted(AmeliError):
    """A file was taken in and lies there still, although it was to be deleted."""

    code = "not_deleted"
    http_status = 422
    fr = "Ce fichier a été importé, mais n'a pas pu être supprimé ({reason}). Il peut contenir votre mot de passe."
    en = "This file was taken in but could not be deleted ({reason}). It may hold your password."
    hint_fr = ("Supprimez-le vous-même. Si l'agent est un service du système : « ameli agent install » lui rouvre ce "
               "dossier.")
    hint_en = "Delete it yourself. If the agent is a system service: `ameli agent install` opens that folder to it."


class FolderGone(AmeliError):
    """The watched folder cannot be listed."""

    code = "import_folder_gone"
    http_status = 422
    fr = "Le dossier surveillé ne peut pas être lu : {folder} ({reason})."
    en = "The watched folder cannot be read: {folder} ({reason})."
    hint_fr = "Recréez-le, ou choisissez-en un autre : ameli config set import.folder DOSSIER."
    hint_en = "Make it again, or choose another: ameli config set import.folder FOLDER."


class RecordingLeft(AmeliError):
    """A recorded session was taken in and lies there still, with the password in it."""

    code = "recording_left"
    http_status = 422
    fr = "Cette session enregistrée a été importée et contient votre mot de passe."
    en = "This recorded session was taken in and holds your password."
    hint_fr = "Supprimez ce fichier, ou lancez « ameli config set import.after delete »."
    hint_en = "Delete that file, or run `ameli config set import.after delete`."


class BadArchive(AmeliError):
    """A ZIP that is not opened, or not to its end."""

    code = "bad_archive"
    http_status = 422
    fr = "Cette archive ZIP n'a pas été importée : {why_fr}."
    en = "This ZIP archive was not taken in: {why_en}."
    hint_fr = "Ouvrez-la vous-même et importez les fichiers qu'elle contient."
    hint_en = "Open it yourself and import the files in it."


class InArchive(AmeliError):
    """A problem of one file in a ZIP."""

    http_status = 422

    def __init__(self, name: str, problem: AmeliError) -> None:
        super().__init__()
        self._name, self._problem = name, problem

    def message(self, lang: str) -> str:
        """What happened, after the name of the file."""
        return f"{self._name}{' :' if lang == 'fr' else ':'} {self._problem.message(lang)}"

    def hint(self, lang: str) -> str:
        """The file's own hint."""
        return self._problem.hint(lang)

    def problem(self) -> Problem:
        """As it travels, under the file's own code."""
        return {**super().problem(), "code": self._problem.code, "exit": self._problem.exit_code}
