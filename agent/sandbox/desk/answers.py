"""Reading the answers of a request, which came as JSON and passed the checks."""

from config.json_value import JsonObject, ReadOnlyJsonObject


def group(answers: ReadOnlyJsonObject, name: str) -> list[JsonObject]:
    """The items of a group, such as the children of a household; none when it was left out."""
    given = answers.get(name)
    return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []


def text(answers: ReadOnlyJsonObject, name: str) -> str:
    """One answer as text; empty when it was left out."""
    return str(answers.get(name) or "")
