"""The screen: windows, keys, palette and the bridge that turns news into Qt signals.

A widget holds a caret and a half-typed line, nothing else; the truth is below.
It may import `app` and `domain`; it touches no vault, no paper and no disk.
"""
