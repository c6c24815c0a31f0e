"""What a contract gives on a line is what the engine's whole way gives, however many lines before were alike."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.rules import TopUp
from agent.rules.codes.nomenclature import ACTS
from agent.rules.explain.contract_shares import ContractShares
from agent.rules.pricing.engine import complement
from agent.rules.pricing.request import Care
from tests.thoroughness import examples

_EUROS = st.decimals(0, 400, places=2)
_ACTS = st.sampled_from(sorted(ACTS)) | st.sampled_from(["G+MCG", "AMI2.5", "B40", "CS+MCS+MPC", "AMI2+AMI1"])
_CONTRACTS = st.builds(
    TopUp, st.integers(0, 400).map(Decimal), st.none() | st.integers(100, 300).map(Decimal), _EUROS, st.booleans())


@given(
    _CONTRACTS, _ACTS, st.dates(date(2006, 1, 1), date(2027, 12, 31)),
    st.lists(st.tuples(_EUROS, _EUROS), min_size=1, max_size=4), st.sampled_from(["1", "2"]), st.booleans(),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(1500), deadline=None)
def test_lines_that_are_alike_get_what_each_gets_by_itself(
    top_up: TopUp, act: str, on: date, amounts: list[tuple[Decimal, Decimal]], sector: str, coordinated: bool,
    full: bool,
) -> None:
    shares = ContractShares(top_up)
    for price, base in amounts:
        care = Care(
            act=act, on=on, price=price, base=base, sector=sector, coordinated=coordinated, top_up=top_up,
            situations=frozenset({"ald"}) if full else frozenset())
        try:
            whole = max(Decimal(0), complement(care))
        except AmeliError:
            whole = None
        assert shares.of(act, on, price, base, "1" if sector == "1" else "2", coordinated, full) == whole
