"""What the id of a monthly statement says."""


def statement_month(key: str) -> str:
    """Month (``YYYYMM``) of a statement: its id is ``r``, the month, and what tells those of one month apart."""
    return key[1:7]
