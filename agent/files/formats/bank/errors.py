"""Why a bank file is not taken in."""

from agent.errors import AmeliError


class BankFileUnreadable(AmeliError):
    """A file that begins as a bank's and does not hold what it should."""

    code = "bank_file_unreadable"
    http_status = 422
    fr = "Ce relevé de banque ne peut pas être lu : {why_fr}. Rien n'en a été gardé."
    en = "This bank statement cannot be read: {why_en}. Nothing of it was kept."
    hint_fr = "Téléchargez-le de nouveau au format OFX, ou CSV, sans l'ouvrir dans un tableur."
    hint_en = "Download it again as OFX, or CSV, without opening it in a spreadsheet."


class ColumnsAsked(BankFileUnreadable):
    """A table of which nothing proves which column is what: the person is asked."""

    code = "bank_columns_asked"
    hint_fr = ("« ameli import --preview FICHIER » montre ses colonnes ; dites-les à partir de 1 : « ameli import"
               " FICHIER --columns day=1,label=2,amount=4 ». C'est retenu pour cette banque.")
    hint_en = ("`ameli import --preview FILE` shows its columns; say them, from 1: `ameli import FILE --columns"
               " day=1,label=2,amount=4`. It is kept for that bank.")


class DayOrderAsked(BankFileUnreadable):
    """A table whose days can be read in two orders: the person is asked."""

    code = "bank_day_order_asked"
    hint_fr = ("Dites-le : « ameli import FICHIER --columns order=day-month » (03/06 est le 3 juin) ou order=month-day"
               " (le 6 mars),"
               " après les autres colonnes si vous les dites aussi. C'est retenu pour cette banque.")
    hint_en = ("Say it: `ameli import FILE --columns order=day-month` (03/06 is 3 June) or order=month-day (6 March)."
               " Put it behind the other columns if you say them too. It is kept for that bank.")


class NoBankFile(BankFileUnreadable):
    """A table of days and numbers in which nothing is a bank's, nor about health: of no kind that is read here."""

    code = "unknown_file"
    hint_fr = ("Si c'est pourtant un relevé de banque, dites ses colonnes : « ameli import FICHIER --columns"
               " day=1,label=2,amount=4 ».")
    hint_en = ("If it is a bank statement all the same, say its columns: `ameli import FILE --columns"
               " day=1,label=2,amount=4`.")
