"""Secrets that can be told anywhere, through a whole life of the program: none of them is left where it can be read."""

import base64
import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest

from agent.client.client import Problem
from agent.sandbox.model import Attachment, CareLine, Household, Person, SandboxMessage, SandboxPayment
from agent.sandbox.server.faults import Faults
from config.paths import find_paths
from tests.agent.processes import wait_until
from tests.commands import Done, Home, clean_environment
from tests.played import Played, played
from tests.raw_client import RawClient
from tests.thoroughness import one_in

NIR = "2850578006048"
PASSPHRASE = "Kanari phrase öd4f9c1 seule"
NEXT_PASSPHRASE = "Kanari autre ùb7e21d phrase"
WRONG_PASSPHRASE = "Kanari-fausse-9b1e77"
PASSWORD = "Kanari+Mot&dé5e8a2"
WRONG_PASSWORD = "Kanari+Faux&77c3b1"

SECRETS = {
    "nir": NIR, "nir with key": NIR + "57", "passphrase": PASSPHRASE, "next passphrase": NEXT_PASSPHRASE,
    "wrong passphrase": WRONG_PASSPHRASE, "password": PASSWORD, "wrong password": WRONG_PASSWORD,
    "first name": "KANARIETTE", "last name": "KANARIVAL", "child": "KANARITOM", "care": "KANARISOIN DENTAIRE é41",
    "label": "Kanari-libellé-51d0", "message": "Kanari-corps-à-lire-e19c", "subject": "Kanari-objet-80b3",
    "sender": "Kanari-expéditeur-2cc7", "attachment": "kanari-piece-6a4d.pdf", "file": "KANARI-OCTETS-93fe",
    "text file": "KANARI-TEXTE-77ab", "mail": "kanari.c8d2@example.org", "street": "12 RUE DU KANARI",
    "town": "78000 KANARIVILLE", "fund": "CPAM DE KANARIE", "insurer": "KANARI MUTUELLE",
}
_AMOUNTS = (Decimal("73918.57"), Decimal("62704.31"))


def _household() -> Household:
    claire = Person("KANARIETTE", "KANARIVAL", date(1985, 5, 12), insured=True)
    tom = Person("KANARITOM", "KANARIVAL", date(2015, 3, 4))
    payments = [SandboxPayment(
        date(2026, 10, 13), "REMBOURSEMENT_SOINS", SECRETS["label"], _AMOUNTS[0],
        lines=[CareLine(person, SECRETS["care"], "G", date(2026, 10, 8), _AMOUNTS[1], _AMOUNTS[1], 70, amount)
               for person, amount in ((claire, _AMOUNTS[0] - 10), (tom, Decimal(10)))])]
    messages = [SandboxMessage(
        "M-1", date(2026, 11, 3), SECRETS["sender"], SECRETS["subject"], SECRETS["message"],
        [Attachment(SECRETS["attachment"], b"%PDF-1.4 " + SECRETS["file"].encode()),
         Attachment("note.txt", SECRETS["text file"].encode())])]
    return Household(
        nir=NIR, password=PASSWORD, persons=[claire, tom], address=(SECRETS["street"], SECRETS["town"]),
        email=SECRETS["mail"], mobile="06 17 28 39 41", phone="01 71 82 93 14", cpam=SECRETS["fund"],
        cpam_address="78085 KANARIVILLE CEDEX", top_up=SECRETS["insurer"], payments=payments, messages=messages)


def _forms(secret: str) -> Iterator[bytes]:
    """The ways in which a text may lie in a file or a stream."""
    raw = secret.encode()
    yield raw
    yield json.dumps(secret)[1:-1].encode()
    yield from (quote(secret, safe=safe).encode() for safe in ("", "/+&"))
    yield quote(secret).replace("%20", "+").encode()
    yield from (secret.encode(coding) for coding in ("utf-16-le", "utf-16-be"))
    with contextlib.suppress(UnicodeEncodeError):
        yield secret.encode("latin-1")
    yield raw.hex().encode()
    for shift in range(3):  # base64 differs by where in a group of three the secret begins
        coded = base64.b64encode(b"\0" * shift + raw)
        whole = coded[(0, 2, 3)[shift]: len(coded) - (4 if len(raw) + shift > 8 else 0)]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))
    if secret.startswith(NIR):
        groups = (1, 2, 2, 2, 3, 3, 2)
        for space in (" ", "\xa0", "\u202f", "&nbsp;", "%20"):
            at, parts = 0, []
            for width in groups:
                parts.append(secret[at: at + width])
                at += width
            yield space.join(part for part in parts if part).encode()


