"""From what the service prints beside an act to a code of the nomenclature: a printed code is believed, a label read
by its words, and base and rate choose where the words leave a choice. What stays open is said, never guessed."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from agent.account import ActLine
from agent.protocol.payments import CareLine
from agent.rules.codes.local_scheme import added_points, both_shares
from agent.rules.codes.nomenclature import ACTS, Kind, read_acts
from agent.rules.dated_tables import era
from agent.rules.errors import UnknownAct
from config.fold import fold
from config.labels import Label
from config.labels import load as load_labels
from config.tariffs import load

Certainty = Literal["exact", "likely", "unknown"]
_WORD = re.compile(r"[A-Z0-9]+")
_SECTOR = re.compile(r"\bSECT(?:EUR)? ?([12])\b")
_PRINTED_CODE = re.compile(r"\(\s*([A-Z0-9+]{1,12})\s*\)\s*$")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an act is taken for."""

    code: str | None
    """One code or several joined by ``+`` as ``Care.act`` takes them; None when nothing chooses one."""
    kind: Kind | None
    """None when the act is unknown: then nothing may be computed from it."""
    certainty: Certainty
    """``exact``: the code was printed. ``likely``: words of the label. ``unknown``: neither says anything."""
    sector: Literal["1", "2"] | None = None
    """What the label or the base tells of the physician's sector."""
    candidates: tuple[str, ...] = ()
    """The codes left when ``code`` is None."""
    second_share: bool = False
    """What the local scheme of Alsace-Moselle adds to care that stands on another line."""

    main: str | None = field(init=False)
    """The first of its codes, without coefficient."""
    participation: bool = field(init=False)
    """Whether it carries the participation forfaitaire."""
    franchise: str = field(init=False)
    """The parameter of its franchise (``drug_box``, ``auxiliary_act``, ``transport_trip``), or nothing."""

    def __post_init__(self) -> None:
        # Any code of its kind: what an act carries depends on its kind alone.
        # A second share of care owes nothing more: what is due is withheld on the first.
        example = ACTS[_EXAMPLES[self.kind]] if self.kind in _EXAMPLES and not self.second_share else None
        object.__setattr__(self, "main", self.code.partition("+")[0] if self.code else None)
        object.__setattr__(self, "participation", example is not None and example.participation)
        object.__setattr__(self, "franchise", example.franchise if example is not None else "")


_EXAMPLES = {act.kind: code for code, act in reversed(ACTS.items())}
_PLAIN = "consultation.specialist_plain"
UNKNOWN = Recognised(None, None, "unknown")


def recognise(line: ActLine | CareLine) -> Recognised:
    """What a line of a payment is: ``line`` is the model's object or the contract's JSON shape."""
    if isinstance(line, ActLine):
        return recognise_act(line.act, line.code, line.base, line.rate, line.act_date)
    on = era(date.fromisoformat(line["act_date"])) if line["act_date"] else None
    label, code = line["act"], line.get("code")
    return _recognise_printed(label, code, line["base"] if _base_tells(label, code) else None, line["rate"], on)


@lru_cache(maxsize=2048)
def _base_tells(label: str, code: str | None) -> bool:
    """Whether the base has a say in what an act is: medicines of a hundred prices are one act."""
    _text, printed, entry = _words_of(label)
    act = _by_code(code) or _by_code(printed) or (_by_code(label) if entry is None else None)
    if act is not None:
        return act.kind is Kind.DOCTOR
    return entry is not None and bool(entry.supplements or entry.also or _kind_of(entry) is Kind.DOCTOR)


def forget() -> None:
    """Recognise anew: a person took another table of codes in."""
    _recognise_printed.cache_clear()
    recognise_act.cache_clear()


@lru_cache(maxsize=8192)
def _recognise_printed(
    label: str, code: str | None, base: str | None, rate: str | None, on: date | None
) -> Recognised:
    return recognise_act(label, code, _decimal(base), _decimal(rate), on)


@lru_cache(maxsize=1024)
def recognise_act(
    label: str,
    code: str | None = None,
    base: Decimal | None = None,
    rate: Decimal | None = None,
    on: date | None = None,
) -> Recognised:
    """What an act is, from its label, printed code, base (euros), rate (per cent) and day of care."""
    text, printed, entry = _words_of(label)
    sector = _printed_sector(text)
    act = _by_code(code) or _by_code(printed) or (_by_code(label) if entry is None else None)
    if act is not None:
        second = _second_share(act.code, rate, on)
        return Recognised(
            act.code, act.kind, "exact", sector or _sector(act.code, act.kind, base, on), second_share=second
        )
    if entry is None:
        return UNKNOWN
    chosen = _choose(entry, base, rate, on)
    kind = ACTS[chosen.partition("+")[0]].kind if chosen else _kind_of(entry)
    if kind is None:
        return UNKNOWN
    return Recognised(
        chosen,
        kind,
        "likely",
        sector or _sector(chosen, kind, base, on),
        () if chosen else entry.codes,
        _second_share(chosen, rate, on),
    )


