"""KAPnotes: the in-session notebook for ketamine-assisted psychotherapy.

It records and reminds; it never decides, and it is no monitor and no medical device.
"""

__version__ = "0.1.0"
