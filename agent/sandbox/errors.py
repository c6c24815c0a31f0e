"""What can go wrong with the stand-in itself."""

from agent.errors import AmeliError


class BadOption(AmeliError):
    """An option or a value the stand-in does not know."""

    code = "sandbox_option"
    exit_code = 2
    fr = "Option du bac à sable non reconnue : {name}. Valeurs possibles : {allowed}."
    en = "Unknown sandbox option or value: {name}. Possible: {allowed}."
    hint_fr = "Voir « ameli sandbox serve --help »."
    hint_en = "See `ameli sandbox serve --help`."


class BadFault(AmeliError):
    """A fault specification that cannot be read."""

    code = "sandbox_fault"
    exit_code = 2
    fr = "Panne non reconnue : {spec}. Pannes possibles : {allowed}."
    en = "Unknown fault: {spec}. Possible: {allowed}."
    hint_fr = "Exemple : --faults latency=0.2,500=0.1,truncate=paiements.do"
    hint_en = "Example: --faults latency=0.2,500=0.1,truncate=paiements.do"


class PortBusy(AmeliError):
    """The port asked for is taken."""

    code = "sandbox_port"
    exit_code = 1
    fr = "Le port {port} est déjà pris."
    en = "Port {port} is already taken."
    hint_fr = "Choisissez-en un autre avec --port, ou --port 0."
    hint_en = "Choose another one with --port, or --port 0."


class PortRefused(AmeliError):
    """The system keeps the port asked for to itself."""

    code = "sandbox_port"
    exit_code = 1
    fr = "Le système ne donne pas le port {port} à ce compte."
    en = "The system does not give port {port} to this account."
    hint_fr = "Choisissez-en un à partir de 1024 avec --port, ou --port 0."
    hint_en = "Choose one from 1024 on with --port, or --port 0."


class NotAnnounced(AmeliError):
    """Nobody could be told where the stand-in listens."""

    code = "output"
    exit_code = 1
    fr = "L'adresse du bac à sable n'a pas pu être écrite : {reason}."
    en = "The sandbox's address could not be written: {reason}."
    hint_fr = "Vérifiez où mène la sortie standard."
    hint_en = "Check where standard output leads."
