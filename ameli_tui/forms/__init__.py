"""Forms without a screen: answers, drafts, the strength of a passphrase."""
