"""Words: those that make a passphrase, and those of the field that make none."""
