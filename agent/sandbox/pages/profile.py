"""The personal details page, in the markup of 2019-2023 and of 2025."""

from starlette.requests import Request
from starlette.responses import Response

from agent.sandbox.model import Person
from agent.sandbox.pages.markup import member_page, page_link, window
from agent.sandbox.pages.words import esc, number_key, slashed, spaced_number
from agent.sandbox.server.state import Service, Session


def _identity(person: Person, mark: str, shape: str) -> str:
    name, born = esc(person.first_name), slashed(person.birth_date)
    # Programs of 2019-2023 read table cells, those of 2025 only the classes: a table serves both.
    if shape == "2025":
        inner = (f'<div class="blocNomPrenom"><span class="nom">{name}</span> '
                 f'<span class="dateNaissance">{born}</span></div>')
    else:
        inner = (f'<table class="blocNomPrenom"><tbody><tr><td class="nom">{name}</td>'
                 f'<td class="dateNaissance"><span>{born}</span></td></tr></tbody></table>')
    return f'<button type="button" {mark}>{inner}</button>'


def _pair(label: str, value: str, attributes: str = "", note: str = "") -> str:
    return (f'<div{attributes}><div class="infoGauche">{label}</div><div class="infoDroite"><span>{esc(value)}</span>'
            f"{note}</div></div>")


def _of_october_2025(person: Person, phones: list[tuple[str, str]], address: str) -> str:
    """The markup that programs of October 2025 read, in a template: a browser shows the page once only."""
    (_, mobile), (_, landline) = phones
    return (
        '<template><ul id="pageAssure"><li><button type="button" id="idAssure">'
        f'<span class="NomEtPrenomLabel">{esc(person.first_name)} {esc(person.last_name)}</span>'
        f'<div class="dateNaissance">{slashed(person.birth_date)}</div></button></li>'
        f'<li><span class="infoGauche">Adresse postale</span><span><span>{esc(address)}</span></span></li>'
        f'<li><span id="phone-portable">{esc(mobile)}</span></li>'
        f'<li><div class="infoGauche">Téléphone fixe</div><a><span>{esc(landline)}</span></a></li></ul></template>'
    )


def masked(phone: str) -> str:
    """``06 •• •• •• 12``: the service hides the middle since 2023."""
    digits = phone.replace(" ", "")
    return f"{digits[:2]} ** ** ** {digits[-2:]}" if len(digits) >= 4 else ""


async def page(service: Service, request: Request, session: Session) -> Response:
    """``as_info_perso_page``, later ``as_info_perso_book``."""
    household, shape = service.household, service.options.profile
    insured, *others = household.persons
    number = f"{spaced_number(household.nir)} {number_key(household.nir)}"
    edit = f' title="Modifier mon adresse postale" onclick="window.location.href=\'{page_link("as_adresse_postale")}\'"'
    note = '<span class="invisible">Cet élément est modifiable</span>' if shape == "2025" else ""
    phones = [("Téléphone portable", household.mobile), ("Téléphone fixe", household.phone)]
    if shape != "2023":
        phones = [(label, masked(phone)) for label, phone in phones]
    rows = "".join(_pair(label, phone) for label, phone in phones if phone)
    bank = _pair("Coordonnées bancaires", f"{household.iban[:4]} **** {household.iban[-3:]}") if household.iban else ""
    newest = _of_october_2025(insured, phones, ' '.join(household.address)) if shape == "both" else ""
    family = "".join(
        f'<div class="pageBeneficiaire"><span class="NomEtPrenomLabel">{esc(person.first_name)} '
        f"{esc(person.last_name)}</span>"
        + _identity(person, 'class="idBeneficiaire"', shape) + "</div>"
        for person in others
    )
    body = (
        '<h1>Mes informations personnelles</h1><div id="pageAssure">'
        f'<span class="NomEtPrenomLabel">{esc(insured.first_name)} {esc(insured.last_name)}</span>'
        + _identity(insured, 'id="idAssure"', shape)
        + f'<p>Numéro de sécurité sociale : <span class="blocNumSecu">{number}</span></p>'
        f"{_pair('Adresse postale', ' '.join(household.address), edit.replace('&', '&amp;'), note)}"
        f"{rows}{_pair('Adresse e-mail', household.email)}{bank}"
        f"{_pair('Organisme de rattachement', household.cpam)}</div>"
        f'<div id="pageBeneficiaires">{family}</div>{newest}'
    )
    return member_page("Mes informations", insured.first_name, window(body), service.options)
