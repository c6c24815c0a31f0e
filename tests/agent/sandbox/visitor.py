"""A person in front of the sandbox: asks pages, fills forms, reads codes. Knows nothing of the connector."""

import re
from dataclasses import dataclass
from datetime import date

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from agent.sandbox.model import Household, Person, SandboxPayment
from agent.sandbox.server.app import Sandbox
from tests.agent.sandbox.household import NIR, PASSWORD

BASE = "http://127.0.0.1:8080"
ASSURE = f"{BASE}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel="
SHOW = f"{ASSURE}as_login_page&connexioncompte_2actionEvt=afficher"
REST = f"{BASE}/compte/aspmm/rest/releves-mensuels"
STATEMENTS = f"{BASE}/compte/aspm/releves-mensuels"
REST_HEADERS = {
    "canal": '{"canal":"PORTAIL","reduction":"ASDS_X"}', "x-app-name": "ASDS_X", "x-app-version": "25.40.0",
    "x-request-engine": "Axios", "x-correlation-id": "6f1c1f1e-0000-4000-8000-000000000000",
    "accept": "application/json, text/plain, */*",
}


class PlainPapers:
    """PDFs without drawing: the tests of this room look at how they travel, not at what they show."""

    def payment(self, household: Household, payment: SandboxPayment) -> bytes:
        return f"%PDF-1.4 payment {payment.paid_on} {payment.amount}".encode()

    def statement(self, household: Household, month: date) -> bytes:
        return f"%PDF-1.4 statement {month:%Y%m}".encode()

    def attestation(self, household: Household, person: Person | None, today: date) -> bytes:
        return f"%PDF-1.4 attestation {person.first_name if person else 'FAMILLE'} {today}".encode()


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def tree(answer: httpx.Response | str) -> LexborHTMLParser:
    return LexborHTMLParser(answer if isinstance(answer, str) else answer.text)


def text(node: LexborNode | None) -> str:
    assert node is not None, "no such element"
    return " ".join(node.text().split())


def first(answer: httpx.Response | str, selector: str) -> LexborNode:
    node = tree(answer).css_first(selector)
    assert node is not None, f"{selector} is missing"
    return node


def has(answer: httpx.Response | str, selector: str) -> bool:
    return tree(answer).css_first(selector) is not None


def form_fields(answer: httpx.Response) -> dict[str, str]:
    """Fields of the page's first form as a program collects them: unchecked boxes and submit buttons left out."""
    form = first(answer, "form")
    fields = {}
    for field in form.css("input[name]"):
        kind = (field.attributes.get("type") or "text").lower()
        if kind in ("submit", "image", "button") or (kind == "checkbox" and "checked" not in field.attributes):
            continue
        fields[field.attributes["name"] or ""] = field.attributes.get("value") or ""
    return fields


@dataclass
class Visitor:
    """One device: its cookies and the sandbox in front of it."""

    sandbox: Sandbox
    http: httpx.AsyncClient

    async def get(self, url: str, **kwargs: object) -> httpx.Response:
        return await self.http.get(url, **kwargs)  # type: ignore[arg-type]

    async def post(self, url: str, **kwargs: object) -> httpx.Response:
        return await self.http.post(url, **kwargs)  # type: ignore[arg-type]

    async def send_form(self, page: httpx.Response, **changes: str) -> httpx.Response:
        """Post the page's first form with these fields changed."""
        action = first(page, "form").attributes["action"] or str(page.url)
        return await self.http.post(page.url.join(action), data={**form_fields(page), **changes})

    async def give_pair(self, nir: str = NIR, password: str = PASSWORD, start: str = SHOW) -> httpx.Response:
        return await self.send_form(await self.get(start), user=nir, password=password, submit="me connecter")

    def last_code(self) -> str:
        return self.sandbox.service.mails[-1].code or ""

    async def ask_code(self, page: httpx.Response) -> httpx.Response:
        return await self.send_form(page, authStep="ENVOI_OTP", envoiOTP="Recevoir un code de sécurité")

    async def give_code(self, page: httpx.Response, code: str, *, remember: bool = True) -> httpx.Response:
        digits = {f"numOTP{rank}": digit for rank, digit in enumerate(code, 1)}
        box = {"enrolerDevice": "on"} if remember else {}
        return await self.send_form(page, **digits, **box, submit="me connecter")

    async def sign_in(self, start: str = SHOW) -> httpx.Response:
        """From a page that asks to log in to the page after the login, with the code when one is asked for."""
        page = await self.give_pair(start=start)
        if has(page, "#blocEnvoyerOTP"):
            page = await self.give_code(await self.ask_code(page), self.last_code())
        return page

    async def token(self) -> str:
        answer = await self.post(f"{BASE}/PortailAS/JavaScriptServlet", headers={"FETCH-CSRF-TOKEN": "1"})
        return answer.text.partition(":")[2].strip()

    async def listing(self, **params: str) -> httpx.Response:
        return await self.get(f"{BASE}/PortailAS/paiements.do", params={
            "actionEvt": "afficherPaiementsComplementaires", "idNoCache": "1", "DateDebut": "01/01/2020",
            "DateFin": "31/12/2030", "Beneficiaire": "tout_selectionner", **params,
        }, headers={"_ct": await self.token()})

    async def home(self, first_month: str, last_month: str, **headers: str) -> httpx.Response:
        return await self.get(f"{REST}/home?debutPeriode={first_month}&finPeriode={last_month}",
                              headers={**REST_HEADERS, **headers})


def row_arguments(row: LexborNode) -> list[str]:
    """The four arguments of a row's call, read as programs read them."""
    tokens = (row.attributes.get("onclick") or "").split("'")
    return [tokens[1], tokens[3], tokens[5], tokens[7]]


def meta_target(page: httpx.Response) -> str:
    """Where the landing page's ``meta`` leads."""
    content = first(page, "div.wlp-bighorn-window-content meta").attributes["content"] or ""
    return re.search(r"url=(.*)", content)[1]  # type: ignore[index]
