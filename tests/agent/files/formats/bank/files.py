"""Bank statements as banks write them, for tests: from the same movements to each layout."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

Movement = tuple[date, Decimal, str]


def french(amount: Decimal, group: str = " ") -> str:
    whole, cents = f"{abs(amount):,.2f}".split(".")
    return ("-" if amount < 0 else "") + whole.replace(",", group) + "," + cents


def two(amount: Decimal) -> tuple[str, str]:
    """Debit and credit."""
    return (french(amount), "") if amount < 0 else ("", french(amount))


def boursobank(moves: Sequence[Movement]) -> bytes:
    rows = ["dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel"]
    rows += [f'{on};{on};"{label}";x;y;z;{french(a, "")};;00012345;COMPTE' for on, a, label in moves]
    return ("\ufeff" + "\n".join(rows)).encode()


def credit_agricole(moves: Sequence[Movement]) -> bytes:
    head = ["Téléchargement du 23/11/2026;", "", "M. DURAND;", "Compte de Dépôt carte n° 123456;",
            "Solde au 23/11/2026 1 000,00 €", "", "Date;Libellé;Débit euros;Crédit euros;"]
    rows = [f'{on:%d/%m/%Y};"{label.replace(" ", chr(10), 1)}  ";{two(a)[0].lstrip("-")};{two(a)[1]};'
            for on, a, label in moves]
    return "\r\n".join(head + rows).encode("cp1252")


def credit_mutuel(moves: Sequence[Movement]) -> bytes:
    rows = ["Date;Date de valeur;Débit;Crédit;Libellé;Solde"]
    rows += [f"{on:%d/%m/%Y};{on:%d/%m/%Y};{two(a)[0]};{two(a)[1]};{label};1000,00" for on, a, label in moves]
    return "\r\n".join(rows).encode("cp1252")


def banque_populaire(moves: Sequence[Movement]) -> bytes:
    rows = ["Date de comptabilisation;Libelle simplifie;Libelle operation;Reference;Informations complementaires;"
            "Type operation;Categorie;Sous categorie;Debit;Credit;Date operation;Date de valeur;Pointage operation"]
    rows += [f"{on:%d/%m/%Y};{label[:20]};{label};R;{label};V;c;s;{two(a)[0]};{'+' + two(a)[1] if a > 0 else ''};"
             f"{on:%d/%m/%Y};{on:%d/%m/%Y};0" for on, a, label in moves]
    return "\n".join(rows).encode()


def la_banque_postale(moves: Sequence[Movement]) -> bytes:
    rows = ["Numéro Compte   :;1234567A020", "Type            :;CCP", "Compte tenu en  :;euros",
            "Date            :;23/11/2026", "Solde (EUROS)   :;1000,00", "", "Date;Libellé;Montant(EUROS)"]
    rows += [f'{on:%d/%m/%Y};"{label}";{french(a, "")}' for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def bnp(moves: Sequence[Movement]) -> bytes:
    rows = ["Compte de chèques;Compte de chèques;****1234;23/11/2026;;1 000,00"]
    rows += [f"{on:%d/%m/%Y};VIREMENT RECU;VIREMENT;{label};;{french(a)}" for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def n26(moves: Sequence[Movement]) -> bytes:
    rows = ['"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name",'
            '"Amount (EUR)"']
    rows += [f'{on},{on},"{label}",,Credit,"","Main",{a}' for on, a, label in moves]
    return "\n".join(rows).encode()


def societe_generale(moves: Sequence[Movement]) -> bytes:
    rows = ['="0012345";01/01/2026;23/11/2026;', "",
            "Date de l'opération;Libellé;Détail de l'écriture;Montant de l'opération;Devise"]
    rows += [f"{on:%d/%m/%Y};{label[:12]};{label};{french(a)};EUR" for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def qonto(moves: Sequence[Movement]) -> bytes:
    rows = ["Statut;Date de la valeur (UTC);Date de l'opération (UTC);Montant total (TTC);Débit;Crédit;Solde;Devise;"
            "Nom de la contrepartie;Méthode de paiement"]
    rows += [f"Exécuté;{on:%d-%m-%Y} 09:00:00;{on:%d-%m-%Y} 08:00:00;{french(a, '')};{two(a)[0]};{two(a)[1]};1,00;EUR;"
             f"{label};Virement" for on, a, label in moves]
    return "\n".join(rows).encode()


def fortuneo(moves: Sequence[Movement]) -> bytes:
    rows = ["Date opération;Date valeur;libellé;Débit;Crédit;"]
    rows += [f"{on:%d/%m/%Y};{on:%d/%m/%Y};{label};{two(a)[0]};{two(a)[1]};" for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def revolut(moves: Sequence[Movement]) -> bytes:
    rows = ["Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance"]
    rows += [f'TRANSFER,Current,{on} 10:00:00,{on} 10:00:00,"{label}",{a},0.00,EUR,COMPLETED,100.00'
             for on, a, label in moves]
    return "\n".join(rows).encode()


CSV_LAYOUTS: tuple[Callable[[Sequence[Movement]], bytes], ...] = (
    boursobank, credit_agricole, credit_mutuel, banque_populaire, la_banque_postale, bnp, n26, societe_generale,
    qonto, fortuneo, revolut)


def ofx_old(moves: Sequence[Movement], account: str = "FR7612345", span: tuple[date, date] | None = None) -> bytes:
    since, until = span or (min(on for on, *_ in moves), max(on for on, *_ in moves))
    rows = "".join(
        f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>{on:%Y%m%d}\n<TRNAMT>{a}\n<FITID>{n}\n<NAME>{label[:32]}\n"
        f"<MEMO>{label[32:]}\n</STMTTRN>\n".replace("<MEMO>\n", "") for n, (on, a, label) in enumerate(moves))
    return (
        "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n<OFX>\n"
        f"<BANKMSGSRSV1>\n<STMTTRNRS>\n<STMTRS>\n<CURDEF>EUR\n<BANKACCTFROM>\n<BANKID>1\n<ACCTID>{account}\n"
        f"</BANKACCTFROM>\n<BANKTRANLIST>\n<DTSTART>{since:%Y%m%d}\n<DTEND>{until:%Y%m%d}120000\n{rows}</BANKTRANLIST>\n"
        "</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n").encode("cp1252")


def ofx_new(moves: Sequence[Movement], account: str = "FR7612345") -> bytes:
    rows = "".join(
        f"<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>{on:%Y%m%d}</DTPOSTED><TRNAMT>{french(a, '')}</TRNAMT>"
        f"<FITID>{n}</FITID><NAME>{label.replace('&', '&amp;')}</NAME></STMTTRN>"
        for n, (on, a, label) in enumerate(moves))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?><OFX><BANKMSGSRSV1><STMTTRNRS>'
        f"<STMTRS><CURDEF>EUR</CURDEF><BANKACCTFROM><ACCTID>{account}</ACCTID></BANKACCTFROM><BANKTRANLIST>{rows}"
        "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>").encode()
