"""Answers that pass, one set for each procedure; the people are invented, the numbers published for tests."""

from datetime import date
from typing import Any

from agent.procedures.model import World

TODAY = date(2026, 11, 23)
PROFILE = {
    "name": "DUPONT Jeanne", "birth_date": "1955-06-15", "address": ["12 RUE DES LILAS", "75012 PARIS"],
    "beneficiaries": [{"name": "DUPONT Jeanne", "birth_date": "1955-06-15", "insured": True},
                      {"name": "DUPONT Pierre", "birth_date": "1984-12-03", "insured": False},
                      {"name": "DUPONT Alice", "birth_date": "2018-04-02", "insured": False}],
}
WORLD = World(TODAY, PROFILE)
MAN, WOMAN, BORN_ABROAD = "1 55 06 99 999 999 84", "2 55 06 99 999 999 34", "2 95 10 99 126 111 93"

GOOD: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "account-creation": ({
        "nir": "2 69 05 49 588 157 80", "last_name": "DUPONT", "first_name": "Jeanne", "birth_date": "1969-05-15",
        "postcode": "75012", "proof": "card", "card_serial": "12345678901", "email": "jeanne@example.org",
        "mobile": "06 12 34 56 78"}, ()),
    "carte-vitale-order": ({"person": "DUPONT Jeanne"}, ("photo", "identity")),
    "carte-vitale-loss": ({
        "person": "DUPONT Jeanne", "reason": "stolen", "happened_on": "2026-11-20", "address_is_right": True,
        "return_if_found": True, "order_new": True}, ("photo", "identity")),
    "bank-details": ({"holder_is_me": True, "iban": "FR14 2004 1010 0505 0001 3M02 606"}, ()),
    "postal-address": ({"street": "3 PLACE BELLECOUR", "postcode": "69002", "town": "LYON", "moved_on": "2026-11-01"},
                       ()),
    "contact-details": ({"change": ["email", "mobile"], "email": "jeanne@example.org", "old_mailbox_works": True,
                         "mobile": "0612345678"}, ()),
    "c2s": ({
        "kind": "first", "benefit": "none", "applicant": "DUPONT Jeanne", "applicant_birth_date": "1993-08-12",
        "household": [{"name": "DUPONT Alice", "relation": "child", "birth_date": "2018-04-02"}],
        "resources": [{"kind": "wages", "amounts": "950"}], "housing": "rent", "postcode": "75012",
        "lived_abroad": False, "manager": "cpam"}, ("tax_notice",)),
    "ehic": ({"people": ["DUPONT Jeanne", "DUPONT Alice"], "country": "GB", "leaving_on": "2026-12-20"}, ()),
    "birth": ({
        "birth_country": "FR", "declared_on": "2026-11-10", "other_parent": "insured",
        "children": [{"first_names": "Léa", "last_name": "DUPONT", "birth_date": "2026-11-08",
                      "birth_departement": "2B"}],
        "other_parent_last_name": "DUPONT", "other_parent_first_name": "Pierre", "other_parent_nir": MAN}, ()),
    "attending-doctor": ({"person": "DUPONT Jeanne", "way": "form", "doctor": "MARTIN Claire"}, ("form",)),
    "top-up-declaration": ({"people": ["DUPONT Jeanne"], "insurer": "MUTUELLE EXEMPLE", "contract": "A1",
                            "since": "2026-01-01", "other_insurer": "ANCIENNE MUTUELLE"}, ()),
    "supporting-document": ({"why": "file_to_complete", "asked_on": "2026-11-10", "subject": "C2S"}, ("document",)),
    "accident-declaration": ({
        "person": "DUPONT Pierre", "accident_date": "2026-11-10", "place": "Lyon", "kind": "road", "at_work": False,
        "circumstances": "Renversé par une voiture.", "other_known": True, "other_name": "DURAND Paul",
        "police": False}, ()),
    "entitlement-opening": ({
        "situation": "employee", "arrived_on": "2026-10-15", "employer": "SOCIETE EXEMPLE", "works_since": "2026-11-02",
        "last_name": "SEGUIN", "first_names": "Henry", "birth_date": "1985-02-11", "birth_country": "PT",
        "nationality": "PT", "street": "12 RUE DES LILAS", "postcode": "75012", "town": "PARIS",
        "email": "henry@example.org", "with_family": False},
        ("form", "identity", "birth_certificate", "rib", "contract")),
}
