"""What typing into the search costs over many payments: ``python -m tests.benchmarks.bench_filter [--payments N]``.

Makes a vault of N invented payments, opens it in a real agent, and times each key: the agent's answer to the screen's
question, and with ``--screens`` the screen itself.
"""

import argparse
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from agent.account import ActLine, Payment, payment_id
from agent.store import Store
from agent.vault import Vault
from config.paths import find_paths
from tests.agent.store.helpers import keep_all
from tests.benchmarks.terminal import Session
from tests.commands import Home, clean_environment
from tests.raw_client import RawClient

_PASSPHRASE = "a bench needs no secret"
_ACTS = ("C GENERALISTE", "PHARMACIE 65 %", "CONSULTATION SPECIALISTE", "SOINS DENTAIRES", "RADIOLOGIE", "BIOLOGIE")
_NAMES = ("MARIE", "JEAN", "ZOE", "LÉO")


def invent(count: int) -> list[Payment]:
    """``count`` payments, one a day per some rank, oldest first."""
    random, last = Random(1), date(2026, 11, 23)
    payments = []
    for number in range(count):
        day, name, act = last - timedelta(days=number % 3650), random.choice(_NAMES), random.choice(_ACTS)
        amount = Decimal(random.randrange(100, 9000)) / 100
        line = ActLine(id="l1", beneficiary=name, act=act, act_date=day, paid=amount, base=amount, rate=Decimal(70),
                       reimbursed=amount)
        payments.append(Payment(
            id=payment_id(day, "REMBOURSEMENT_SOINS", amount, number), paid_on=day, kind="REMBOURSEMENT_SOINS",
            amount=amount, to="assure", label=act.title(), beneficiaries=(name,), lines=(line,)))
    return payments


def fill(home: Path, count: int) -> None:
    """Make the home's vault and put the payments into it."""
    paths = find_paths({"AMELI_HOME": str(home)})
    home.mkdir(mode=0o700)
    paths.data_dir.mkdir(mode=0o700)
    vault, _code = Vault.create(paths.vault, _PASSPHRASE)
    store = Store(vault)
    with store.step():
        keep_all(store, invent(count))
    vault.lock()


def time_answers(home: Path, words: str) -> None:
    """The agent's answers while ``words`` are typed and taken back."""
    client = RawClient(find_paths({"AMELI_HOME": str(home)}))
    start = time.perf_counter()
    client.get("/v1/rows", limit=60)
    print(f"first list: {(time.perf_counter() - start) * 1000:.1f} ms")
    for typed in [words[:n] for n in range(1, len(words) + 1)] + [words[:-1], ""]:
        start = time.perf_counter()
        answer = client.get("/v1/rows", search=typed, limit=60)
        print(f"{typed!r:>14}: {(time.perf_counter() - start) * 1000:6.1f} ms, {answer['total']} rows")


def time_screens(home: Path, words: str) -> None:
    """The screen while ``words`` are typed, from key to the last byte of the new screen."""
    session = Session([str(Path(sys.executable).with_name("ameli"))], clean_environment(AMELI_HOME=str(home)))
    try:
        session.wait_for("€")
        session.settle()
        for key in ("2", "/", *words):
            pressed, last = session.press(key), 0.0
            while arrived := session.read(0.3):
                last = arrived
            print(f"key {key!r}: {(last - pressed) * 1000:6.1f} ms" if last else f"key {key!r}: nothing was drawn")
    finally:
        session.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--words", default="pharm")
    parser.add_argument("--screens", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ameli-bench-") as folder:
        home = Home(Path(folder) / "home")
        fill(home.folder, args.payments)
        secret = Path(folder) / "passphrase"
        secret.write_text(_PASSPHRASE, encoding="utf-8")
        try:
            home.json("unlock", "--passphrase-file", str(secret))
            time_answers(home.folder, args.words)
            if args.screens:
                time_screens(home.folder, args.words)
        finally:
            home.run("agent", "stop")


if __name__ == "__main__":
    main()