@lru_cache(maxsize=2048)
def _words_of(label: str) -> tuple[str, str | None, Label | None]:
    """The label in plain capitals, the code printed in its brackets, and the entry that fits its words."""
    plain = fold(label[:200]).encode("ascii", "ignore").decode().upper()
    printed = _PRINTED_CODE.search(plain)
    words = frozenset(_WORD.findall(plain))
    fitting = next((entry for entry in load_labels().labels if entry.fits(words)), None)
    return plain, printed[1] if printed else None, fitting


def _by_code(code: str | None) -> Recognised | None:
    if not code:
        return None
    code = code.strip().upper()
    try:
        billed = read_acts(code)
    except UnknownAct:
        kind = load_labels().other_codes.get(code)
        return None if kind is None else Recognised(None, Kind(kind), "exact")
    main = next((one for one in billed if one.act.kind not in {Kind.SUPPLEMENT, Kind.TRAVEL}), billed[0])
    return Recognised(code, main.act.kind, "exact")


def _choose(entry: Label, base: Decimal | None, rate: Decimal | None, on: date | None) -> str | None:
    """The one code that words, base and rate leave, or None."""
    if len(entry.codes) != 1:
        return _by_rate(entry.codes, rate, on)
    main = entry.codes[0]
    if base is None or on is None or base in bases(main, on):
        return main
    for supplement in entry.supplements:
        whole, more = _tariff(main, on), _tariff(supplement, on)
        if whole is not None and more is not None and whole + more == base:
            return f"{main}+{supplement}"
    for amounts_of in (_tariffs, bases):  # the tariff within the pathway tells more than the others
        fitting = [code for code in entry.also if base in amounts_of(code, on)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else main
    return main


def _by_rate(codes: tuple[str, ...], rate: Decimal | None, on: date | None) -> str | None:
    """The code whose ordinary rate is printed. 100 % tells nothing: a situation may raise any rate to it."""
    if rate is None or on is None or rate == _value("rate.full", on):
        return None
    ordinary = [code for code in codes if _value(ACTS[code].rate, on) == rate]
    fitting = ordinary or [code for code in codes if rate in _local_rates(code, on)]
    return fitting[0] if len(fitting) == 1 else None


def _local_rates(code: str, on: date) -> tuple[Decimal | None, Decimal | None]:
    """Both shares together, and the local scheme's alone, in per cent."""
    return both_shares(ACTS[code].rate, on), added_points(ACTS[code].rate, on)


def _second_share(code: str | None, rate: Decimal | None, on: date | None) -> bool:
    """Whether the printed rate is what the local scheme adds to the act's own."""
    act = ACTS.get(code.partition("+")[0]) if code else None
    return act is not None and rate is not None and on is not None and added_points(act.rate, on) == rate


def _kind_of(entry: Label) -> Kind | None:
    if entry.kind:
        return Kind(entry.kind)
    kinds = {ACTS[code].kind for code in entry.codes}
    return kinds.pop() if len(kinds) == 1 else None


def _printed_sector(text: str) -> Literal["1", "2"] | None:
    sector = _SECTOR.search(text)
    return None if sector is None else "1" if sector[1] == "1" else "2"


def _sector(code: str | None, kind: Kind | None, base: Decimal | None, on: date | None) -> Literal["1", "2"] | None:
    """The sector a consultation's base betrays, where the two bases differ on that day."""
    if code is None or base is None or on is None or kind is not Kind.DOCTOR:
        return None
    act = ACTS.get(code.partition("+")[0])
    lower = _value(act.lower, on) if act is not None and act.lower else None
    if act is None or lower is None:
        return None
    if act.lower == "consultation.specialist_sector_2" and lower == _value(_PLAIN, on):
        return None  # where the supplements stand on lines of their own, the consultation has the lower base too
    ordinary = {_value(name, on) for name in (act.tariff, act.alone) if name}
    if lower in ordinary:
        return None
    return "1" if base in ordinary else "2" if base == lower else None


def _tariff(code: str, on: date) -> Decimal | None:
    name = ACTS[code].tariff if code in ACTS else ""
    return _value(name, on) if name else None


def _tariffs(code: str, on: date) -> tuple[Decimal | None, ...]:
    return (_tariff(code, on),)


def bases(code: str, on: date) -> tuple[Decimal | None, ...]:
    """The bases that the tables give an act: within the pathway, out of it, in sector 2. In euros."""
    act = ACTS[code]
    return tuple(_value(name, on) for name in (act.tariff, act.alone, act.lower) if name)


@lru_cache(maxsize=8192)
def _value(name: str, on: date) -> Decimal | None:
    tariffs = load()
    return tariffs.value(name, on) if tariffs.known(name, on) else None


def _decimal(given: str | None) -> Decimal | None:
    if given is None:
        return None
    try:
        return Decimal(given)
    except InvalidOperation:
        return None
