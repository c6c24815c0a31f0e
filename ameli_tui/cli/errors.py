"""What a command itself can refuse, before or after asking the agent."""

from __future__ import annotations

from agent.errors import AmeliError, NeedsPerson, NotUnlocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


class WrongUsage(AmeliError):
    """The command line makes no sense."""

    code = "usage"
    exit_code = 2
    fr = "{reason}"
    en = "{reason}"
    hint_fr = "Lancez « {prog} --help »."
    hint_en = "Run `{prog} --help`."


class Locked(NotUnlocked):
    """The vault is locked and nobody can be asked for the passphrase."""

    code = "locked"
    fr = "Le coffre est verrouillé."
    en = "The vault is locked."
    hint_fr = "Lancez « ameli unlock », ou donnez --passphrase-file FICHIER (ou AMELI_PASSPHRASE_FILE)."
    hint_en = "Run `ameli unlock`, or give --passphrase-file FILE (or AMELI_PASSPHRASE_FILE)."


class NoAccountYet(NeedsPerson):
    """Nobody signed in yet, so that nothing can have been read."""

    code = "no_account"
    fr = "Aucun compte n'est encore connu."
    en = "No account is known yet."
    hint_fr = "Lancez « ameli login », ou « ameli import » pour des relevés que vous avez."
    hint_en = "Run `ameli login`, or `ameli import` for statements you have."


class PassphraseFileUnreadable(NotUnlocked):
    """The file that should hold the passphrase cannot be used."""

    code = "passphrase_file"
    fr = "Le fichier de phrase secrète {path} est illisible : {reason}."
    en = "The passphrase file {path} cannot be read: {reason}."
    hint_fr = "Il doit contenir la phrase secrète, en UTF-8, sur sa première ligne."
    hint_en = "It holds the passphrase, in UTF-8, on its first line."


class SecretNotText(AmeliError):
    """What was typed without echo is no UTF-8."""

    code = "secret_not_text"
    fr = "Ce qui a été tapé n'est pas du texte UTF-8 : le terminal a un autre jeu de caractères."
    en = "What was typed is no UTF-8 text: the terminal has another character set."
    hint_fr = "Mettez le terminal en UTF-8, ou donnez --passphrase-file FICHIER ; rien n'a changé."
    hint_en = "Set the terminal to UTF-8, or give --passphrase-file FILE; nothing has changed."


class PersonNeeded(NeedsPerson):
    """Something only a person knows is missing and there is no terminal to ask on."""

    code = "person_needed"
    fr = "Il manque une information que vous seul connaissez : {what}."
    en = "Something only you know is missing: {what}."
    hint_fr = "Lancez la commande dans un terminal, ou donnez {option}."
    hint_en = "Run the command in a terminal, or give {option}."


class PassphrasesDiffer(AmeliError):
    """The new passphrase was typed two ways."""

    code = "passphrases_differ"
    fr = "Les deux saisies de la nouvelle phrase secrète diffèrent."
    en = "The new passphrase was not typed the same way twice."
    hint_fr = "Recommencez ; rien n'a changé."
    hint_en = "Try again; nothing has changed."


class AgentSilent(AmeliError):
    """The agent did not start."""

    code = "agent_start"
    fr = "L'agent n'a pas démarré : {fr}."
    en = "The agent did not start: {en}."
    hint_fr = "Lisez « ameli agent logs », puis essayez « ameli agent run » pour le voir travailler."
    hint_en = "Read `ameli agent logs`, then try `ameli agent run` to watch it work."


class BadSettings(AmeliError):
    """The settings file or a value for it cannot be used."""

    code = "settings"
    fr = "Les réglages ne sont pas utilisables : {reason}"
    en = "The settings cannot be used: {reason}"
    hint_fr = "« ameli config show » montre chaque réglage ; « ameli config path » dit où est le fichier."
    hint_en = "`ameli config show` lists every setting; `ameli config path` says where the file is."


class SettingRefused(AmeliError):
    """A value that a setting does not take; nothing was written."""

    code = "settings"
    fr = "Réglage refusé : {reason}"
    en = "Setting refused: {reason}"
    hint_fr = "Rien n'a été changé. « ameli config show » donne l'unité et les bornes de chaque réglage."
    hint_en = "Nothing was changed. `ameli config show` gives the unit and the bounds of every setting."


class SettingsNotSaved(AmeliError):
    """The settings file cannot be written; it is as it was."""

    code = "settings_not_saved"
    fr = "Les réglages n'ont pas pu être enregistrés dans {path} : {why_fr}."
    en = "The settings could not be saved in {path}: {why_en}."
    hint_fr = "Rien n'a changé. {cure_fr}"
    hint_en = "Nothing has changed. {cure_en}"


