"""The contract's shapes, on a real demo: portal, agent, vault and commands as processes of their own."""

import json
import re
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.commands import Home

AMOUNT = re.compile(r"-?\d+\.\d\d")


def test_the_demo_says_where_it_is_and_how_to_get_in(demo_home: Home) -> None:
    assert set(demo_home.details) == {"home", "portal_url", "nir", "password", "passphrase"}
    assert demo_home.details["home"] == str(demo_home.folder)


def test_the_agent_of_the_demo_runs_unlocked(demo_home: Home) -> None:
    status = demo_home.json("agent", "status")
    assert {"running", "pid", "version", "locked", "last_sync", "next_sync", "portal", "pending",
            "problems"} <= set(status)
    assert (status["running"], status["locked"]) == (True, False)
    assert status["last_sync"]
    assert "Last sync" in demo_home.run("agent", "status").out


def test_payments_have_the_contracts_shape(demo_home: Home) -> None:
    payments = demo_home.json("payments")
    assert len(payments) > 20
    assert [p["paid_on"] for p in payments] == sorted((p["paid_on"] for p in payments), reverse=True)
    for payment in payments:
        assert {"id", "paid_on", "kind", "amount", "to", "label", "beneficiaries", "lines", "deductions",
                "document"} <= set(payment)
        assert payment["to"] in ("assure", "tiers")
        assert AMOUNT.fullmatch(payment["amount"])
        date.fromisoformat(payment["paid_on"])
        for line in payment["lines"]:
            assert {"id", "beneficiary", "act", "act_date", "paid", "base", "rate", "reimbursed"} <= set(line)
        for deduction in payment["deductions"]:
            assert {"id", "kind", "act_date", "amount"} <= set(deduction)
    assert len({p["id"] for p in payments}) == len(payments)


def test_lines_and_deductions_make_the_payment(demo_home: Home) -> None:
    for payment in demo_home.json("payments"):
        if payment["lines"] and payment.get("complete", True):
            parts = [Decimal(line["reimbursed"]) for line in payment["lines"]]
            parts += [Decimal(deduction["amount"]) for deduction in payment["deductions"]]
            parts += [Decimal(indemnity["amount"]) for indemnity in payment.get("indemnities", [])]
            assert sum(parts) == Decimal(payment["amount"])


