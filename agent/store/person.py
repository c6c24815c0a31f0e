"""The person, the family and the top-up cover: what each source says of them, and what is shown of it."""

from agent.account import Coverage, Profile, clean_text
from agent.account.batch import ProfileRead
from agent.protocol.account import Covered
from agent.protocol.account import Profile as ProfileShape
from agent.protocol.money import NamedCover
from agent.protocol.origins import RecordOrigin, Way
from agent.store.account_records import CoverageClaim, ProfileClaim
from agent.store.account_state import AccountBook
from agent.store.interfaces import plain
from agent.store.origins import Claim, imported_by, newest_first, origin, quality, with_claim
from agent.store.payments.same_care import words_of

_NOBODY = plain(Profile(nir="", name=""), ProfileShape)
_NO_COVER = plain(Coverage(), NamedCover)


class PersonBook:
    """Who the account is of. What the service shows wins over papers, the newest over older."""

    def __init__(self, account: AccountBook) -> None:
        self._account = account

    def profile(self) -> ProfileShape:
        """The person and the family; an empty name before the first sync."""
        credentials = self._account.credentials.read()
        number = credentials["nir"] if credentials else ""
        shown = self._account.profile.read()
        return {**shown, "nir": shown["nir"] or number} if shown else {**_NOBODY, "nir": number}

    def add_profile(self, read: ProfileRead, claim: Claim) -> bool:
        """Take in what a source says of the person; True when what is shown changed. Call inside a step."""
        said: ProfileClaim = {**claim, "at": read.on.isoformat() if read.on else "",
                              "says": plain(read.profile, ProfileShape)}
        claims = self._profiles()
        before = next((one for one in claims if _name(one) == _name(said)), None)
        if before is not None and before["at"] > said["at"]:
            return False
        return self._show_profile([*(one for one in claims if _name(one) != _name(said)), said])

    def coverage(self) -> NamedCover:
        """The complementary cover, and where it was read."""
        return self._account.coverage.read() or _NO_COVER

    def add_coverage(self, coverage: Coverage, claim: Claim) -> None:
        """Take in how a paper names the top-up cover; the newest paper is believed. Call inside a step."""
        said: CoverageClaim = {**claim, "says": plain(coverage, NamedCover)}
        self._show_coverage(with_claim(self._coverages(), said, _name))

    def withdraw(self, source: str) -> bool:
        """Take back what an import said; True when what is shown changed."""
        profiles, coverages = self._profiles(), self._coverages()
        before = self._account.profile.read(), self._account.coverage.read()
        if any(imported_by(one["source"], source) for one in profiles):
            self._show_profile([one for one in profiles if not imported_by(one["source"], source)])
        if any(imported_by(one["source"], source) for one in coverages):
            self._show_coverage([one for one in coverages if not imported_by(one["source"], source)])
        return before != (self._account.profile.read(), self._account.coverage.read())

    def origins(self) -> list[RecordOrigin]:
        """The ways the person and the family came, the best first."""
        return [origin(claim) for claim in sorted(self._profiles(), key=_newest)]

    def _profiles(self) -> list[ProfileClaim]:
        kept, shown = self._account.profile_claims.read(), self._account.profile.read()
        if kept is not None:
            return kept["claims"]
        if shown is None:
            return []
        notes = self._account.sync.read() or {}  # of an older version: from the service when that was noted
        way: Way = "sync" if notes.get("profile") else "statement"
        return [{"way": way, "source": "", "at": notes.get("profile", ""), "says": shown}]

    def _coverages(self) -> list[CoverageClaim]:
        kept, shown = self._account.coverage_claims.read(), self._account.coverage.read()
        if kept is not None:
            return kept["claims"]
        return [{"way": "statement", "source": "", "at": "", "says": shown}] if shown else []

    def _show_profile(self, claims: list[ProfileClaim]) -> bool:
        before = self._account.profile.read()
        kept = sorted(claims, key=_newest)
        service = [one["says"] for one in kept if one["way"] in ("sync", "recording")]
        papers = sorted((one for one in kept if one["way"] not in ("sync", "recording")), key=_by_source)
        shown = service[0] if service else _from_papers([one["says"] for one in papers]) if papers else None
        self._account.profile_claims.write({"claims": kept} if kept else None)
        self._account.profile.write(shown)
        return shown != before

    def _show_coverage(self, claims: list[CoverageClaim]) -> None:
        kept = sorted(claims, key=_by_source)
        named = [one["says"] for one in kept if one["says"]["top_up"]]
        newest = max(named, key=lambda says: (says.get("on") or "", says["top_up"] or ""), default=None)
        self._account.coverage_claims.write({"claims": kept} if kept else None)
        self._account.coverage.write(newest)


def _name(claim: Claim) -> tuple[str, str]:
    return claim["way"], claim["source"]


def _newest(claim: Claim) -> tuple[object, ...]:
    return newest_first(claim["at"]), quality(claim["way"]), claim["source"]


def _by_source(claim: Claim) -> tuple[int, str]:
    return quality(claim["way"]), claim["source"]


def _from_papers(papers: list[ProfileShape]) -> ProfileShape:
    """The person and the family as several papers tell them together."""
    people: list[Covered] = []
    for paper in papers:
        for person in paper["beneficiaries"]:
            if not any(_same(person, other) for other in people):
                people.append({**person, "name": clean_text(person["name"], 200)})
    return {**_NOBODY, "nir": next((paper["nir"] for paper in papers if paper["nir"]), ""),
            "name": next((paper["name"] for paper in papers if paper["name"]), ""),
            "cpam": next((paper["cpam"] for paper in papers if paper["cpam"]), None), "beneficiaries": people}


def _same(person: Covered, other: Covered) -> bool:
    return person["birth_date"] == other["birth_date"] and (
        words_of(person["name"]) <= words_of(other["name"]) or words_of(other["name"]) <= words_of(person["name"]))
