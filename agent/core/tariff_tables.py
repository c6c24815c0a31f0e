"""What the rules know from when, and versions of the fund's table that a person takes in. Public data: no vault."""

from __future__ import annotations

from datetime import date

from agent.errors import AmeliError
from agent.protocol.tariffs import (
    TakenTariffs,
    TariffsStatus,
    TariffTable,
    TariffValue,
    TariffVersion,
    TechnicalActs,
)
from agent.rules.renewal import forget_tables
from config import ccam
from config.atomic_file import replace_file
from config.ccam.table import Table
from config.ccam.taken_in import taken_in, unpack
from config.paths import Paths
from config.tariff_folder import SUFFIX
from config.tariffs import Parameter, Tariffs, UnknownTariff, load


class BadTable(AmeliError):
    """Bytes that are no packed table of the fund."""

    code = "bad_tariff_table"
    http_status = 422
    fr = "Ce n'est pas une table de la CCAM lue par « ameli tariffs import » : {why}."
    en = "This is no table of the CCAM read by `ameli tariffs import`: {why}."
    hint_fr = "Lancez « ameli tariffs import FICHIER ». Rien n'a changé."
    hint_en = "Run `ameli tariffs import FILE`. Nothing was changed."


class NoSuchTable(AmeliError):
    """A table of the law that does not exist."""

    code = "no_such_table"
    exit_code = 2
    http_status = 404
    fr = "Cette table n'existe pas ; connues : {known}."
    en = "There is no such table; known: {known}."
    hint_fr = "Lancez « ameli tariffs status »."
    hint_en = "Run `ameli tariffs status`."


def take_in(paths: Paths, packed: bytes) -> TakenTariffs:
    """Keep a version of the fund's table, checked line by line. Raises BadTable, OSError."""
    try:
        table = unpack(packed)
        table.check()
        (version,) = table.versions
    except ValueError as error:
        raise BadTable(why=str(error)[:100]) from error
    file = paths.tariffs / f"{version.name.lower()}{SUFFIX}"
    kept = file.is_file() and file.read_bytes() == packed
    changed = 0 if kept else _changed(table)
    if not kept:
        replace_file(file, packed)
        forget_tables()
    return {
        "version": version.name, "applies_from": version.day.isoformat(), "acts": len(table.codes()),
        "words": table.count_words(), "changed": changed, "known": kept,
    }


def status(on: date, name: str | None = None) -> TariffsStatus:
    """What is known on a day; of the table ``name`` every value. Raises NoSuchTable."""
    tariffs = load()
    if name is not None and name not in tariffs.reviews:
        raise NoSuchTable(known=", ".join(sorted(tariffs.reviews)))
    tables = [_table(tariffs, concept, on, concept == name) for concept in sorted(tariffs.reviews)]
    acts = _technical_acts(on)
    return {
        "on": on.isoformat(), "entries": sum(table["entries"] for table in tables),
        "with_first_day": sum(table["with_first_day"] for table in tables),
        "read_only": sum(table["read_only"] for table in tables),
        "sources": len({entry.source for parameter in tariffs.parameters.values() for entry in parameter.history}),
        "stale": [*tariffs.stale(on), *(["ccam"] if acts["stale"] else [])],
        "tables": [table for table in tables if name in (None, table["name"])], "technical_acts": acts,
    }


def _table(tariffs: Tariffs, concept: str, on: date, with_values: bool) -> TariffTable:
    parameters = [one for one in tariffs.parameters.values() if one.name.partition(".")[0] == concept]
    entries = [entry for parameter in parameters for entry in parameter.history]
    readings = [parameter.reading(on) for parameter in parameters]
    review = tariffs.reviews[concept]
    began = sum(entry.began for entry in entries)
    table: TariffTable = {
        "name": concept, "review": review.isoformat(), "stale": review < on, "parameters": len(parameters),
        "entries": len(entries), "with_first_day": began, "read_only": len(entries) - began,
        "latest_only": sum(reading is not None and reading.doubt == "outdated" for reading in readings),
        "not_known": sum(reading is None for reading in readings), "sources": len({entry.source for entry in entries}),
    }
    if with_values:
        table["values"] = [_value(parameter, on) for parameter in parameters]
    return table


def _value(parameter: Parameter, on: date) -> TariffValue:
    reading = parameter.reading(on)
    entry = None if reading is None else reading.entry
    return {
        "name": parameter.name, "label": parameter.label, "unit": parameter.unit,
        "value": None if entry is None else str(entry.value),
        "since": None if entry is None else entry.since.isoformat(), "began": entry is not None and entry.began,
        "source": None if entry is None else entry.source, "doubt": "" if reading is None else reading.doubt,
    }


def _technical_acts(on: date) -> TechnicalActs:
    taken = taken_in()
    versions = [_version(table, place, taken=False) for table in (ccam.shipped(),) for place in range(len(
        table.versions))]  # fmt: skip
    versions += [_version(table, place, taken=True) for table in taken.tables for place in range(len(table.versions))]
    review = ccam.review()
    return {
        "review": review.isoformat(), "stale": review < on, "acts": len(ccam.tables()[-1].codes()),
        "versions": versions, "damaged": [file.name for file in taken.damaged],
    }


def _version(table: Table, place: int, *, taken: bool) -> TariffVersion:
    version = table.versions[place]
    return {
        "version": version.name, "applies_from": version.day.isoformat(), "taken_in": taken,
        "words": table.count_words(),
    }


def _changed(table: Table) -> int:
    """Tariffs of a table that are not those known for its day."""
    day, changed = table.versions[-1].day, 0
    for tariff in table.tariffs():
        price = next((price for price in tariff.prices if price.day == day and not price.began), None)
        if price is not None:
            changed += _known(f"{ccam.PREFIX}{tariff.name}", day) != price.ordinary
    return changed


def _known(name: str, day: date) -> object:
    try:
        reading = ccam.parameter(name).reading(day)
    except (KeyError, UnknownTariff):
        return None
    return None if reading is None or reading.doubt == "between" else reading.entry.value
