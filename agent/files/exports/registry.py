"""The formats that are made here, each with its maker, imported when it is used."""

from collections.abc import Mapping
from importlib import import_module

from agent.files.exports.account import Account
from agent.files.formats.errors import UnknownFormat
from agent.protocol.export_formats import EXPORT_FORMATS, ExportFormat

MAKERS: Mapping[str, str] = {
    "report": "pdf_report.make",
    "xlsx": "xlsx.make",
    "csv-excel": "csv_file.make_excel",
    "csv": "csv_file.make",
    "json": "json_file.make",
    "beancount": "beancount.make",
    "ledger": "ledger.make",
    "fhir": "fhir.make",
    "ics": "ics.make",
}
"""Module and function by the name of the format."""
FORMATS: Mapping[str, ExportFormat] = {known.name: known for known in EXPORT_FORMATS if known.name in MAKERS}
"""What ``make`` can make."""


def make(name: str, account: Account) -> bytes:
    """The account as one file of the format ``name``. Raises UnknownFormat."""
    if name not in FORMATS:
        raise UnknownFormat(known=", ".join(FORMATS))
    module, _dot, function = MAKERS[name].partition(".")
    made: bytes = getattr(import_module(f"agent.files.exports.{module}"), function)(account)
    return made