class BadCareFile(AmeliError):
    """The description of the care given to ``ameli estimate`` cannot be read."""

    code = "care_file"
    exit_code = 2
    fr = "La description des soins {path} est illisible : {reason}."
    en = "The description of the care {path} cannot be read: {reason}."
    hint_fr = "Elle contient un objet JSON ou une liste ; « ameli estimate --help » montre un exemple."
    hint_en = "It holds one JSON object or a list; `ameli estimate --help` shows an example."


class NoCare(AmeliError):
    """Nothing was given to ``ameli estimate``."""

    code = "care_file"
    exit_code = 2
    fr = "Aucune description de soins n'est arrivée : il n'y a rien {place}."
    en = "No description of care came: there is nothing {place}."
    hint_fr = "Elle contient un objet JSON ou une liste ; « ameli estimate --help » montre un exemple."
    hint_en = "It holds one JSON object or a list; `ameli estimate --help` shows an example."


class BadAnswersFile(AmeliError):
    """The answers given to ``ameli procedures start`` cannot be read."""

    code = "answers_file"
    exit_code = 2
    fr = "Le fichier de réponses {path} est illisible : {reason}."
    en = "The answers in {path} cannot be read: {reason}."
    hint_fr = "Il contient un objet JSON, un champ par réponse ; « ameli procedures show NOM » les liste."
    hint_en = "It holds one JSON object, a field for each answer; `ameli procedures show NAME` lists them."


class UnreadableFile(AmeliError):
    """A file named on the command line cannot be read."""

    code = "unreadable_file"
    fr = "Le fichier {path} est illisible : {why_fr}."
    en = "The file {path} cannot be read: {why_en}."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"

    def __init__(self, *, path: Path | str, reason: str | OSError) -> None:
        """``reason``: the system's refusal, or what the file should be, in one word like “UTF-8”."""
        from agent.errors.system_errors import reading_cure, why

        if isinstance(reason, OSError):
            texts, cure = why(reason), reading_cure(reason)
        else:
            texts, cure = (reason, reason), ("Enregistrez-le sous cette forme.", "Save it in that form.")
        super().__init__(path=path, why_fr=texts[0], why_en=texts[1], cure_fr=cure[0], cure_en=cure[1])


class FileTooLarge(AmeliError):
    """A file named on the command line is larger than what is read."""

    code = "file_too_large"
    fr = "Le fichier {path} est trop gros : {most} au plus."
    en = "The file {path} is too large: {most} at most."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"

    def __init__(self, *, path: Path | str, most: str, parts: bool) -> None:
        """``most``: what is read, in words. ``parts``: a file to import, which can be made in several."""
        cures = (
            ("Enregistrez la session en plusieurs fois, ou exportez une période plus courte : plusieurs fichiers "
             "s'importent l'un après l'autre.",
             "Record the session in parts, or export a shorter period: several files can be imported one after the "
             "other.") if parts else
            ("Numérisez-le avec une résolution plus basse, ou en plusieurs fichiers.",
             "Scan it at a lower resolution, or as several files."))
        super().__init__(path=path, most=most, cure_fr=cures[0], cure_en=cures[1])


class NoAnswer(AmeliError):
    """The terminal ended where an answer was awaited (Ctrl-D, a closed window)."""

    code = "no_answer"
    fr = "Aucune réponse n'a été donnée : l'entrée s'est arrêtée là."
    en = "No answer was given: the input ended there."
    hint_fr = "Rien n'a changé ; relancez la commande."
    hint_en = "Nothing has changed; run the command again."


class AnswerUnreadable(AmeliError):
    """What was typed on the terminal is not UTF-8."""

    code = "answer_unreadable"
    fr = "Ce qui a été tapé n'est pas de l'UTF-8 et ne peut pas être lu."
    en = "What was typed is not UTF-8 and cannot be read."
    hint_fr = "Réglez votre terminal sur UTF-8, puis recommencez ; rien n'a changé."
    hint_en = "Set your terminal to UTF-8, then try again; nothing has changed."


class InputClosed(AmeliError):
    """Standard input cannot be read."""

    code = "input"
    fr = "L'entrée standard ne peut pas être lue : {why_fr}."
    en = "Standard input cannot be read: {why_en}."
    hint_fr = "Donnez un fichier, ou lancez la commande dans un terminal."
    hint_en = "Give a file, or run the command in a terminal."


