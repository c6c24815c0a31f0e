"""Personal details: the insured person and the family, in both known markups."""

from __future__ import annotations

import re

from agent.account import Beneficiary, Profile, clean_text
from agent.concurrency.reader_threads import outside
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.navigation import Session
from agent.portal.pages.html import Node, Tree, attribute, classes, every, first, parse, text
from agent.portal.pages.parsing import day, words
from agent.portal.pages.selectors import ProfilePage
from config.fold import fold

_CHANGEABLE = re.compile(r"\s*Cet élément est modifiable\.?\s*", re.IGNORECASE)
_CITY = re.compile(r"\b(\d{5}\s+\D{2,})$")
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}")


async def fetch_profile(session: Session) -> Profile:
    """Read the page of personal details: one request, two where only its older address is known."""
    newer, older = ProfilePage.labels
    try:
        return await session.page(newer, ProfilePage.page, read_profile)
    except (PortalChanged, ServerFault):
        return await session.page(older, ProfilePage.page, read_profile)


@outside
def read_profile(tree: Tree) -> Profile:
    """Read either markup. Raises PortalChanged when the number or the name is missing."""
    number = re.sub(r"[^0-9AB]", "", text(ProfilePage.number.require(tree, ProfilePage.page)).upper()[-40:])
    if len(number) not in (13, 15):
        raise PortalChanged(page=ProfilePage.page, missing=ProfilePage.number.name)
    names = [name for node in ProfilePage.full_names.all(tree) if (name := text(node, 200))]
    if not names:
        raise PortalChanged(page=ProfilePage.page, missing=ProfilePage.full_names.name)
    facts = _facts(tree)
    people = _people(tree, names)
    return Profile(
        nir=number[:13], name=names[0], birth_date=next((one.birth_date for one in people if one.insured), None),
        address=_address(tree, facts), email=_email(facts), cpam=_fact(facts, "caisse", "cpam", "organisme"),
        phones={name: value for name, node in facts.items() if "téléphone" in name.lower() and (value := text(node))},
        beneficiaries=tuple(people),
    )


def _people(tree: Tree, names: list[str]) -> list[Beneficiary]:
    """The insured person first, then the others, by their full name where the page gives it."""
    people: dict[str, Beneficiary] = {}
    left = list(names)
    for node in every(tree, ProfilePage.people):
        born = day(text(ProfilePage.born.find(node)))
        name = text(ProfilePage.first_name.find(node), 200)
        if not name:
            continue
        insured = _inside(node, "idAssure")
        if (full := next((full for full in left if _same(full, name)), None)) is not None:
            left.remove(full)
            name = full
        people.setdefault(name, Beneficiary(name=name, birth_date=born, insured=insured))
    if not any(one.insured for one in people.values()):
        born = day(text(first(tree, "#idAssure .dateNaissance", "#pageAssure .dateNaissance")))
        people = {names[0]: Beneficiary(name=names[0], birth_date=born, insured=True)} | people
    for name in left:
        people.setdefault(name, Beneficiary(name=name))
    return sorted(people.values(), key=lambda person: not person.insured)


def _same(full: str, short: str) -> bool:
    return set(fold(short).split()) <= set(fold(full).split())


def _inside(node: Node, key: str) -> bool:
    at: Node | None = node
    while at is not None:
        if attribute(at, "id") == key:
            return True
        at = at.parent
    return False


def _facts(tree: Tree) -> dict[str, Node]:
    """Label → value node, from ``infoGauche`` / ``infoDroite`` pairs."""
    facts = {}
    for label in tree.css(ProfilePage.labels_of_facts):
        at = label.next
        while at is not None and (not at.tag or at.tag.startswith("-")):
            at = at.next
        if at is not None and ProfilePage.fact_value in classes(at):
            facts[text(label, 100).rstrip(" :")] = at
    return facts


def _fact(facts: dict[str, Node], *marks: str) -> str | None:
    for name, node in facts.items():
        if any(mark in name.lower() for mark in marks) and (value := text(node)):
            return value
    return None


def _email(facts: dict[str, Node]) -> str | None:
    address = _EMAIL.search(_fact(facts, "mail", "électronique", "courriel") or "")
    return address[0] if address else None


def _address(tree: Tree, facts: dict[str, Node]) -> tuple[str, ...]:
    node = next((node for name, node in facts.items() if "adresse postale" in name.lower()), None)
    if node is None:
        node = first(tree, *ProfilePage.address)
    if node is None:
        return ()
    marked = re.sub(r"<br\s*/?>|</(?:p|div|span|li)>", "\n", node.html or "", flags=re.IGNORECASE)
    body = parse(marked).body
    lines = [words(line) for line in (body.text() if body is not None else "").splitlines()]
    address = [kept for line in lines if (kept := _CHANGEABLE.sub("", line).strip())]
    if len(address) == 1 and (city := _CITY.search(address[0])) and city.start():
        address = [address[0][: city.start()].strip(" ,"), city[1]]
    return tuple(clean_text(line, 200) for line in address)
