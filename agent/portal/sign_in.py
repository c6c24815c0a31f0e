"""Signing in: the ``authStep`` state machine of the identity host.

One sign-in posts the password once with the number, once more to have a code sent and once with each code typed,
because the service's own form does; it is never tried again by itself.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import NoReturn

from agent.concurrency.reader_threads import aside
from agent.portal.errors import (
    BadNumber,
    CodeNeeded,
    CodeRefused,
    DirectLoginOff,
    PortalChanged,
    RedirectElsewhere,
    SignInRefused,
)
from agent.portal.http.client import Reply
from agent.portal.http.interstitials import alerts, known_sentence, sign_in_closed
from agent.portal.http.origins import Origin
from agent.portal.navigation import Session, is_entrance
from agent.portal.pages.html import Node, Tree, attribute, every, parse, text
from agent.portal.pages.parsing import quotable
from agent.portal.pages.selectors import LoginPage, page_path
from agent.portal.types import CodeAnswer

AskCode = Callable[[str], Awaitable[CodeAnswer]]
CODE_TRIES = 3
"""Codes posted in one sign-in; the service's own limit is unknown."""
_NUMBER = re.compile(r"[0-9][0-9AB]{12}")
_ENTER = "&connexioncompte_2actionEvt=afficher"


class Step(Enum):
    """Where a page of the identity host stands in the machine."""

    PAIR = "number and password"
    OFFER = "a code can be sent"
    CODE = "the code is awaited"
    OTHER = "none of them"


class Form:
    """The login form of one page: where it goes, what it carries, what the page says."""

    def __init__(self, reply: Reply) -> None:
        self.url = reply.url
        self.tree = parse(reply.text, LoginPage.page)
        self.node = LoginPage.form.find(self.tree)
        self.alerts = alerts(self.tree)
        self.step = self._step()

    def _step(self) -> Step:
        if self.node is None:
            return Step.OTHER
        steps = {"": Step.PAIR, "OTP_NECESSAIRE": Step.OFFER, "ENVOI_OTP": Step.OFFER, "SAISIE_OTP": Step.CODE}
        hidden = LoginPage.step.find(self.node)
        if hidden is not None and (value := attribute(hidden, "value").strip()):
            return steps.get(value, Step.OTHER)
        if LoginPage.boxes.find(self.node) is not None:
            return Step.CODE
        if LoginPage.ask_code.find(self.node) is not None:
            return Step.OFFER
        return Step.PAIR if LoginPage.password.find(self.node) is not None else Step.OTHER

    def fields(self) -> dict[str, str]:
        """What the form would post without a press of any button."""
        assert self.node is not None
        posted = {}
        for field in self.node.css("input[name]"):
            kind = attribute(field, "type").lower()
            if kind in ("submit", "button", "image", "reset"):
                continue
            if kind in ("checkbox", "radio") and "checked" not in field.attributes:
                continue
            posted[attribute(field, "name")] = attribute(field, "value")
        return posted

    def pair_names(self) -> tuple[str, str]:
        """Names of the number's and the password's fields. Raises PortalChanged."""
        assert self.node is not None
        secret = LoginPage.password.require(self.node, LoginPage.page)
        number = LoginPage.number.find(self.node) or self._before(secret)
        if number is None:
            raise PortalChanged(page=LoginPage.page, missing=LoginPage.number.name)
        return attribute(number, "name") or "user", attribute(secret, "name") or "password"

    def _before(self, secret: Node) -> Node | None:
        """The visible text input that comes last before the password's."""
        assert self.node is not None
        last = None
        for field in self.node.css("input"):
            if field.mem_id == secret.mem_id:
                return last
            if attribute(field, "type").lower() in ("", "text", "tel", "number"):
                last = field
        return None

    def code_names(self) -> list[str]:
        """Names of the code's boxes in order, or of its one field. Raises PortalChanged."""
        assert self.node is not None
        boxes = [attribute(box, "name") or attribute(box, "id") for box in LoginPage.boxes.all(self.node)
                 if attribute(box, "type").lower() not in ("hidden", "submit")]
        if len(boxes) > 1:
            return sorted(boxes, key=lambda name: (int(re.sub(r"\D", "", name, flags=re.ASCII)[:9] or 0), name))
        single = boxes or [attribute(LoginPage.code_field.require(self.node, LoginPage.page), "name")]
        if not single[0]:
            raise PortalChanged(page=LoginPage.page, missing=LoginPage.code_field.name)
        return single

    def submit(self, default: str) -> str:
        """Label of the form's submit button."""
        assert self.node is not None
        for button in self.node.css("input[type=submit][name=submit]"):
            return attribute(button, "value") or default
        return default


