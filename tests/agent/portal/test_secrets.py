"""Nothing that identifies the person or opens the account leaves through an error, a log or a representation."""

import logging
import re
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import AmeliError
from agent.portal import errors
from agent.portal.changes.page_names import ENGLISH
from agent.portal.pages import selectors as expectations
from tests.agent.portal.world import World
from tests.agent.sandbox.household import NIR, PASSWORD

Make = Callable[..., World]
ROOT = Path(__file__).parents[3]


def _secrets(at: World) -> list[str]:
    service = at.sandbox.service
    kept = [*service.sessions, *service.sub_sessions, *service.single_sign_on, *service.trusted]
    tokens = [one.ct for one in service.sessions.values()]
    return [NIR, PASSWORD, "MARTIN", "C GENERALISTE", "1234", "17,50", "idPaiement", *kept, *tokens]


@pytest.mark.parametrize("fault", [
    "", "500", "429", "drop", "redirect", "truncate", "malformed", "markup", "waf", "outage", "expired",
])
async def test_errors_and_logs_of_a_whole_visit_hold_no_secret(
    world: Make, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    at = world(otp=True)
    portal = await at.signed_in()
    rows = await portal.payments()
    refs = await portal.statements()
    secrets = _secrets(at)
    said = [repr(portal.session()), repr(rows), repr(refs), repr(await portal.inbox())]
    if fault == "waf":
        at.sandbox.options.update({"waf": "on"})
    elif fault == "outage":
        at.sandbox.options.update({"outage": True})
    elif fault == "expired":
        at.expire()
    elif fault:
        at.faults(fault)
    for action in (
        lambda: portal.payments(), lambda: portal.payment(rows[0], 0), lambda: portal.payment_pdf(rows[0]),
        lambda: portal.statements(), lambda: portal.statement_pdf(refs[0]), lambda: portal.inbox(),
        lambda: portal.profile(), lambda: portal.attestation(), lambda: portal.sign_in(NIR, "Faux1!faux", at.person()),
    ):
        try:
            await action()
        except AmeliError as error:
            trace = "".join(traceback.format_exception(error))
            said += [str(error.problem()), repr(error), trace.replace("locals", "")]
    text = "\n".join(said) + caplog.text
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("File ", "await ", "return ")))
    for secret in secrets:
        assert secret not in text, secret


async def test_networking_libraries_do_not_log_addresses_or_cookies(
    world: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await (await world().signed_in()).payments()
    assert not [record for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]
    assert logging.getLogger("httpx").level >= logging.WARNING
    assert logging.getLogger("httpcore").level >= logging.WARNING


def test_importing_the_connector_brings_no_command_line_library() -> None:
    script = ("import sys, agent.portal as p; p.Portal(p.PortalConfig());"
              "print([m for m in ('rich', 'click', 'pygments', 'textual', 'httpx._main') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_httpx_is_imported_by_one_module() -> None:
    importers = [path.name for path in (ROOT / "agent" / "portal").rglob("*.py")
                 if "import httpx" in path.read_text() and "TYPE_CHECKING" not in path.read_text()]
    assert importers == ["client.py"]


FACTS: dict[type[AmeliError], dict[str, object]] = {
    errors.TooManyRequests: {"retry_after": 60.0},
    errors.Unreachable: {"reason": "timeout"},
    errors.RedirectElsewhere: {"page": "x"},
    errors.PortalChanged: {"page": "x", "missing": "y"},
    errors.ServerFault: {"page": "x", "status": 500},
    errors.CodeRefused: {"text": "z"},
    errors.SignInRefused: {"text": "z"},
    errors.CertificateByHand: {"document": "z"},
    errors.NothingToCertify: {"text": "z"},
    errors.CertificateRefused: {"text": "z"},
}
ERRORS = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, AmeliError)
          and error.__module__ == errors.__name__ and error is not errors.OnPage]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_says_what_happened_and_what_to_do_in_both_languages(error: type[AmeliError]) -> None:
    problem = error(**FACTS.get(error, {})).problem()
    assert problem["message"]["fr"] != problem["message"]["en"]
    assert problem["hint"]["fr"] != problem["hint"]["en"]
    assert problem["code"] != AmeliError.code
    assert problem["exit"] in (1, 4, 5)


def test_every_error_has_a_code_of_its_own() -> None:
    assert len({error.code for error in ERRORS}) == len(ERRORS) > 20


def test_every_page_and_part_that_may_be_missing_has_an_english_name() -> None:
    named = set()
    for path in (ROOT / "agent" / "portal").rglob("*.py"):
        source = path.read_text()
        named |= set(re.findall(r'(?:missing|page)="([^"]+)"', source))
        named |= set(re.findall(r'^ *(?:page|message_page|list_page|PAGE|_PAGE) = "([^"]+)"', source, re.MULTILINE))
        for part in re.findall(r"(\w+Page)\.(\w+)\.(?:require\(|name)", source):
            named.add(getattr(getattr(expectations, part[0]), part[1]).name)
    assert named - ENGLISH.keys() == set()
    assert len(named) > 40
    changed = errors.PortalChanged(page="messages reçus", missing="tableau des messages")
    assert "inbox" in str(changed)
    assert "messages reçus" in changed.message("fr")
