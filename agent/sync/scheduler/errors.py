"""Why a refresh asked for by hand may have to wait."""

from agent.errors import TryLater


class RefreshTooSoon(TryLater):
    """The person refreshed a moment ago; the service deserves a pause."""

    code = "refresh_too_soon"
    http_status = 429
    fr = "La dernière synchronisation date de moins de 5 minutes."
    en = "The last synchronisation is less than 5 minutes old."
    hint_fr = "Vos données sont fraîches ; réessayez dans {seconds} s."
    hint_en = "Your data is fresh; try again in {seconds} s."

    def __init__(self, *, seconds: int) -> None:
        self.retry_after = seconds
        super().__init__(seconds=seconds)
