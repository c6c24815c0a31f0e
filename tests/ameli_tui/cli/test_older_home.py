"""A home that an earlier release left behind: it opens, and every command says of it what that release said.

``older_home.zip`` was made by the last release before the packages were moved: the invented account of ``ameli demo
--seed 7 --years 2 --payments 40``, a contract, a situation, a request that was sent, a draft, a message to an adviser
and a bank statement; ``answers.json`` in it holds what its commands then printed. Its service is gone.
"""

import json
import re
import shlex
import zipfile
from pathlib import Path

from config.json_value import JsonValue
from tests.commands import Home

OLDER = Path(__file__).with_name("older_home.zip")
PASSPHRASE = "demo-643573-32984a"


def differences(before: JsonValue, now: JsonValue, where: str) -> list[str]:
    """What an answer no longer says as it did; what it says beyond that is its own matter."""
    if isinstance(before, dict) and isinstance(now, dict):
        return [line for name, value in before.items()
                for line in (differences(value, now[name], f"{where}.{name}") if name in now else [f"{where}.{name}"])]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        return [line for at, (old, new) in enumerate(zip(before, now, strict=True))
                for line in differences(old, new, f"{where}[{at}]")]
    return [] if before == now else [f"{where}: {before!r} became {now!r}"]


def test_a_home_of_an_earlier_release_opens_and_says_what_it_said(empty_home: Home) -> None:
    with zipfile.ZipFile(OLDER) as packed:
        answers = json.loads(packed.read("answers.json"))
        for name in packed.namelist():
            if name != "answers.json":
                packed.extract(name, empty_home.folder)
    for folder in (path for path in empty_home.folder.rglob("*") if path.is_dir()):
        folder.chmod(0o700)
    (empty_home.folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")

    opened = empty_home.run("unlock", "--passphrase-file", str(empty_home.folder / "passphrase"))
    assert opened.code == 0, opened.err

    assert len(answers["payments"]) >= 40
    assert {request["status"] for request in answers["procedures requests"]} == {"draft", "sent"}
    changed = [line for command, before in answers.items()
               for line in differences(before, empty_home.json(*shlex.split(command)), command)]
    # That release knew no bound of these settings, not the ceilings of 1 October 2026, and other sources of the rules;
    # how sure a line of an explanation is did not mean which act it is.
    kept = [line for line in changed if ".source: " not in line and not re.search(r"lines\[\d+\]\.certainty: ", line)]
    assert [line for line in kept if not line.startswith("ledger ")] == [
        "config show.agent.lock_after_min: 525600.0 became 1440.0",
        "config show.agent.lock_at_most_h: 8760.0 became 168.0"]
    raised = [line for line in kept if line.startswith("ledger ")]
    assert raised and all("ceiling: '50.00' became '70.00'" in line or ".left: " in line for line in raised), raised


def test_a_difference_is_seen_wherever_it_lies() -> None:
    before = {"a": [{"b": "1.00"}], "c": None}
    assert differences(before, {"a": [{"b": "1.00", "more": 1}], "c": None, "d": 2}, "x") == []
    assert differences(before, {"a": [{"b": "1.01"}], "c": None}, "x") == ["x.a[0].b: '1.00' became '1.01'"]
    assert differences(before, {"a": [], "c": None}, "x") == ["x.a: [{'b': '1.00'}] became []"]
    assert differences(before, {"a": [{"b": "1.00"}]}, "x") == ["x.c"]
