"""A source is told by a name, an address and a day."""

from datetime import date

import pytest

from config.tariffs import load, sources
from config.tariffs.citations import cite


@pytest.mark.parametrize(
    ("source", "rule", "name"),
    [
        ("F165, 2024-12-22", "consultation.gp", "service-public.fr"),
        ("AMELI-DEC24, 2024-12-22", "consultation.gp", "ameli.fr"),
        ("DECREE-2025-160, 2025-04-01", "sick_pay.wage_cap", "Décret 2025-160"),
        ("CSS", "R160-5, R160-22", "Code de la sécurité sociale, R160-5, R160-22"),
        ("CSS, 2005-01-01", "rate.doctor", "Code de la sécurité sociale"),
        ("CSS", "price - base", ""),
        ("CSS", "", "Code de la sécurité sociale"),
        ("Mes paiements", "rate", "Mes paiements"),
    ],
)
def test_a_source_is_called_by_its_site_its_decree_or_its_article(source: str, rule: str, name: str) -> None:
    known = cite(source, rule)
    assert (known.fr, known.en) == (name, name)
    assert known.since == (date.fromisoformat(source[-10:]) if source[-1].isdigit() else None)


def test_a_source_that_is_no_name_is_called_in_both_languages() -> None:
    known = cite("PRESS, 2020-01-01")
    assert known.fr == "presse spécialisée et des assureurs" and known.en.startswith("insurers' and trade press")


def test_every_value_of_the_tables_has_a_source_with_a_short_name() -> None:
    for parameter in load().parameters.values():
        for entry in parameter.history:
            known = cite(entry.cited)
            assert entry.source in sources() and known.since == entry.since, parameter.name
            assert 0 < len(known.fr) < 60, known
            assert not known.url or known.url.startswith(("https://", "http://")), known
