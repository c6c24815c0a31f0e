"""What can be wrong with what a person says of contract, situations and received shares."""

from agent.errors import AmeliError


class BadCover(AmeliError):
    """A field of the contract or of a situation does not hold."""

    code = "bad_coverage"
    http_status = 422
    fr = "« {field} » ne convient pas : {fr}."
    en = "“{field}” does not hold: {en}."
    hint_fr = "Voyez « ameli coverage --help »."
    hint_en = "See `ameli coverage --help`."


class NoSuchAnomaly(AmeliError):
    """No anomaly has that id."""

    code = "not_found"
    http_status = 404
    fr = "Aucune anomalie ne porte l'identifiant « {id} »."
    en = "No anomaly has the id “{id}”."
    hint_fr = "Listez-les avec « ameli owed »."
    hint_en = "List them with `ameli owed`."
