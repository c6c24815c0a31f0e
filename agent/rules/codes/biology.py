"""Acts of laboratories."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def biology() -> Iterator[Act]:
    """The key letter by region, what has a coefficient of its own, and samples."""
    for code, where in (("B", ""), ("B/ANTILLES", "_antilles"), ("B/OVERSEAS", "_overseas")):
        yield from acts(Kind.BIOLOGY, "biology", code, f"biology.key{where}", key=True)
    for codes, name in (
        ("B/BLOOD-COUNT B/1104", "blood_count"),
        ("B/FLAT-FEE B/9105", "flat_fee"),
        ("B/5272", "influenza_genome"),
        ("B/4103", "tuberculosis_test"),
    ):
        yield from acts(Kind.BIOLOGY, "biology", codes, "biology.key", key=True, session=f"biology.{name}")
    # The commonest tests by their number of the nomenclature: their coefficients were not found.
    yield from acts(Kind.BIOLOGY, "biology", "B/0552 B/0592 B/1106 B/7217")
    yield from acts(Kind.SAMPLING, "biology", "PB TB", "biology.sampling_key", key=True, session="biology.sampling")
    yield from acts(Kind.SAMPLING, "doctor", "KB")