class AnswerNotWritten(AmeliError):
    """Standard output took no answer, or not all of it."""

    code = "output"
    fr = "La réponse n'a pas pu être écrite en entier : {why_fr}."
    en = "The answer could not be written whole: {why_en}."
    hint_fr = "Vérifiez où mène la sortie standard ; la commande peut être relancée."
    hint_en = "Check where standard output leads; the command can be run again."


class FolderGone(AmeliError):
    """The current folder was removed."""

    code = "folder_gone"
    fr = "Le dossier où vous êtes n'existe plus."
    en = "The folder you are in no longer exists."
    hint_fr = "Allez dans un autre dossier (« cd »), puis recommencez."
    hint_en = "Go to another folder (`cd`), then try again."


class SystemRefused(AmeliError):
    """The system refused something that no more fitting error tells of."""

    code = "system"
    fr = "Le système a refusé : {why_fr}{place}."
    en = "The system refused: {why_en}{place}."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"


class Unforeseen(AmeliError):
    """A fault of our own."""

    code = "unforeseen"
    fr = "Ce programme a rencontré une erreur imprévue ({name})."
    en = "This program met an unforeseen error ({name})."
    hint_fr = "Signalez-la avec ce que vous faisiez ; AMELI_DEBUG=1 montre où{where_fr}."
    hint_en = "Report it with what you were doing; AMELI_DEBUG=1 shows where{where_en}."


class NotADemoHome(AmeliError):
    """The folder given to ``ameli demo`` holds something else."""

    code = "not_a_demo_home"
    fr = "Le dossier {home} contient déjà autre chose qu'une démonstration."
    en = "The folder {home} already holds something other than a demo."
    hint_fr = "Choisissez un dossier vide ou qui n'existe pas encore."
    hint_en = "Choose an empty folder, or one that does not exist yet."


class OtherDemo(AmeliError):
    """The folder holds a demo made with other choices."""

    code = "other_demo"
    fr = "Le dossier {home} contient une démonstration faite avec d'autres choix ({known})."
    en = "The folder {home} holds a demo made with other choices ({known})."
    hint_fr = "Choisissez un autre dossier, ou omettez --seed, --years et --payments."
    hint_en = "Choose another folder, or leave out --seed, --years and --payments."


class DemoFailed(AmeliError):
    """A part of the demo did not start."""

    code = "demo_failed"
    fr = "La démonstration n'a pas pu démarrer : {reason}."
    en = "The demo could not start: {reason}."
    hint_fr = "Le journal du portail de démonstration est dans {log}."
    hint_en = "The demo portal's log is {log}."


class NothingToStop(AmeliError):
    """``ameli demo --stop`` on a folder without a demo."""

    code = "no_demo"
    fr = "Il n'y a pas de démonstration dans {home}."
    en = "There is no demo in {home}."
    hint_fr = "Donnez le dossier choisi au départ avec --home."
    hint_en = "Give the folder chosen at the start with --home."


class Interrupted(AmeliError):
    """Ctrl-C."""

    code = "interrupted"
    exit_code = 130
    fr = "Interrompu."
    en = "Interrupted."
    hint_fr = "Rien n'a été fait à moitié : vous pouvez relancer la commande."
    hint_en = "Nothing was left half done: the command can be run again."


class NoSuchImport(AmeliError):
    """No file was taken in under that id."""

    code = "no_such_import"
    http_status = 404
    fr = "Aucun fichier importé ne porte cet identifiant."
    en = "No file that was taken in has that id."
    hint_fr = "« ameli import --list » les montre : donnez au moins quatre caractères de l'identifiant."
    hint_en = "`ameli import --list` shows them: give at least four characters of the id."


class SeveralImports(AmeliError):
    """The beginning of an id means several files, or is too short to mean one."""

    code = "several_imports"
    fr = "Ce début d'identifiant ne désigne pas un seul fichier."
    en = "That beginning of an id does not mean one file alone."
    hint_fr = "« ameli import --list » les montre : donnez-en davantage."
    hint_en = "`ameli import --list` shows them: give more of it."


class NoFiles(AmeliError):
    """The folders given hold nothing that could be taken in."""

    code = "no_files"
    fr = "Ce dossier ne contient aucun fichier à importer (PDF, HAR, OFX, CSV, camt.053, MT940, QIF, XLSX, ODS)."
    en = "This folder holds no file to import (PDF, HAR, OFX, CSV, camt.053, MT940, QIF, XLSX, ODS)."
    hint_fr = "Donnez le fichier lui-même s'il s'appelle autrement."
    hint_en = "Name the file itself if it is called otherwise."