class _Watch:
    """Every secret in every form, searched for in whatever was left or said."""

    def __init__(self) -> None:
        self._needles: dict[bytes, str] = {}
        for name, secret in SECRETS.items():
            self.add(name, secret)
        for amount in _AMOUNTS:
            plain = f"{amount}"
            spaced = [f"{plain[:2]}{space}{plain[2:5]},{plain[6:]}" for space in (" ", "\xa0", "\u202f")]
            for written in (plain, plain.replace(".", ","), plain.replace(".", ""), *spaced):
                self.add("amount", written)
        self.looked_at = 0

    def add(self, name: str, secret: str) -> None:
        """Watch for one more."""
        for form in _forms(secret):
            if len(form) >= 6:  # what is shorter (the middle of a short text in base64) chance would write
                self._needles[form] = self._needles[form.lower()] = name
        self._all = re.compile(b"|".join(map(re.escape, sorted(self._needles, key=len, reverse=True))))

    def seen(self, data: bytes) -> str:
        """The name of a secret that this holds, or nothing."""
        self.looked_at += 1
        found = self._all.search(data) or self._all.search(data.lower())
        return f"{self._needles.get(found[0])} as {found[0]!r}" if found else ""

    def silent(self, where: str, data: bytes | str) -> None:
        """Fail when a secret is there."""
        found = self.seen(data.encode(errors="surrogateescape") if isinstance(data, str) else data)
        assert not found, f"{where} holds {found}"


class _Life:
    """One installation, used as a person uses it, and watched at every step."""

    def __init__(self, folder: Path, service: Played) -> None:
        self.folder = folder
        self.service = service
        self.home = Home(folder / "home")
        self.watch = _Watch()
        self.client = RawClient(find_paths({"AMELI_HOME": str(self.home.folder), "HOME": "/nowhere"}))
        self.events: list[bytes] = []
        self.pids: set[int] = set()

    def secret_file(self, text: str) -> str:
        """A file outside of the home that holds a secret, as the person keeps it."""
        path = self.folder / f"given-{abs(hash(text))}"
        path.write_text(text + "\n")
        return str(path)

    def run(self, *args: str, code: int = 0, shows_data: bool = False) -> Done:
        """Run a command; only the answer of one that shows data may hold any."""
        done = self.home.run(*args)
        assert done.code == code, (args, done)
        self.watch.silent(f"stderr of {args[0]}", done.err)
        if not shows_data:
            self.watch.silent(f"stdout of {args[0]}", done.out)
        self.look(args[0])
        return done

    def look(self, after: str) -> None:
        """Search all that is on disk, and what anybody may see of the running agent."""
        for path in self.home.folder.rglob("*"):
            self.watch.silent(f"after {after}, the name of a file", os.fsencode(path))
            if path.is_file():
                self.watch.silent(f"after {after}, {path}", path.read_bytes())
        with contextlib.suppress(Problem):
            self.pids.add(self.client.get("/v1/health")["pid"])
        for pid in self.pids:
            for name in ("cmdline", "environ", "comm", "status"):
                # Others may not read an agent's environment, and neither may we: that too is a proof.
                with contextlib.suppress(OSError):
                    self.watch.silent(f"/proc/{name} of the agent", Path(f"/proc/{pid}/{name}").read_bytes())

    def refused(self, ask: Callable[[], object]) -> str:
        """The code of a refusal of the socket, of which every text is searched."""
        with pytest.raises(Problem) as problem:
            ask()
        self.watch.silent("a refusal", json.dumps([problem.value.messages, problem.value.hints], ensure_ascii=False))
        return problem.value.code

    def listen(self) -> None:
        """Keep what the agent tells to whoever listens, until it ends."""
        def listening() -> None:
            with contextlib.suppress(Problem):
                for event in self.client.events(after=0):
                    self.events.append(json.dumps(event, ensure_ascii=False).encode())

        threading.Thread(target=listening, daemon=True).start()


@pytest.fixture
def life() -> Iterator[_Life]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    with played(_household()) as service:
        one = _Life(folder, service)
        service.point(one.home.folder)
        try:
            yield one
        finally:
            one.home.run("agent", "stop")
            shutil.rmtree(folder)


def _watch_session(life: _Life) -> None:
    """The session's cookies and every code mailed are secrets too."""
    service = life.service.sandbox.service
    for kind in ("sessions", "sub_sessions", "single_sign_on", "trusted"):
        for value in getattr(service, kind):
            life.watch.add(f"cookie of {kind}", value)
    assert service.sessions and service.trusted


