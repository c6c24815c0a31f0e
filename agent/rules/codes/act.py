"""What the engine must know of a code, and how a group of codes is written down."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, Unpack


class Kind(StrEnum):
    """What a rule asks about an act."""

    DOCTOR = "doctor"
    TECHNICAL = "technical"
    IMAGING = "imaging"
    SUPPLEMENT = "supplement"
    DENTAL = "dental"
    PROSTHESIS = "prosthesis"
    MIDWIFE = "midwife"
    AUXILIARY = "auxiliary"
    TRAVEL = "travel"
    BIOLOGY = "biology"
    SAMPLING = "sampling"
    MEDICINE = "medicine"
    FEE = "fee"
    DEVICE = "device"
    TRANSPORT = "transport"
    STAY = "stay"
    DAY_CHARGE = "day_charge"
    EMERGENCY = "emergency"
    PSYCHOLOGIST = "psychologist"
    CASH_BENEFIT = "cash_benefit"
    DEDUCTION = "deduction"


class Costly(StrEnum):
    """What becomes of the share in per cent when an act is a costly one (R160-16)."""

    COUNTED_TOGETHER = "counted_together"
    """The flat share stands for it; the tariffs of such acts of one time are added up."""
    COUNTED_ALONE = "counted_alone"
    """The flat share stands for it where the act alone is costly."""
    FREE = "free"
    """Nothing is left to pay: imaging."""
    ORDINARY = "ordinary"
    """It stays."""


class Family(StrEnum):
    """Technical acts that have a rule of their own when several are done at the same time."""

    GENERAL = "general"
    SUPPLEMENT = "supplement"
    PATHOLOGY = "pathology"
    NERVES = "nerves"
    """Electromyography and what goes with it."""
    NUCLEAR = "nuclear"
    X_RAY = "x_ray"
    ULTRASOUND = "ultrasound"
    CT = "ct"
    MRI = "mri"
    IMAGING = "imaging"
    """Imaging of another kind."""


_COSTLY = {
    Kind.TECHNICAL: Costly.COUNTED_TOGETHER, Kind.DENTAL: Costly.COUNTED_TOGETHER, Kind.IMAGING: Costly.FREE,
}
_FRANCHISES = {Kind.MEDICINE: "drug_box", Kind.AUXILIARY: "auxiliary_act", Kind.TRANSPORT: "transport_trip"}


@dataclass(frozen=True, slots=True)
class Act:
    """One code. ``tariff`` and ``rate`` name parameters of the tables; no tariff means that the tables have
    none, so that only a base, or a price above which nothing may be asked, can stand for it; no rate that none was
    published."""

    code: str
    kind: Kind
    rate: str
    tariff: str = ""
    key: bool = False
    """The tariff is a key letter, multiplied by the coefficient written behind the code."""
    session: str = ""
    """Parameter of the coefficient when none is written."""
    free: str = ""
    """Parameter of what is taken off the coefficient: the kilometres that are not paid."""
    free_price: bool = False
    """The professional may ask more than the tariff: without a tariff the base must be given."""
    direct: bool = False
    """Seen without a letter of the treating doctor, coordinated all the same."""
    young_direct: bool = False
    """Seen without a letter up to 25 years."""
    alone: str = ""
    """Parameter of the tariff without the coordination supplement: out of the coordinated pathway."""
    lower: str = ""
    """Parameter of the tariff at a doctor of sector 2 without OPTAM; nothing when it was not found."""
    within: bool = False
    """Billed within the coordinated pathway only: out of it the doctor bills something else."""
    contracted: bool = False
    """Supplement of doctors who keep to the tariffs: sector 1 and OPTAM."""
    cap: str = ""
    """Parameter of the highest price that may be asked."""
    limit: str = ""
    """Parameter of the most that a responsible contract gives, the fund's part included."""
    floor: str = ""
    """Parameter of the least that a responsible contract gives when it pays such things above the base."""
    basket: str = ""
    """Parameter that says from when it is in the 100 % Santé basket: up to the highest price nothing is left to pay."""
    share_of_price: str = ""
    """Parameter of the share of the price that is the base, where no table of bases was found."""
    most: str = ""
    """Parameter of the most units that the fund pays."""
    ages: tuple[str, ...] = ()
    """Periods of life in which the code may be billed: ``age.NAME_from`` and ``age.NAME_until`` of the tables."""
    exempt: bool = False
    """Carries neither participation nor franchise although its kind does (L160-13)."""
    percent: bool = False
    """The tariff is in per cent of the rest of the line."""
    group: str = ""
    """What the fund's statements print for a technical act: ADC, ATM, SDE..."""
    rise: str = ""
    """Parameter of the per cents that a modifier adds to the tariff."""
    conditions: str = ""
    """``C``: paid back under conditions only; ``P``: after the fund's prior agreement."""
    family: Family = Family.GENERAL
    activity: str = "1"
    """Whose part of the act it is: 1 the surgeon's or doctor's, 4 the anaesthetist's."""
    with_consultation: bool = False
    """A technical act that is paid beside a consultation."""
    class_: Costly | None = None
    """The act's own class of costly acts, where the fund prints one."""

    @property
    def costly(self) -> Costly:
        """What becomes of its share in per cent when it is a costly act."""
        return self.class_ or _COSTLY.get(self.kind, Costly.ORDINARY)

    @property
    def participation(self) -> bool:
        """Whether the act carries the participation forfaitaire (L160-13 II)."""
        return self.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.BIOLOGY} and not self.exempt

    @property
    def franchise(self) -> str:
        """Parameter of its franchise, or nothing (L160-13 III)."""
        return "" if self.exempt else _FRANCHISES.get(self.kind, "")

    @property
    def pathway(self) -> bool:
        """Whether the coordinated pathway concerns it: fees of doctors."""
        return self.kind in {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING, Kind.SUPPLEMENT}


class Traits(TypedDict, total=False):
    """What tells acts of one kind and rate apart; see ``Act``."""

    key: bool
    session: str
    free: str
    free_price: bool
    direct: bool
    young_direct: bool
    alone: str
    lower: str
    within: bool
    contracted: bool
    cap: str
    limit: str
    floor: str
    basket: str
    share_of_price: str
    most: str
    ages: tuple[str, ...]
    exempt: bool
    percent: bool
    family: Family
    with_consultation: bool


def acts(kind: Kind, rate: str, codes: str, tariff: str = "", **traits: Unpack[Traits]) -> Iterator[Act]:
    """One act for each of ``codes`` (apart by blanks), of that kind, rate (a parameter of ``rate``) and tariff."""
    for code in codes.split():
        yield Act(code, kind, f"rate.{rate}" if rate else "", tariff, **traits)
