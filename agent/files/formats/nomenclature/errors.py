"""What can be wrong with a file of the fund's table of technical acts."""

from agent.errors import AmeliError


class BadNomenclature(AmeliError):
    """A file that is none of the fund's, is damaged, or contradicts what is known."""

    code = "bad_nomenclature"
    http_status = 422
    fr = "« {name} » n'est pas pris en compte : {why_fr}."
    en = "“{name}” is not taken in: {why_en}."
    hint_fr = "{do_fr}. Rien n'a changé."
    hint_en = "{do_en}. Nothing was changed."


class Refusal(Exception):
    """Why a file is refused and what to do, in both languages; the name of the file is known to whoever reads it."""

    def __init__(self, why_fr: str, why_en: str, do_fr: str = "", do_en: str = "") -> None:
        super().__init__(why_en)
        self.why_fr, self.why_en = why_fr, why_en
        self.do_fr = do_fr or "Reprenez le fichier de la page CCAM d'ameli.fr, tel quel"
        self.do_en = do_en or "Take the file of the CCAM page of ameli.fr once more, as it is"


def damaged() -> Refusal:
    """Of a file that a library cannot read."""
    return Refusal("il est coupé ou abîmé", "it is cut short or damaged")


def too_large(most: int) -> Refusal:
    """Of a file that has more than ``most`` bytes in it, packed or unpacked."""
    return Refusal(f"il contient plus de {most >> 20} Mo", f"it holds over {most >> 20} MB")
