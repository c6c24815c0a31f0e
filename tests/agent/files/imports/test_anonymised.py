"""The anonymised copy of a recorded session reads like the session, with other content: it serves to mend a reader."""

import json
from pathlib import Path

from agent.files.anonymise import anonymise
from tests.agent.bench import NIR, PASSWORD, Bench
from tests.agent.files.imports.test_har import bring, fresh, recorded


async def test_a_copy_of_a_session_gives_as_many_payments_messages_and_persons(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    har = (await recorded(bench)).har()
    data = anonymise(json.dumps(har).encode()).data
    store = fresh(bench, "copy")
    taken = await bring(bench, store, data)
    assert taken.problems == []
    assert len(store.payments.found()) == len(bench.store.payments.found())
    assert len(store.messages.all()) == len(bench.store.messages.all())
    assert ([len(one["lines"]) for one in store.payments.found()]
            == [len(one["lines"]) for one in bench.store.payments.found()])
    profile = store.profile() or {}
    assert len(profile["beneficiaries"]) == 2
    text = data.decode()
    for secret in (NIR, PASSWORD, "MARTIN", "CLAIRE", "LILAS", "VERSAILLES", "GENERALISTE", "INFIRMIERS", "17,50"):
        assert secret not in text
