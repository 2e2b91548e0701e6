"""Clinical facts and rules: entries, the record, protocols, limits, and the geometry of the figures.

It knows the standard library only; it reads no clock, no file and no screen.
It may import nothing else of kapnotes; every other room may import it.
"""
