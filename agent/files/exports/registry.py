"""The formats by name, each with its maker, imported when it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from agent.files.exports.account import Account
from agent.files.formats.errors import UnknownFormat


@dataclass(frozen=True, slots=True)
class Format:
    """One format: where its maker is, and what its files are called."""

    module: str
    media_type: str
    suffix: str


FORMATS: Mapping[str, Format] = {
    "csv": Format("csv_file", "text/csv; charset=utf-8", "csv"),
    "csv-excel": Format("csv_file", "text/csv; charset=utf-8", "csv"),
    "json": Format("json_file", "application/json", "json"),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "beancount": Format("beancount", "text/plain; charset=utf-8", "beancount"),
    "ledger": Format("ledger", "text/plain; charset=utf-8", "journal"),
    "fhir": Format("fhir", "application/fhir+json", "json"),
    "ics": Format("ics", "text/calendar", "ics"),
    "report": Format("pdf_report", "application/pdf", "pdf"),
}
"""What ``make`` can make."""


def make(name: str, account: Account) -> bytes:
    """The account as one file of the format ``name``. Raises UnknownFormat."""
    if name not in FORMATS:
        raise UnknownFormat(known=", ".join(FORMATS))
    module = import_module(f"agent.files.exports.{FORMATS[name].module}")
    made: bytes = module.make_excel(account) if name == "csv-excel" else module.make(account)
    return made
