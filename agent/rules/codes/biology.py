"""Acts of laboratories."""

from collections.abc import Iterator

from agent.rules.codes.act import Act, Kind, acts


def biology() -> Iterator[Act]:
    for code, where in (("B", ""), ("B/ANTILLES", "_antilles"), ("B/OVERSEAS", "_overseas")):
        yield from acts(Kind.BIOLOGY, "biology", code, f"acts.biology_key{where}", key=True)
    for code, name in (("B/BLOOD-COUNT", "blood_count"), ("B/FLAT-FEE", "biology_flat_fee")):
        yield from acts(Kind.BIOLOGY, "biology", code, "acts.biology_key", key=True, session=f"acts.{name}")
    yield from acts(Kind.SAMPLING, "biology", "TB PB")
    yield from acts(Kind.SAMPLING, "doctor", "KB")