def test_filters_narrow_the_list(demo_home: Home) -> None:
    payments = demo_home.json("payments")
    middle = payments[len(payments) // 2]["paid_on"]
    assert demo_home.json("payments", "--since", middle) == [p for p in payments if p["paid_on"] >= middle]
    assert demo_home.json("payments", "--until", middle) == [p for p in payments if p["paid_on"] <= middle]
    assert demo_home.json("payments", "--limit", "3") == payments[:3]
    assert demo_home.json("payments", "--limit", "0") == []
    kind = payments[0]["kind"]
    assert demo_home.json("payments", "--kind", kind) == [p for p in payments if p["kind"] == kind]
    name = next(p["beneficiaries"][0] for p in payments if p["beneficiaries"])
    assert demo_home.json("payments", "--beneficiary", name) == [p for p in payments if name in p["beneficiaries"]]
    label = payments[0]["label"]
    assert payments[0] in demo_home.json("payments", "--search", label.upper())
    assert demo_home.json("payments", "--search", "no such words anywhere") == []


def test_payments_for_a_person_are_a_table_with_its_sum(demo_home: Home) -> None:
    text = demo_home.run("payments", "--limit", "2").out
    assert "\x1b" not in text
    assert text.splitlines()[0].startswith("Date")
    assert "2 payments" in text
    assert "2 paiements" in demo_home.run("payments", "--limit", "2", AMELI_LANG="fr").out
    assert demo_home.run("payments", "--limit", "0").out == "No payment matches.\n"


def test_json_may_stand_before_the_command(demo_home: Home) -> None:
    assert demo_home.run("--json", "payments").out == demo_home.run("payments", "--json").out


def test_a_sync_with_nothing_new_says_so(demo_home: Home) -> None:
    result = demo_home.json("sync")
    assert {"requests", "new", "changed", "problems", "seconds"} <= set(result)
    assert result["new"] == {"payments": 0, "documents": 0, "messages": 0}
    assert result["problems"] == []
    assert result["requests"] > 0
    assert "0 new payments" in demo_home.run("sync").out


def test_documents_are_listed_and_written_once_privately(demo_home: Home, tmp_path: Path) -> None:
    documents = demo_home.json("documents")
    kinds = {document["kind"] for document in documents}
    assert {"releve_mensuel"} <= kinds
    target = tmp_path / "statement.pdf"
    identifier = documents[0]["id"]
    answer = demo_home.json("documents", "get", identifier, "--out", str(target))
    assert answer["path"] == str(target)
    assert answer["bytes"] == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    before = target.read_bytes()
    refused = demo_home.run("documents", "get", identifier, "--out", str(target), "--json")
    assert (refused.code, refused.error["code"]) == (1, "file_exists")
    assert demo_home.run("documents", "get", identifier, "--out", str(target), "--force").code == 0
    assert target.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["statement.pdf"]


def test_a_payments_own_document_can_be_had(demo_home: Home, tmp_path: Path) -> None:
    payment = next(p for p in demo_home.json("payments") if p["document"])
    target = tmp_path / "detail.pdf"
    demo_home.json("documents", "get", payment["document"], "--out", str(target))
    assert target.read_bytes().startswith(b"%PDF-")


def test_the_attestation_is_a_pdf(demo_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "attestation.pdf"
    demo_home.json("attestation", "--out", str(target))
    assert target.read_bytes().startswith(b"%PDF-")


def test_a_file_that_cannot_be_written_is_said_with_its_reason(demo_home: Home, tmp_path: Path) -> None:
    done = demo_home.run("attestation", "--out", str(tmp_path / "no" / "such" / "folder.pdf"), "--json")
    assert (done.code, done.error["code"]) == (1, "cannot_write")


@pytest.mark.parametrize("args", [
    ("documents", "get", "no-such-id", "--out", "never-written"), ("messages", "read", "no/such id")])
def test_an_id_that_names_nothing_exits_1(args: tuple[str, ...], demo_home: Home) -> None:
    done = demo_home.run(*args, "--json")
    assert done.code == 1
    assert set(done.error) == {"code", "message", "hint"}


def test_messages_are_listed_and_read(demo_home: Home) -> None:
    messages = demo_home.json("messages")
    assert messages
    one = demo_home.json("messages", "read", messages[0]["id"])
    assert one["subject"] == messages[0]["subject"]
    assert one["body"]
    assert [origin["way"] for origin in one["origins"]] == ["sync"]
    shown = demo_home.run("messages", "read", messages[0]["id"]).out
    assert "Came by" in shown and "the account service, " in shown
    assert one["subject"] in shown
    assert messages[0]["id"] in demo_home.run("messages").out


def test_profile_and_coverage_are_known(demo_home: Home) -> None:
    profile = demo_home.json("profile")
    assert profile["nir"].startswith(demo_home.details["nir"])
    assert profile["beneficiaries"]
    assert profile["name"] in demo_home.run("profile").out
    coverage = demo_home.json("coverage")
    assert set(coverage) >= {"top_up", "source"}
    assert demo_home.run("coverage").code == 0


def test_doctor_finds_a_demo_in_good_health(demo_home: Home) -> None:
    answer = demo_home.json("doctor")
    assert [check for check in answer["checks"] if not check["ok"]] == []
    assert answer["ok"] is True


def test_a_locked_demo_opens_again_by_itself(demo_home: Home) -> None:
    assert demo_home.json("lock")["state"] == "locked"
    assert demo_home.json("payments", "--limit", "1")


def test_a_reader_that_leaves_early_is_no_failure(demo_home: Home) -> None:
    import subprocess
    import sys

    from tests.commands import clean_environment

    with subprocess.Popen([sys.executable, "-m", "ameli_tui", "payments", "--json"], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=clean_environment(AMELI_HOME=str(demo_home.folder))) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 141


def test_nothing_of_the_account_stands_readable_in_the_home(demo_home: Home) -> None:
    profile = demo_home.json("profile")
    secrets = [*(demo_home.details[name] for name in ("nir", "password", "passphrase")), profile["name"]]
    for file in demo_home.folder.rglob("*"):
        if file.is_file() and demo_home.folder / "sandbox" not in file.parents:
            data = file.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in data], file


def test_the_home_is_closed_to_others(demo_home: Home) -> None:
    for file in (demo_home.folder, *demo_home.folder.rglob("*")):
        assert not stat.S_IMODE(file.lstat().st_mode) & 0o077 or file.is_symlink(), file


def test_json_output_holds_nothing_that_a_terminal_obeys(demo_home: Home) -> None:
    for args in (("payments",), ("messages",), ("documents",), ("profile",)):
        out = demo_home.run(*args, "--json").out
        json.loads(out)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