class SignIn:
    """One run of the machine."""

    def __init__(self, session: Session, nir: str, password: str, ask_code: AskCode | None) -> None:
        self._session = session
        self._number = bare_number(nir)
        self._password = password
        self._ask_code = ask_code
        self._names = ("user", "password")

    async def __call__(self) -> None:
        """Run it to an open session. Raises one typed error for each way it can end otherwise."""
        form = await self._open()
        self._names = await aside(form.pair_names)
        landed = await self._post(form, {"authStep": "", "submit": await aside(form.submit, "me connecter")})
        if isinstance(landed, Form) and landed.step is Step.OFFER:
            landed = await self._send_code(landed)
        if isinstance(landed, Form) and landed.step is Step.CODE:
            landed = await self._type_codes(landed)
        if isinstance(landed, Form):
            await aside(self._refuse, landed)
        else:
            await aside(self._landed, landed)

    def _landed(self, reply: Reply) -> None:
        """Look at the page that stands where the open session begins; raise when it is none."""
        tree = self._session.tree(reply, LoginPage.page)
        if reply.status >= 400 or self._session.signed_out(reply, tree):
            self._refuse(Form(reply))
        self._session.look(reply, tree)

    async def _open(self) -> Form:
        """The page with the form, through the entrance when there is one."""
        session = self._session
        reply = await session.http.get(session.origins.portal(page_path("as_login_page", _ENTER)), page=LoginPage.page)
        reply = await session.follow(reply, LoginPage.page, repeat=True)
        link = await aside(lambda: _entrance(session.tree(reply, LoginPage.page)))
        if session.origins.of(reply.url) is Origin.PORTAL and link:
            target = session.origins.resolve(link, reply.url, LoginPage.page)
            reply = await session.http.get(target, page=LoginPage.page)
            reply = await session.follow(reply, LoginPage.page, repeat=True)
        form = await aside(Form, reply)
        if await aside(sign_in_closed, form.tree):
            raise DirectLoginOff
        if form.step is not Step.PAIR or session.origins.of(reply.url) is not Origin.IDENTITY:
            for said in form.alerts:
                if error := known_sentence(said):
                    raise error
            raise PortalChanged(page=LoginPage.page, missing=LoginPage.form.name)
        return form

    async def _send_code(self, form: Form) -> Form | Reply:
        """Have the code sent, once."""
        self._stop_on(form, but_words=True)
        if self._ask_code is None:
            raise CodeNeeded
        label = await aside(lambda: attribute(LoginPage.ask_code.find(form.tree), "value"))
        label = label or "Recevoir un code de sécurité"
        return await self._post(form, {"authStep": "ENVOI_OTP", "envoiOTP": label})

    async def _type_codes(self, form: Form) -> Form | Reply:
        """Ask the person for the code until it is taken, a few times at most."""
        if self._ask_code is None:
            raise CodeNeeded
        said = ""
        for _ in range(CODE_TRIES):
            self._stop_on(form, but_words=True)
            names = await aside(form.code_names)
            said = said or (form.alerts[0] if form.alerts else await aside(_about_the_code, form))
            answer = await self._ask_code(said)
            code = re.sub(r"\D", "", answer.code, flags=re.ASCII)
            if not code or (len(names) > 1 and len(code) != len(names)):
                digits_asked = len(names) if len(names) > 1 else 6
                said = f"Le code a {digits_asked} chiffres / The code has {digits_asked} digits"
                continue
            digits = dict(zip(names, code, strict=True)) if len(names) > 1 else {names[0]: code}
            changes = {"authStep": "SAISIE_OTP", **digits, "submit": await aside(form.submit, "me connecter")}
            box = await aside(lambda on: attribute(LoginPage.remember.find(on), "name"), form.tree) or "enrolerDevice"
            landed = await self._post(form, changes | ({box: "on"} if answer.remember else {}),
                                      without=() if answer.remember else (box,))
            if not isinstance(landed, Form) or landed.step is Step.PAIR or landed.step is Step.OTHER:
                return landed
            self._stop_on(landed, but_words=True)
            said = landed.alerts[0] if landed.alerts else "Code refusé / Code refused"
            if landed.step is Step.OFFER:
                break
            form = landed
        raise CodeRefused(text=said)

    async def _post(self, form: Form, changes: dict[str, str], *, without: tuple[str, ...] = ()) -> Form | Reply:
        """Post the page's fields with ours on top; what stays on the identity host is the next form."""
        session = self._session
        number, secret = self._names
        fields = {name: value for name, value in (await aside(form.fields)).items() if name not in without}
        fields |= {number: self._number, secret: self._password} | changes
        target = session.origins.resolve(attribute(form.node, "action") or form.url, form.url, LoginPage.page)
        if session.origins.of(target, LoginPage.page) is not Origin.IDENTITY:
            raise RedirectElsewhere(page=LoginPage.page)  # the password goes to the identity host or nowhere
        reply = await session.http.post(target, fields, page=LoginPage.page, headers={
            "Origin": session.origins.identity, "Referer": session.origins.identity + "/",
        })
        reply = await session.follow(reply, LoginPage.page)
        if session.origins.of(reply.url, LoginPage.page) is Origin.IDENTITY:
            return await aside(Form, reply)
        return reply

    def _stop_on(self, form: Form, *, but_words: bool = False) -> None:
        """Raise for what the page says; ``but_words`` lets sentences pass that are not known."""
        for said in form.alerts:
            if error := known_sentence(said):
                raise error
        if form.alerts and not but_words:
            raise SignInRefused(text=form.alerts[0])

    def _refuse(self, form: Form) -> NoReturn:
        """The machine ended on a page that is no landing: say why."""
        self._stop_on(form)
        if sign_in_closed(form.tree):
            raise DirectLoginOff
        raise PortalChanged(page=LoginPage.page, missing="suite connue après la connexion")


def _entrance(tree: Tree) -> str:
    """Where the entrance before the form leads; empty without one."""
    links = (link for link in every(tree, *LoginPage.enter.selectors) if is_entrance(link))
    return next((href for link in links if (href := attribute(link, "href"))), "")


def bare_number(nir: str) -> str:
    """The 13 characters the service wants: no spaces, no key. Raises BadNumber before anything is sent."""
    bare = re.sub(r"[\s.\-\u00a0\u202f]", "", nir).upper()
    if len(bare) not in (13, 15) or not _NUMBER.fullmatch(bare[:13]) or not (bare[13:] or "0").isdigit():
        raise BadNumber
    return bare[:13]


def _about_the_code(form: Form) -> str:
    """What the page says about where the code was sent."""
    assert form.node is not None
    said = [quotable(text(node)) for node in form.node.css("p")]
    return quotable(" ".join(one for one in said if "code" in one.lower()))


