"""What a search looks for: folded words, days and amounts in every form a person may type."""

from datetime import date

from config.fold import fold

_MONTHS_FR = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre",
              "novembre", "decembre")
_MONTHS_EN = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
              "november", "december")


def words(text: str) -> list[str]:
    """The folded words of a search, each to be found somewhere; "€" and "EUR" ask for nothing."""
    return [word for word in fold(text).replace("€", " ").split() if word != "eur"]


def day_words(day: date) -> str:
    """Every way a person may type a day: ISO, French figures, month in letters in both languages."""
    start = f"{day.day:02d}/{day.month:02d}/"
    months = f"{_MONTHS_FR[day.month - 1]} {_MONTHS_EN[day.month - 1]}"
    return f"{day.isoformat()} {start}{day.year} {start}{day.year % 100:02d} {months}"


def amount_words(cents: int) -> str:
    """An amount with a point and with a comma: "1234.50 1234,50"."""
    text = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
    return f"{text} {text.replace('.', ',')}"
