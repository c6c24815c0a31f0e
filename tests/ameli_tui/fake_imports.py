"""Files taken in, as the stand-in for the agent tells of them, and where what it shows came from."""

from typing import Any

ORIGINS: list[dict[str, str]] = [
    {"way": "sync", "import": "", "at": "2026-11-23T08:05:00+00:00"},
    {"way": "statement", "import": "3fa2b1c0d4e5", "at": "2026-11-02T18:20:00+00:00"},
]
"""Where everything came from here, the best source first."""


def said_by_a_statement() -> dict[str, Any]:
    """What a statement says of a payment otherwise than the service: another base, and a second deduction."""
    return {**ORIGINS[1],
            "lines": [{"id": "-l1", "beneficiary": "CAMILLE", "act": "C GENERALISTE", "act_date": "2026-11-02",
                       "paid": "30.00", "base": "26.50", "rate": "70", "reimbursed": "18.55", "code": "G"}],
            "deductions": [{"id": "-r1", "kind": "participation", "label": "PF", "act_date": None, "amount": "-2.00"},
                           {"id": "-r2", "kind": "franchise", "label": "FM", "act_date": None, "amount": "-0.50"}],
            "indemnities": []}


def taken_earlier(key: str, name: str, at: str, *, new: int = 1, known: int = 3) -> dict[str, Any]:
    """A file as the list of those taken in tells it."""
    return {"id": key, "name": name, "at": at, "version": "0.1.0", **taken(name), "new": new, "known": known}


WHOSE = {"code": "whose_is_it", "exit": 5,
         "message": {"fr": "Est-ce bien de ce compte ?", "en": "Is it of this account?"},
         "hint": {"fr": "ameli import --mine", "en": "ameli import --mine"}}


def taken(name: str, mine: str | None = None) -> dict[str, Any]:
    """What became of a file: a broken one is told, a recorded session has its notes, others are statements; one whose
    name says ``doubt`` needs the person's word."""
    if "doubt" in name and mine != "yes":
        problem = WHOSE if mine is None else WHOSE | {
            "code": "said_other_account", "message": {"fr": "Vous avez dit que non.", "en": "You said no."}}
        return {"kind": "har", "new": 0, "known": 0, "problem": problem, "problems": [problem | {"count": 1}],
                "notes": []}
    if "broken" in name:
        problem = {"code": "not_har", "exit": 1,
                   "message": {"fr": "Ce fichier est coupé ou abîmé.", "en": "This file is cut short or damaged."},
                   "hint": {"fr": "Refaites-le.", "en": "Record it again."}}
        return {"kind": "har", "new": 0, "known": 0, "problem": problem, "problems": [problem | {"count": 1}],
                "notes": []}
    notes = [{"fr": "3 requêtes de la connexion, avec votre mot de passe, écartées.",
              "en": "3 requests of the sign-in, with your password, were dropped."},
             {"fr": "Supprimez maintenant ce fichier HAR : il contient votre mot de passe.",
              "en": "Delete that HAR file now: it holds your password."}] if name.endswith(".har") else []
    return {"kind": "har" if notes else "statement", "new": 12 if notes else 1, "known": 0, "problem": None,
            "problems": [], "notes": notes}


def preview(name: str, columns: str = "") -> dict[str, Any]:
    """What a file would bring: a table whose columns have to be said, else as ``taken`` without a trace."""
    if not name.endswith(".csv"):
        return {**taken(name), "id": "", "unread_rows": [], "table": None, "covered": [], "credits": []}
    roles = {1: "day", 2: "label", 3: "amount"} if columns else {}
    asked = {"code": "bank_columns_asked", "exit": 1,
             "message": {"fr": "Rien n'y dit quelle colonne est le montant.",
                         "en": "Nothing in it tells which column is the amount."},
             "hint": {"fr": "Dites-le.", "en": "Say it."}}
    return {
        "id": "", "kind": "csv", "new": 2 if columns else 0, "known": 0, "notes": [], "unread_rows": [],
        "problem": None if columns else asked, "problems": [] if columns else [asked | {"count": 1}],
        "covered": [{"since": "2026-10-20", "until": "2026-10-28"}] if columns else [],
        "credits": [{"on": "2026-10-20", "amount": "17.50", "label": "VIR CPAM PARIS"},
                    {"on": "2026-10-28", "amount": "9.00", "label": "VIR CPAM PARIS"}] if columns else [],
        "table": {"how": "said" if columns else "", "columns": [
            {"at": at, "head": head, "role": roles.get(at, "")}
            for at, head in enumerate(("Kig", "Sagt", "Raha", "Muu"), 1)], "rows": [
            {"row": 2, "cells": ["20/10/2026", "VIR CPAM PARIS", "17,50", "0,00"]},
            {"row": 3, "cells": ["21/10/2026", "LOYER", "-800,00", "0,00"]},
            {"row": 4, "cells": ["28/10/2026", "VIR CPAM PARIS", "9,00", "0,00"]}]}}


class FakeImports:
    """The list of files taken in, each of which can be taken back."""

    def __init__(self) -> None:
        self.files = [taken_earlier("3fa2b1c0d4e5", "releve-octobre.pdf", "2026-11-02T18:20:00+00:00"),
                      taken_earlier("77aa10f2b3c4", "session-octobre.har", "2026-10-30T18:20:00+00:00", new=12)]
        """The newest first."""

    def take_back(self, key: str) -> dict[str, Any]:
        one = next((one for one in self.files if one["id"] == key), None)
        if one is None:
            raise KeyError("not_found")
        one["undone"] = "2026-11-23T09:30:00+00:00"
        return {"id": key, "name": one["name"], "payments": 2, "documents": 1, "messages": 0, "credits": 0, "shares": 0,
                "kept": 3, "person": False, "matches": [],
                "marks": [{"payment": "p000001", "paid_on": "2026-10-05", "amount": "9.00", "on": "2026-10-20"}]}
