"""What can be wrong with a file."""

from agent.errors import AmeliError


class UnreadablePaper(AmeliError):
    """A file that cannot be joined to anything: damaged, protected, or made to do harm."""

    code = "bad_paper"
    http_status = 422
    fr = "« {name} » ne peut pas être joint : {why_fr}."
    en = "“{name}” cannot be attached: {why_en}."
    hint_fr = "{do_fr}. Rien n'a été envoyé, rien n'est perdu."
    hint_en = "{do_en}. Nothing was sent, nothing is lost."


class UnknownFormat(AmeliError):
    """An export in a format that nobody makes."""

    code = "unknown_format"
    exit_code = 2
    fr = "Ce format d'export n'existe pas ; connus : {known}."
    en = "There is no such export format; known: {known}."
    hint_fr = "Lancez « ameli export --help »."
    hint_en = "Run `ameli export --help`."


class TooManyRows(AmeliError):
    """More than a sheet has room for: left out silently they would be lost."""

    code = "too_many_rows"
    http_status = 422
    fr = "Une feuille de ce classeur aurait plus de {most} lignes, plus que le format n'en permet."
    en = "A sheet of this workbook would have more than {most} rows, more than the format allows."
    hint_fr = "Exportez une année à la fois (--year), ou en csv."
    hint_en = "Export a year at a time (--year), or as csv."


class UnknownPerson(AmeliError):
    """An export about somebody whom the account does not know, or more than one it knows."""

    code = "unknown_person"
    exit_code = 2
    fr = "Ce nom ne désigne pas une personne du compte, ou plusieurs ; connues : {known}."
    en = "That name is nobody of the account, or several people; known: {known}."
    hint_fr = "Écrivez le nom comme dans « ameli profile »."
    hint_en = "Write the name as `ameli profile` does."


class BadNaming(AmeliError):
    """A naming template that cannot be followed."""

    code = "bad_naming"
    exit_code = 2
    fr = "Ce modèle de nom ne convient pas : {why_fr}."
    en = "This naming template does not do: {why_en}."
    hint_fr = "Champs connus : {known}."
    hint_en = "Known fields: {known}."
