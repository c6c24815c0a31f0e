"""Every code the engine knows, gathered from its groups."""

from agent.rules.codes.act import Act
from agent.rules.codes.auxiliaries import auxiliaries
from agent.rules.codes.biology import biology
from agent.rules.codes.dental import dental
from agent.rules.codes.devices import devices
from agent.rules.codes.doctors import doctors, supplements
from agent.rules.codes.midwives import midwives
from agent.rules.codes.optics import optics
from agent.rules.codes.others import others
from agent.rules.codes.pharmacy import pharmacy
from agent.rules.codes.technical import technical
from agent.rules.codes.transport import transport


def catalogue() -> dict[str, Act]:
    """Every act by its code. The first of each kind stands for the kind."""
    groups = (
        doctors, supplements, technical, dental, midwives, auxiliaries, biology, pharmacy, devices, optics, transport,
        others,
    )  # fmt: skip
    return {act.code: act for group in groups for act in group()}
