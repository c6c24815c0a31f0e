"""Bringing a request oneself: the page to open, the answers to copy in the order of the form, what to do then. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from agent.procedures.answers import Answers, Value
from agent.procedures.field_types import BIC, COUNTRY, GROUP, IBAN, MONTH, NIR, PHONE
from agent.procedures.identifiers.countries import countries
from agent.procedures.identifiers.nir import BadNir, read_nir
from agent.procedures.model import NOTHING, AnyField, Both, Place, Procedure, World
from agent.procedures.summary import mask
from agent.protocol import requests

SERVICE = "https://assure.ameli.fr"
_PAGE = "/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel="
MESSAGES_PAGE = "as_messages_recus_page"
"""Where messages to advisers are written."""
_SIGN_IN = Both("Ouvrez la page et connectez-vous vous-même : le programme n'y va pas.",
                "Open the page and sign in yourself: the program does not go there.")
_COPY = Both("Recopiez les réponses une à une, dans cet ordre.", "Copy the answers one by one, in this order.")
_JOIN = Both("Joignez les pièces : elles sont dans le dossier (PDF).", "Add the papers: they are in the file (PDF).")
_POST = Both("Imprimez le dossier (PDF), signez la lettre et envoyez-le ; gardez une copie.",
             "Print the file (PDF), sign the letter and send it; keep a copy.")
_THEN = Both("Puis notez l'envoi (« J'ai envoyé ») : les délais courent et l'accusé de réception est reconnu.",
             "Then note that you sent it (“I sent it”): the clocks run, and the acknowledgement is recognised.")
_YES, _NO = "Oui", "Non"


class Copied(NamedTuple):
    """One answer as the service's form wants it typed."""

    field: str
    """Its path: ``iban``, ``children[0].last_name``; ``nir.key`` is the key of ``nir``."""
    label: Both
    value: str
    secret: bool = False

    def json(self) -> requests.Copied:
        """As it is listed: a secret with its last signs only."""
        return {"field": self.field, "label_fr": self.label.fr, "label_en": self.label.en, "secret": self.secret,
                "value": mask(self.value) if self.secret else self.value}


def page_of(label: str, base: str = SERVICE) -> str:
    """The address of a page of the account."""
    return base.rstrip("/") + _PAGE + label


def place_of(declared: Procedure, values: Answers, world: World, base: str = SERVICE) -> Place:
    """Where the person takes the request. ``base``: the address of the account service."""
    if declared.place is not None:
        return declared.place(values, world)
    if declared.page is not None:
        return Place("page", page_of(declared.page, base), declared.title)
    return by_post(fund_of(values, world))


def by_post(fund: Both) -> Place:
    """The fund, by post."""
    return Place("post", None, fund)


def fund_of(values: Answers, world: World) -> Both:
    """The fund that the account names; else that of the postcode declared."""
    named = world.profile.get("cpam")
    if named:
        return Both(named, named)
    code = str(values.get("postcode") or "")
    if code:
        part = code[:3] if code.startswith(("97", "98")) else code[:2]
        return Both(f"Caisse primaire d'assurance maladie (CPAM), département {part}",
                    f"The fund (CPAM) of your place of residence, département {part}")
    return Both("Caisse primaire d'assurance maladie (CPAM)",
                "The fund (CPAM) of your place of residence")


def steps(place: Place, papers: bool) -> tuple[Both, ...]:
    """What the person does, in order."""
    if place.kind == "post":
        where = Both("L'adresse de la caisse se demande au 36 46, ou en anglais au 09 74 75 36 46.",
                     "Ask 36 46 for the fund's address, or 09 74 75 36 46 in English.")
        return (_POST, where, _THEN)
    sign_in = _SIGN_IN if place.kind == "page" else Both(
        "Ouvrez ce site vous-même : le programme n'y va pas.",
        "Open this site yourself: the program does not go there.")
    return (sign_in, _COPY, *((_JOIN,) if papers else ()), _THEN)


def copied(declared: Procedure, values: Answers) -> list[Copied]:
    """The answers in the order of the questions, each as a form takes it: days as 31/12/2026, numbers unspaced."""
    return _all(declared.fields, values, "", NOTHING)


def _all(fields: Iterable[AnyField], values: Answers, path: str, head: Both) -> list[Copied]:
    copies: list[Copied] = []
    for field in fields:
        value = values.get(field.name)
        if value is None or value in ("", []):
            continue
        label = Both(head.fr + field.label.fr, head.en + field.label.en)
        if field.kind is GROUP:
            for number, item in enumerate(values.group(field.name)):
                inner = Both(f"{label.fr} {number + 1}, ", f"{label.en} {number + 1}, ")
                copies += _all(field.fields, item, f"{path}{field.name}[{number}].", inner)
        elif field.kind is NIR:
            copies += _number(field, str(value), path, label)
        else:
            copies.append(Copied(path + field.name, label, _typed(field, value), field.secret))
    return copies


def _number(field: AnyField, value: str, path: str, label: Both) -> list[Copied]:
    """The service's forms have one box for the thirteen signs and one for the key."""
    try:
        read = read_nir(value)
    except BadNir:
        return [Copied(path + field.name, label, value, field.secret)]
    number = Copied(path + field.name, label, read.number, field.secret)
    key = Copied(f"{path}{field.name}.key", Both(f"{label.fr} : clé", f"{label.en}: key"), read.key, field.secret)
    return [number, key] if read.key else [number]


def _typed(field: AnyField, value: Value) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list):
        return ", ".join(_chosen(field, str(part)) for part in value)
    text = str(value)
    if field.kind is MONTH:
        return "/".join(reversed(text.split("-")))
    if field.kind is COUNTRY:
        return countries().get(text, (text, ""))[0]
    if field.kind in (IBAN, BIC):
        return "".join(text.split())
    if field.kind is PHONE:
        return re.sub(r"^\+33(?=\d{9}$)", "0", text)  # the form takes a French number as its ten digits
    return _chosen(field, text)


def _chosen(field: AnyField, value: str) -> str:
    """A choice in French; whatever is no choice as it is."""
    return next((choice.label.fr for choice in field.choices if choice.value == value), value)
