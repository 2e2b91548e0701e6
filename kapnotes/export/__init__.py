"""A record to paper and to other systems: facts in, bytes out.

reportlab, pikepdf, pypdfium2 and fhir.resources live in this room; it opens no file that a clinician named and knows no
vault. It may import `domain` only; `app` alone may import it.
"""
