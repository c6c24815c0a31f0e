"""What the engine refuses to price, and what is nearest to it. It never guesses."""

from agent.errors import AmeliError


class UnknownAct(AmeliError):
    """The tables do not know the code."""

    code = "unknown_act"
    fr = "L'acte « {act} » n'est pas dans les tables ; les plus proches : {nearest}."
    en = "The act “{act}” is not in the tables; the nearest: {nearest}."
    hint_fr = "Donnez le code court imprimé sur le relevé (G, CS, PH7…), plusieurs joints par « + »."
    hint_en = "Give the short code printed on the statement (G, CS, PH7…), several joined by “+”."


class UnlikeAnyAct(UnknownAct):
    """Nor is any code like it."""

    fr = "L'acte « {act} » n'est pas dans les tables, et aucun code connu ne lui ressemble."
    en = "The act “{act}” is not in the tables, and no known code is like it."


class UnknownDate(AmeliError):
    """The tables say nothing about that day."""

    code = "unknown_date"
    fr = "Rien n'est connu pour « {act} » le {day} ; le jour connu le plus proche : {nearest}."
    en = "Nothing is known for “{act}” on {day}; the nearest known day: {nearest}."
    hint_fr = "Choisissez un autre jour ; si seul le tarif manque, donnez la base du relevé dans « base »."
    hint_en = "Choose another day; if only the tariff is missing, give the statement's base in “base”."


class NotKnownYet(UnknownDate):
    """The law says something else from a day on, and what it says was not found."""

    fr = "« {act} » : une autre valeur vaut depuis le {changed} ({what_fr}) ; elle n'est pas encore connue ici."
    en = "“{act}”: another value holds since {changed} ({what_en}); it is not known here yet."
    hint_fr = "Le dernier jour connu est le {nearest} ; pour plus tard, demandez à votre caisse."
    hint_en = "The last known day is {nearest}; for later ones ask your fund."


class BaseNeeded(AmeliError):
    """The code covers acts of many tariffs, and the price does not tell which."""

    code = "base_needed"
    fr = "« {act} » couvre des actes de tarifs différents : il manque la base de remboursement. Connus : {nearest}."
    en = "“{act}” covers acts of different tariffs: the base is missing. Known: {nearest}."
    hint_fr = "Donnez la base imprimée sur le relevé ou le devis dans « base »."
    hint_en = "Give the base printed on the statement or the quote in “base”."


class NotPriced(AmeliError):
    """The facts give no rule for this combination."""

    code = "not_priced"
    fr = "Aucune règle connue pour « {act} » dans cette situation : {fr}."
    en = "No rule is known for “{act}” in this situation: {en}."
    hint_fr = "Demandez à votre caisse."
    hint_en = "Ask your fund."


class BadEstimate(AmeliError):
    """The description of the care cannot be read."""

    code = "bad_estimate"
    exit_code = 2
    fr = "La description des soins est inutilisable : champ « {field} » ({fr})."
    en = "The description of the care cannot be used: field “{field}” ({en})."
    hint_fr = 'Exemple : {{"act": "G", "on": "2026-11-23", "price": "30"}}.'
    hint_en = 'Example: {{"act": "G", "on": "2026-11-23", "price": "30"}}.'
