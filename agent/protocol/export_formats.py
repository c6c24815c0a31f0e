"""Every form in which the account can be written: the one list that maker, command and screen follow."""

from typing import NamedTuple


class ExportFormat(NamedTuple):
    """One form."""

    name: str
    """What ``GET /v1/export`` is asked for."""
    typed: str
    """After ``ameli export --format``: the name, or another one's with an option."""
    suffix: str
    """How its files end, without the first dot."""
    media_type: str
    fr: str
    en: str
    """What it is."""


DOCUMENTS = "documents"
"""The documents one by one, put together by whoever asks; the others are made by the agent."""
_TABLE, _TEXT = "text/csv; charset=utf-8", "text/plain; charset=utf-8"
EXPORT_FORMATS = (
    ExportFormat("report", "report", "pdf", "application/pdf",
                 "Rapport d'une année, avec graphiques (PDF)", "Report of a year, with charts (PDF)"),
    ExportFormat("xlsx", "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                 "Classeur\u00a0: paiements, lignes, retenues, ce qui est dû (xlsx)",
                 "Workbook: payments, lines, deductions, what is owed (xlsx)"),
    ExportFormat("csv-excel", "csv --excel", "csv", _TABLE,
                 "Tableau pour Excel en français (csv)", "Table for a French Excel (csv)"),
    ExportFormat("csv", "csv", "csv", _TABLE,
                 "Tableau pour d'autres programmes (csv)", "Table for other programs (csv)"),
    ExportFormat(DOCUMENTS, DOCUMENTS, "zip", "application/zip",
                 "Tous les documents gardés ici (zip)", "All documents kept here (zip)"),
    ExportFormat("json", "json", "json", "application/json",
                 "Tout, tel quel (json)", "Everything as it is (json)"),
    ExportFormat("beancount", "beancount", "beancount", _TEXT,
                 "Partie double pour Beancount", "Double entry for Beancount"),
    ExportFormat("ledger", "ledger", "journal", _TEXT,
                 "Partie double pour Ledger et hledger", "Double entry for Ledger and hledger"),
    ExportFormat("fhir", "fhir", "fhir.json", "application/fhir+json",
                 "Dossier de santé\u00a0: FHIR R4 ExplanationOfBenefit (json)",
                 "Health record: FHIR R4 ExplanationOfBenefit (json)"),
    ExportFormat("ics", "ics", "ics", "text/calendar",
                 "Échéances, pour un agenda (ics)", "Deadlines, for an agenda (ics)"),
)
"""In the order in which they are offered."""