@pytest.mark.slow
def test_nothing_of_the_person_is_left_or_said_anywhere(life: _Life) -> None:
    phrase, password = life.secret_file(PASSPHRASE), life.secret_file(PASSWORD)
    code = life.run("setup", "--passphrase-file", phrase, "--json", shows_data=True).json["recovery_code"]
    life.watch.add("recovery code", code)
    life.watch.add("bare recovery code", code.replace("-", ""))
    life.listen()

    life.run("login", "--nir", NIR, "--password-file", life.secret_file(WRONG_PASSWORD), code=5)
    life.run("login", "--nir", NIR, "--password-file", password, code=5)
    assert life.refused(lambda: life.client.post("/v1/login", {"otp": "0000001"}))
    life.run("login", "--nir", NIR, "--password-file", password, code=5)
    mailed = life.service.code
    life.watch.add("one-time code", mailed)
    life.run("login", "--otp", mailed)
    _watch_session(life)
    life.run("sync")

    assert SECRETS["label"] in life.run("payments", shows_data=True).out
    assert SECRETS["subject"] in life.run("messages", shows_data=True).out
    assert SECRETS["street"] in life.run("profile", shows_data=True).out
    papers = life.run("documents", "--json", shows_data=True).json
    for n, one in enumerate(papers):
        if one["kind"] in ("decompte", "attachment"):
            life.run("documents", "get", one["id"], "--out", str(life.folder / f"got-{n}"))
    assert any(path.read_bytes().endswith(SECRETS["file"].encode()) for path in life.folder.glob("got-*"))
    life.run("attestation", "--out", str(life.folder / "attestation.pdf"))
    life.run("agent", "status")
    life.run("agent", "logs", "--lines", "1000")
    life.home.run("doctor")
    life.look("doctor")

    for path in ("/v1/payments/p0", "/v1/documents/a0-1", "/v1/messages/m0", "/v1/" + quote(PASSWORD)):
        assert life.refused(lambda path=path: life.client.get(path))
    assert life.refused(lambda: life.client.post("/v1/login", {"nir": [NIR], "password": {"a": PASSWORD}}))
    assert life.refused(lambda: life.client.get("/v1/payments", since=SECRETS["care"]))
    assert life.refused(lambda: life.client.get("/v1/payments", limit=NIR))

    life.service.sandbox.options.outage = True
    life.run("sync", code=4)
    life.service.sandbox.options.outage = False
    life.service.sandbox.faults.replace(Faults.parse("500"))
    life.run("sync", "--full", code=4)
    life.service.sandbox.faults.replace(Faults.parse("truncate=paiements.do,malformed=messages"))
    life.run("sync", "--full", "--json", code=4)  # neither payments nor inbox
    for fault in ("truncate=paiements.do", "malformed=messages"):
        life.service.sandbox.faults.replace(Faults.parse(fault))
        assert life.run("sync", "--full", "--json").json["problems"]
    life.service.sandbox.faults.replace(Faults())

    life.run("passphrase", "change", "--passphrase-file", phrase, "--new-passphrase-file",
             life.secret_file(NEXT_PASSPHRASE))
    life.run("lock")
    assert life.refused(lambda: life.client.get("/v1/payments", search=SECRETS["care"])) == "locked"
    life.run("unlock", "--passphrase-file", life.secret_file(WRONG_PASSPHRASE), code=3)
    phrase = life.secret_file(NEXT_PASSPHRASE)
    life.run("unlock", "--passphrase-file", phrase)

    killed = life.client.get("/v1/health")["pid"]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{killed}").exists())
    life.look("kill")
    life.run("agent", "start")
    life.run("unlock", "--passphrase-file", phrase)
    assert SECRETS["label"] in life.run("payments", shows_data=True).out
    life.run("logout")
    life.run("agent", "stop")

    assert len(life.events) > 3
    life.watch.silent("the stream of events", b"\n".join(life.events))
    assert life.watch.looked_at > 300
    assert len((life.home.folder / "state" / "logs" / "agent.log").read_text().splitlines()) > 5
    assert len(life.pids) == 2


def test_the_environment_of_whoever_starts_the_agent_stays_outside(life: _Life) -> None:
    phrase = life.secret_file(PASSPHRASE)
    done = life.home.run("setup", AMELI_PASSPHRASE_FILE=phrase, MY_PASSWORD=PASSWORD)
    assert done.code == 0
    pid = life.client.get("/v1/health")["pid"]
    with contextlib.suppress(PermissionError):  # the system keeps it from us: nobody else reads it either
        environ = Path(f"/proc/{pid}/environ").read_bytes()
        life.watch.silent("the agent's environment", environ)
        assert phrase.encode() not in environ
    assert "AMELI_LANG" in clean_environment()


@pytest.mark.parametrize("secret", one_in(3, [PASSPHRASE, NIR, SECRETS["care"]]))
def test_the_search_itself_finds_what_it_is_to_find(secret: str) -> None:
    watch = _Watch()
    for coded in (secret.encode(), json.dumps({"a": secret}).encode(), secret.encode("utf-16"),
                  *(base64.b64encode(b"x" * n + secret.encode() + b"yz") for n in range(3)),
                  quote(f"a={secret}&").encode(), secret.encode().hex().encode()):
        assert watch.seen(b"before " + coded + b" after")
    assert watch.seen(b"2 85 05 78 006 048")
    assert watch.seen("73\u202f918,57 €".encode())
    assert not watch.seen(os.urandom(1 << 16))
