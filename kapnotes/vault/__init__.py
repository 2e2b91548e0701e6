"""The encrypted files: what is written here is sealed, chained, signed and committed, or it raises.

SQLite and cryptography live in this room and nobody else imports them.
It may import `domain` only; `app` alone may import it.
"""
