"""Copies of pages, JSON, recorded sessions and banks' files: how they are built stays, nothing of the person does."""
# ruff: noqa: E501 - files stand as they are written elsewhere

import json
import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.anonymise import NotAnonymised, anonymise, kind_of
from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import mask
from agent.files.anonymise.vocabulary import may_stay, month_of
from tests.thoroughness import examples

CANARIES = ("ZEBULONNE", "Quillfeather", "Montcuquet", "ORTHOPTIXQUE", "277113842133784", "2 77 11 38 421 337 84",
            "23/07/2025", "2025-07-23", "20250723", "61,37", "61.37", "zeb.quill@exemple.fr", "AbCd1234efGH5678",
            "FR7630006000011234567890189", "hunter2secret")
PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Compte de ZEBULONNE</title><script>var nir='277113842133784';</script>
<style>.x{}</style></head><body class="portail" data-user="ZEBULONNE"><!-- 61,37 pour Quillfeather -->
<div id="tableauMessagesRecus" class="liste bloc-2" title="ZEBULONNE Quillfeather"><a
href="/PortailAS/appmanager/PortailAS/assure?_nfpb=true&amp;_pageLabel=as_paiements_page&amp;id=AbCd1234efGH5678#m"
onclick="charger('AbCd1234efGH5678','REMBOURSEMENT_SOINS','0','3')">Montant : 61,37 &euro; le 23/07/2025</a>
<img src="https://pixel.exemple.fr/ZEBULONNE.png" alt="Montcuquet"><input type="hidden" name="idMessage"
value="277113842133784"><p>ORTHOPTIXQUE, 3 rue de Montcuquet, zeb.quill@exemple.fr, 2 77 11 38 421 337 84</p>
<textarea>hunter2secret 2025-07-23</textarea></div></body></html>"""
ANSWER = {
    "rubriquesMensuelles": [{"moisAnnee": "202507", "releves": [{"objectType": "ReleveSoinsIJ", "identifiant":
                                                                 "SOINS_IJ#-#AbCd1234efGH5678"}]}],
    "nom": "ZEBULONNE", "montant": 61.37, "nir": 277113842133784, "ZEBULONNE": {"2025-07-23": "Montcuquet"},
    "actif": True, "rang": 1, "vide": None, "tableauPaiement": PAGE, "iban": "FR7630006000011234567890189",
}
SESSION = {"log": {"version": "1.2", "creator": {"name": "ZEBULONNE", "version": "1"}, "entries": [
    {"startedDateTime": "2025-07-23T10:11:12Z", "request": {
        "method": "POST", "url": "https://ameliconnect.ameli.fr/oauth2/authorize?user=277113842133784",
        "headers": [], "postData": {"text": "password=hunter2secret"}}, "response": {"status": 200, "content": {}}},
    {"startedDateTime": "2025-07-23T10:11:12Z", "request": {
        "method": "GET", "url": "https://assure.ameli.fr/PortailAS/paiements.do?actionEvt=Rechercher&DateDebut=23/07/2025",
        "headers": [{"name": "Cookie", "value": "hunter2secret"}], "cookies": [{"name": "a", "value": "hunter2secret"}]},
     "response": {"status": 200, "headers": [{"name": "Content-Type", "value": "application/json"},
                                             {"name": "Set-Cookie", "value": "hunter2secret"}],
                  "content": {"mimeType": "application/json", "text": json.dumps(ANSWER)}}},
]}}
OFX = """OFXHEADER:100
DATA:OFXSGML

