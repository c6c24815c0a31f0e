"""The stand-in's pages: sign-in, payments, statements, inbox, profile, as the service is known to serve them."""
