"""After a yes a request is followed until its last stage, or until nothing can come any more."""

from datetime import timedelta
from pathlib import Path

from agent.procedures.registry import procedure
from tests import papers
from tests.agent.bench import Bench
from tests.agent.requests.test_outbox import PDF, asking, desk


async def ordered(bench: Bench) -> str:
    """A card that was ordered and accepted; the request's id."""
    await bench.connection.sync()
    asked, ask = procedure("carte-vitale-order"), asking(bench)
    photo = ask.take_paper(asked, "photo", "me.jpg", papers.picture(size=(700, 900)))
    identity = ask.take_paper(asked, "identity", "card.pdf", PDF)
    found, checked = ask.start(asked, {"person": ask.world().people[0]}, [photo["id"], identity["id"]])
    assert found is not None, checked.errors
    await bench.connection.deliver()
    (filed,) = desk(bench).requests.values()
    desk(bench).accept(filed, bench.today)
    await bench.connection.deliver()
    return str(found["id"])


async def visits(bench: Bench) -> int:
    """How many requests a delivery makes."""
    bench.wire.requests.clear()
    await bench.connection.deliver()
    return len(bench.wire.requests)


async def test_the_card_is_followed_until_it_is_posted_and_no_longer(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    rounds = bench.rounds
    key = await ordered(bench)
    assert (bench.store.requests.get(key)["status"], bench.store.requests.get(key)["stage"]) == ("accepted", "checked")
    rounds.clear()
    (filed,) = desk(bench).requests.values()
    for stage in ("production", "sent"):
        desk(bench).bring_to(filed, stage, bench.today)
        assert await visits(bench)
        found = bench.store.requests.get(key)
        assert (found["status"], found["stage"]) == ("accepted", stage)
        assert found["history"][-1]["text_en"].startswith("Stage: ")
    assert [(one.moved, one.accepted) for one in rounds] == [(1, 0), (1, 0)]
    assert await visits(bench) == 0


async def test_one_whose_last_stage_never_comes_is_let_go_after_four_months(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key = await ordered(bench)
    assert await visits(bench)
    record = bench.store.requests.record(key)
    long_ago = (bench.clock().date() - timedelta(days=121)).isoformat()
    bench.store.requests.save({**record, "decision": {**record["decision"], "on": long_ago}})
    await visits(bench)
    assert await visits(bench) == 0
    assert bench.store.requests.get(key)["status"] == "accepted"
