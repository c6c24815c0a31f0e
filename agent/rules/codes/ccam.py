"""The technical acts of the CCAM: what kind of act each code is, by what the fund prints beside it."""

import re
from dataclasses import replace
from functools import lru_cache

from agent.rules.codes.act import Act, Costly, Family, Kind
from agent.rules.codes.dental import CROWNS, DENTURES
from agent.rules.errors import BaseNeeded
from config import ccam
from config.labels import technical_acts
from config.tariffs import load

_WRITTEN = re.compile(r"([A-Z]{4}[0-9]{3})(?:[-/]([0-9]))?(?:[-/]([0-9]))?(?:[-/]([A-Z]))?")
"""A code, with its activity and its phase where they are not the ordinary ones, and a modifier."""
_RISES = {"Z": "acts.radiologist_rise", "Y": "acts.x_ray_rise"}
"""Modifiers that add per cents to plain X-rays: of radiologists, of rheumatologists and lung doctors."""
_FREE_PRICE = {Kind.TECHNICAL, Kind.IMAGING, Kind.PROSTHESIS}
_GROUPS = {
    (Kind.TECHNICAL, "doctor"): "ADC ACO ADA ADE ATM",
    (Kind.IMAGING, "doctor"): "ADI",
    (Kind.DENTAL, "dental"): "ADM AID ASC AXI DEN END SDE TDS",
    (Kind.PROSTHESIS, "dental"):
        "BR1 CM0 CT0 CT1 CZ0 IC0 IC1 ICO IMP IN1 INO PA0 PA1 PAM PAR PDT PF0 PF1 PFC PFM PT0 RA0 RE1 RF0 RPN RS0 SU0"
        " SU1",
}
"""Which acts a group has, and whose rate: those of doctors keep it when a dentist does them (R160-5 3° bis)."""
_KIND_OF = {group: kind for kind, groups in _GROUPS.items() for group in groups.split()}
_BY_LETTERS = {"QX": Family.PATHOLOGY, "QL": Family.NUCLEAR}
_BY_PART = {"x_ray": Family.X_RAY, "ct": Family.CT}
"""Letters do not tell a scanner from a plain X-ray."""
_CROWNS = {"CM0", "CT0", "CZ0", "IC0", "PF0"}
_IN_BASKET = {"HBLD038": "top_up.basket_metal_crown", "HBLD073": "top_up.basket_zirconia_molar"}
"""Prostheses that came into the 100 % Santé basket, or may have left it, on a day of their own."""
_WITH_CONSULTATION = {"PAQK007", "QZHA001"}
"""Bone density and a biopsy of the skin; the electrocardiogram and the smear are told in ``technical``."""
_NOT_REFUNDED = (Kind.FEE, "not_refundable")


@lru_cache(4096)
def technical_act(written: str) -> Act | None:
    """The act that ``HHFA001``, ``HHFA001/4``, ``BDLA003/1/2`` or ``ZBQK002/Z`` means: code, activity, phase, modifier.

    None where the table has no such code, activity or phase, or the act takes no such modifier. Raises BaseNeeded where
    an act is only billed in phases and none is written."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    code, activity, phase, modifier = match[1], match[2] or "1", match[3], match[4] or ""
    tariffs = [tariff for tariff in ccam.find(code) if tariff.activity == activity]
    chosen = [tariff for tariff in tariffs if tariff.phase == (phase or "0")]
    if tariffs and not chosen and phase is None:
        raise BaseNeeded(act=written, nearest=", ".join(tariff.name for tariff in tariffs))
    act = _act(chosen[0]) if chosen else None
    if act is None or not modifier:
        return act
    if act.family is not Family.X_RAY or modifier not in _RISES:
        return None
    return replace(act, code=f"{act.code}/{modifier}", rise=_RISES[modifier])


def nearest(written: str) -> list[str]:
    """Codes of the table that begin as this one does; none for what is not written like one."""
    return ccam.near(written[:7]) if re.match(r"[A-Z]{4}[0-9]", written) else []


def in_words(act: Act) -> tuple[str, str] | None:
    """What a technical act is, in French and English: in this program's words, else in the fund's, which are French.

    None where neither has any."""
    if not ccam.CODE.match(act.code):
        return None
    code = act.code[:7]
    if (words := technical_acts().get(code)) is not None:
        return words.fr, words.en
    official = ccam.official_words(code)
    return (official, official) if official else None


def _act(tariff: ccam.Tariff) -> Act:
    ordinary, outside = ccam.names(tariff)
    refunded = any(price.refunded for price in tariff.prices if price is not None)
    kind, rate = _KIND_OF.get(tariff.group, (Kind.TECHNICAL, "doctor")) if refunded else _NOT_REFUNDED
    return Act(
        tariff.name, kind, f"rate.{rate}", ordinary if refunded else "", free_price=kind in _FREE_PRICE,
        lower=outside if outside != ordinary else "", group=tariff.group, conditions=tariff.conditions,
        family=_family(tariff), activity=tariff.activity, class_=_costly(tariff, kind),
        with_consultation=tariff.code in _WITH_CONSULTATION, cap=_cap(tariff), basket=_basket(tariff),
    )  # fmt: skip


def _cap(tariff: ccam.Tariff) -> str:
    """The parameter of the highest price that a dentist may ask, where it was found."""
    name = f"dental_prosthesis.{tariff.code}"
    return name if name in load().parameters else ""


def _basket(tariff: ccam.Tariff) -> str:
    """The parameter of the 100 % Santé basket; the last sign of the group tells which prostheses are of it."""
    if not tariff.group.endswith("0"):
        return ""
    return _IN_BASKET.get(tariff.code, CROWNS if tariff.group in _CROWNS else DENTURES)


def _family(tariff: ccam.Tariff) -> Family:
    """By the letters of the code: the third and fourth say what is done and how."""
    done = tariff.code[2:4]
    if tariff.code.startswith("YYYY"):
        return Family.SUPPLEMENT
    if done in _BY_LETTERS:
        return _BY_LETTERS[done]
    if tariff.code.startswith("AHQ"):
        return Family.NERVES
    if tariff.group == "ADE":
        return Family.ULTRASOUND
    if tariff.group != "ADI":
        return Family.GENERAL
    if done in {"QN", "QJ"}:
        return Family.MRI
    words = technical_acts().get(tariff.code)
    return _BY_PART.get(words.part, Family.IMAGING) if words else Family.IMAGING


def _costly(tariff: ccam.Tariff, kind: Kind) -> Costly:
    """From the fund's class: 1 for acts that treat or invade, 2 for those that only examine, 5 for neither."""
    if kind is Kind.IMAGING:
        return Costly.FREE
    printed = tariff.exemption[:1]
    return {"1": Costly.COUNTED_TOGETHER, "2": Costly.COUNTED_ALONE}.get(printed, Costly.ORDINARY)
