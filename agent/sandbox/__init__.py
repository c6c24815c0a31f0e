"""A stand-in for the account service: the same wire, an invented account, every recorded trait and fault switchable."""