<OFX><SIGNONMSGSRSV1><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20250723101112<LANGUAGE>FRA</SIGNONMSGSRSV1>
<BANKACCTFROM><BANKID>30006<ACCTID>FR7630006000011234567890189<ACCTTYPE>CHECKING</BANKACCTFROM>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20250723<TRNAMT>61.37<FITID>AbCd1234efGH5678<NAME>VIR SEPA CPAM MONTCUQUET 252040001234
<MEMO>ZEBULONNE Quillfeather</STMTTRN></OFX>"""
CSV = """Compte;FR7630006000011234567890189;ZEBULONNE
Date;Libellé;Débit;Crédit
23/07/2025;"VIR SEPA CPAM MONTCUQUET 252040001234";;61,37
"""
FILES = {"html": PAGE, "json": json.dumps(ANSWER), "har": json.dumps(SESSION), "ofx": OFX, "csv": CSV}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_no_canary_is_left(kind: str, seed: int | None) -> None:
    copy = anonymise(FILES[kind].encode(), seed=seed)
    assert copy.kind == kind
    text = copy.data.decode().lower()
    pieces = {piece.lower() for one in CANARIES for piece in (one, *re.findall(r"[^\W_]{4,}", one))}
    years = {"exemple", "2025"}
    assert [one for one in pieces - years if one in text] == []


def test_a_page_keeps_its_build() -> None:
    copy = anonymise(PAGE.encode(), seed=1).data.decode()
    names = re.compile(r"<(/?[a-z]+)|\b(?:id|class|name|type|lang)=\"[^\"]*\"")
    without = re.sub(r"<!--.*?-->", "", PAGE, flags=re.S)
    assert [one[0] for one in names.finditer(copy)] == [one[0] for one in names.finditer(without)]
    assert "_pageLabel=as_paiements_page" in copy
    assert "charger(&#x27;" in copy
    assert "Montant :" in copy
    assert "€ le" in copy
    assert "<script></script><style></style>" in re.sub(r"\s", "", copy)


def test_json_keeps_its_keys_but_not_those_that_are_data() -> None:
    copy = json.loads(anonymise(json.dumps(ANSWER).encode(), seed=1).data)
    assert list(copy)[:4] == ["rubriquesMensuelles", "nom", "montant", "nir"]
    assert copy["actif"] is True
    assert copy["vide"] is None
    assert copy["rubriquesMensuelles"][0]["releves"][0]["objectType"] == "ReleveSoinsIJ"
    assert re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", copy["rubriquesMensuelles"][0]["moisAnnee"])


def test_a_recorded_session_keeps_what_was_asked_without_the_sign_in() -> None:
    (entry,) = json.loads(anonymise(json.dumps(SESSION).encode(), seed=1).data)["log"]["entries"]
    assert entry["request"]["url"].startswith("https://assure.ameli.fr/PortailAS/paiements.do?actionEvt=Rechercher&")
    assert entry["response"]["headers"] == [{"name": "content-type", "value": "application/json"}]
    assert "tableauPaiement" in entry["response"]["content"]["text"]


def test_no_label_of_care_or_illness_can_be_told_by_the_length_of_its_words() -> None:
    for page, seen in (
        ("<td><span class='naturePrestation'>C GENERALISTE</span></td>", r">([X-Z]+ [X-Z]+)<"),
        ("<p>affection de longue durée</p>", r">(.*)</p>"),
        ("<li onclick=\"charger('a','INDEMNITE_JOURNALIERE_ASSURE')\">", r"([A-Z]+_[A-Z]+_ASSURE)"),
    ):
        lengths = {tuple(map(len, re.findall(r"\w+", re.search(seen, anonymise(page.encode(), seed=seed).data.decode())[1])))  # type: ignore[index]
                   for seed in range(12)}
        assert len(lengths) > 6, page


def test_a_banks_file_keeps_columns_and_the_funds_wording() -> None:
    head, names, row = anonymise(CSV.encode("cp1252"), seed=1).data.decode("cp1252").splitlines()
    assert head.startswith("Compte;")
    assert names == "Date;Libellé;Débit;Crédit"
    assert re.fullmatch(r'\d\d/\d\d/\d{4};"VIR SEPA CPAM X+ \d{12}";;\d+,\d\d', row)
    text = anonymise(OFX.encode(), seed=1).data.decode()
    assert "<TRNTYPE>CREDIT" in text
    assert re.search(r"<DTPOSTED>20\d{6}\n", text)
    assert "<NAME>VIR SEPA CPAM X" in text


def test_days_keep_their_order_and_months_stay_together() -> None:
    disguise = Disguise(Random(3))
    text = "03/09/2026 12/09/2026 28/09/2026 01/10/2026, septembre 2026, oct., 2026-09-12"
    from agent.files.anonymise.tokens import days

    disguise.calendar.learn(days(text))
    found = list(days(mask(text, disguise)))
    assert found[:4] == sorted(found[:4])
    assert found[1] == found[4]
    assert len({day.strftime("%Y%m") for day in found[:3]}) == 1


def test_a_birth_is_invented_apart_from_the_days_of_care() -> None:
    ages = set()
    for seed in range(20):
        disguise = Disguise(Random(seed))
        from agent.files.anonymise.tokens import days

        text = "né(e) le 02/01/1980, soigné le 03/09/2026"
        disguise.calendar.learn(days(text))
        born, cared = days(mask(text, disguise))
        ages.add(cared.year - born.year)
    assert len(ages) > 8


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00\x01\x02", "ZEBULONNE a payé".encode()])
def test_a_file_of_no_known_kind_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnonymised):
        anonymise(data, "x")


def test_broken_json_is_refused_whole() -> None:
    with pytest.raises(NotAnonymised):
        anonymise(b'{"nom": "ZEBULONNE"', "x")
    with pytest.raises(NotAnonymised):
        anonymise(b"[" * 100_000, "x")


tokens = st.one_of(
    st.text(st.characters(categories=("Lu", "Ll")), min_size=5, max_size=12),
    st.text(st.sampled_from("abcdef0123456789ABCDEF"), min_size=6, max_size=24),
    st.integers(10_000, 10**15).map(str), st.dates().map("{:%d/%m/%Y}".format),
)


@given(st.lists(tokens, min_size=1, max_size=8), st.sampled_from([" ", ", ", " : ", "/", "-"]), st.integers(0, 999))
@settings(max_examples=examples(150), deadline=None)
def test_no_token_survives_the_mask(parts: list[str], sign: str, seed: int) -> None:
    text = sign.join(parts)
    disguise = Disguise(Random(seed), frozenset(piece.casefold() for piece in re.findall(r"[^\W_]+", text)))
    masked = mask(text, disguise)
    for piece in re.findall(r"[^\W_]{5,}", text):
        if not (piece.isalpha() and (may_stay(piece) or month_of(piece))):
            assert piece not in re.findall(r"[^\W_]+", masked)


@given(st.text(max_size=200))
@settings(max_examples=examples(150), deadline=None)
def test_any_text_is_copied_or_refused(text: str) -> None:
    for start in ("<", "{", "[", "%PDF-", "OFXHEADER:100\n<OFX>", "Date;Libelle;Montant\n", ""):
        try:
            anonymise((start + text).encode("utf-8", "replace"))
        except NotAnonymised:
            continue


@pytest.mark.parametrize(("data", "kind"), [
    (b"%PDF-1.4", "pdf"), (b"\xef\xbb\xbf<html>", "html"), (b' {"log": {"entries": []}}', "har"), (b"[1]", "json"),
    (b"OFXHEADER:100", "ofx"), (b'<?xml version="1.0"?><?OFX OFXHEADER="200"?>', "ofx"), (b"Date;Libelle;Montant", "csv"),
])
def test_the_kind_is_told_by_the_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind
