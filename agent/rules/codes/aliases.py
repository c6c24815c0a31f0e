"""Other ways in which the same code is met: in tables, on bills, in programs of professionals."""

ALIASES = {
    "TO 90": "TO90",
    "CNP/YOUNG": "CNPSY/YOUNG",
    "IJN": "NOR-",
    "FJH": "FJ",
    "FJ/PSY": "FJ/PSYCHIATRY",
    "DAY": "FJ",
    "DAY/PSY": "FJ/PSYCHIATRY",
    "FPU/REDUCED": "FPU",
    "IFD/IFA": "IFD",
    "CS/GYNECOLOGIST": "CS/GYNAECOLOGIST",
    "CS/PEDIATRICIAN": "CS/PAEDIATRICIAN",
    "CS/DERMATOLOGIST": "CS",
    "CS/CARDIOLOGIST": "CSC",
    "CS/ENDOCRINOLOGIST-COMPLEX": "CS/ENDOCRINOLOGIST",
    "CNP/CHILD": "CNPSY/CHILD",
    "CHILD/CNPSY": "CNPSY/CHILD",
    "CNP2": "CNP2/MCY",
    "C2": "APC",
    "CEX/CPE": "CS/PAEDIATRIC-EXPERT",
    "GL1/GL2/GL3": "GL1",
    "NIGHT/NURSE": "AMI/NIGHT",
    "DEEP-NIGHT/NURSE": "AMI/DEEP-NIGHT",
    "SUNDAY/NURSE": "AMI/SUNDAY",
    "AMX/NIGHT": "AMI/NIGHT",
    "AMX/DEEP-NIGHT": "AMI/DEEP-NIGHT",
    "AMX/SUNDAY": "AMI/SUNDAY",
    "NIGHT/PHYSIO": "AMK/NIGHT",
    "SUNDAY/PHYSIO": "AMK/SUNDAY",
    "AMK/BILAN": "AMK/ASSESSMENT",
    "AMS/ASSESSMENT": "AMK/ASSESSMENT",
    "POD/ASSESSMENT": "POD/BILAN",
    "C/SF": "C/MIDWIFE",
    "CS/MIDWIFE": "C/MIDWIFE",
    "SF/PERINEAL": "SF7.5",
    "HD/BOX": "HD7",
    "HD/3-MONTHS": "HG7",
    "MED/65": "PH7",
    "MED/30": "PH4",
    "MED/15": "PH2",
    "PSY/NEXT": "PSY/FOLLOW-UP",
    "SPA/HOTEL": "SPA/LODGING",
    "VPH": "VEH",
    "SOLES": "MAC/SOLES",
    "1104": "B/1104",
    "9105": "B/9105",
    "5272": "B/5272",
    "4103": "B/4103",
    "0552": "B/0552",
    "0592": "B/0592",
    "1106": "B/1106",
    "7217": "B/7217",
}
FAMILIES = {"TAXI": "TXI", "AMB": "ABA", "VPH": "VEH"}
"""Letters that stand before a slash in the place of a code's own."""


def plain_code(code: str) -> str:
    """The code as the catalogue has it; ``code`` itself where no other way of writing it is known."""
    family, slash, which = code.partition("/")
    return ALIASES.get(code) or f"{FAMILIES.get(family, family) if slash else family}{slash}{which}"
