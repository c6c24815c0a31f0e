"""What a command itself can refuse, before or after asking the agent."""

from agent.errors import AmeliError


class WrongUsage(AmeliError):
    """The command line makes no sense."""

    code = "usage"
    exit_code = 2
    fr = "{reason}"
    en = "{reason}"
    hint_fr = "Lancez « {prog} --help »."
    hint_en = "Run `{prog} --help`."


class Locked(AmeliError):
    """The vault is locked and nobody can be asked for the passphrase."""

    code = "locked"
    exit_code = 3
    fr = "Le coffre est verrouillé."
    en = "The vault is locked."
    hint_fr = "Lancez « ameli unlock », ou donnez --passphrase-file FICHIER (ou AMELI_PASSPHRASE_FILE)."
    hint_en = "Run `ameli unlock`, or give --passphrase-file FILE (or AMELI_PASSPHRASE_FILE)."


class PassphraseFileUnreadable(AmeliError):
    """The file that should hold the passphrase cannot be used."""

    code = "passphrase_file"
    exit_code = 3
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


class PersonNeeded(AmeliError):
    """Something only a person knows is missing and there is no terminal to ask on."""

    code = "person_needed"
    exit_code = 5
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


class FileExists(AmeliError):
    """The file to write is there already."""

    code = "file_exists"
    fr = "Le fichier {path} existe déjà."
    en = "The file {path} exists already."
    hint_fr = "Choisissez un autre nom, ou ajoutez --force pour le remplacer."
    hint_en = "Choose another name, or add --force to replace it."


class CannotWrite(AmeliError):
    """The file to write cannot be written."""

    code = "cannot_write"
    fr = "Impossible d'écrire {path} : {reason}."
    en = "{path} cannot be written: {reason}."
    hint_fr = "Vérifiez que le dossier existe et qu'il vous appartient."
    hint_en = "Check that the folder exists and is yours."


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


class BadCareFile(AmeliError):
    """The description of the care given to ``ameli estimate`` cannot be read."""

    code = "care_file"
    exit_code = 2
    fr = "La description des soins {path} est illisible : {reason}."
    en = "The description of the care {path} cannot be read: {reason}."
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
    """A file named on the command line cannot be read, or is too large."""

    code = "unreadable_file"
    fr = "Le fichier {path} est illisible : {reason}."
    en = "The file {path} cannot be read: {reason}."
    hint_fr = "Vérifiez son nom et vos droits ; rien n'a été envoyé."
    hint_en = "Check its name and your rights; nothing was sent."


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


class NoFiles(AmeliError):
    """The folders given hold nothing that could be taken in."""

    code = "no_files"
    fr = "Ce dossier ne contient aucun fichier à importer (PDF, HAR, OFX, CSV)."
    en = "This folder holds no file to import (PDF, HAR, OFX, CSV)."
    hint_fr = "Donnez le fichier lui-même s'il s'appelle autrement."
    hint_en = "Name the file itself if it is called otherwise."
