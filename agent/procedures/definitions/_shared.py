"""What several declarations have in common: whom to ask when it does not work, papers, stages, prefilled answers."""

from datetime import date
from decimal import Decimal

from agent.procedures.deadlines.days import age_on, amount
from agent.procedures.model import NOTHING, Both, Choice, Paper, When, World

HOTLINE = Both(
    "36 46, du lundi au vendredi (au moins de 8 h 30 à 17 h, selon le département ; service gratuit + prix d'un "
    "appel).",
    "36 46, Monday to Friday (at least 8:30 to 17:00, it varies by département; free service, price of a call).")
ENGLISH = Both("En anglais : 09 74 75 36 46, du lundi au vendredi de 8 h 30 à 17 h 30.",
               "In English: 09 74 75 36 46, Monday to Friday, 8:30 to 17:30.")
ABROAD = Both("Depuis l'étranger : +33 1 84 90 36 46.", "From abroad: +33 1 84 90 36 46.")
POST = Both("Par courrier à la caisse (CPAM) de votre domicile, avec le dossier préparé ici.",
            "By post to the fund (CPAM) of your place of residence, with the file prepared here.")
FALLBACKS = (HOTLINE, ENGLISH, POST)
RECEIPT = Both("Un accusé de réception arrive dans la messagerie du compte.",
               "An acknowledgement arrives in the account's inbox.")
UPDATE_CARD = Both("Mettez à jour la carte Vitale sur une borne (pharmacie, caisse, hôpital).",
                   "Update the health card at a terminal (pharmacy, fund, hospital).")
MEANWHILE = Both("En attendant, présentez l'attestation de droits (« ameli attestation ») ; sinon payez et gardez les "
                 "feuilles de soins.",
                 "Meanwhile show the entitlement certificate (`ameli attestation`); otherwise pay and keep the care "
                 "forms (feuilles de soins).")
DONE = (("received", Both("Demande reçue", "Request received")),
        ("checked", Both("Demande vérifiée", "Request checked")),
        ("done", Both("Demande enregistrée", "Request recorded")))
"""Stages in this program's words: the service publishes none."""
CARD = (("received", Both("Demande reçue", "Request received")),
        ("checked", Both("Pièces vérifiées", "Papers checked")),
        ("production", Both("Carte en fabrication", "Card being made")),
        ("sent", Both("Carte envoyée par courrier", "Card posted")))
_EPOCH = date(2026, 1, 1)
"""The day whose sizes the declarations carry."""
UPLOAD_MOST = amount("procedures.upload_most", _EPOCH)


def identity(needed: When | bool = True, whose: Both = NOTHING) -> Paper:
    """The identity document, both sides."""
    return Paper(
        "identity", Both(f"Pièce d'identité{whose.fr}", f"Identity document{whose.en}"),
        Both("Carte d'identité, passeport, titre de séjour ou permis de conduire : recto et verso.",
             "Identity card, passport, residence permit or driving licence: both sides."),
        most_bytes=UPLOAD_MOST, needed=needed, several=2, source="CNAM-DS3")


def portrait(advice: Both, needed: When | bool = True) -> Paper:
    """The photograph of a health card."""
    return Paper("photo", Both("Photographie d'identité", "Portrait photograph"), advice, formats=("jpeg", "png"),
                 most_bytes=UPLOAD_MOST, photo=True, needed=needed, source="PHOTO-GUIDES")


def rib(needed: When | bool = True) -> Paper:
    """The account's slip."""
    return Paper("rib", Both("RIB", "RIB (bank details slip)"),
                 Both("Relevé d'identité bancaire au nom du titulaire.", "Bank details slip in the holder's name."),
                 most_bytes=UPLOAD_MOST, needed=needed, source="F737")


def paper(name: str, fr: str, en: str, help_fr: str = "", help_en: str = "", *, needed: When | bool = True,
          several: int = 1, source: str = "") -> Paper:
    """A document within the sizes the fund's own upload takes."""
    return Paper(name, Both(fr, en), Both(help_fr, help_en), most_bytes=UPLOAD_MOST, needed=needed, several=several,
                 source=source)


def choices(*values: tuple[str, str, str]) -> tuple[Choice, ...]:
    """Choices from ``(value, French, English)``."""
    return tuple(Choice(value, Both(fr, en)) for value, fr, en in values)


def holder(world: World) -> str | None:
    """The insured person's name, proposed as the answer."""
    return world.people[0] if world.people else None


def label(listed: tuple[Choice, ...], value: str) -> str:
    """The French label of a choice, for letters."""
    return next((choice.label.fr for choice in listed if choice.value == value), value)


def inline(text: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def euros(amount: Decimal) -> str:
    """An amount as French letters write it."""
    return f"{amount:.2f} €".replace(".", ",")


def day(value: date) -> str:
    """A day as French letters write it."""
    return f"{value:%d/%m/%Y}"


def age(name: str, world: World) -> int | None:
    """The age today of a person of the account, when the birthday is known."""
    born = world.born(name)
    return None if born is None else age_on(born, world.today)


def postcode_of(world: World) -> str | None:
    """The postcode of the address the account shows."""
    for line in reversed(world.profile.get("address") or ()):
        head = line.split(" ", 1)[0]
        if len(head) == 5 and head.isdigit():
            return head
    return None


def departement(postcode: str) -> str:
    """The département of a postcode: two digits, three overseas."""
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]
