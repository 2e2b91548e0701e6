"""What the program can do, without a screen: seats, live sessions, the writer thread, exports to a file.

Calls come down from `ui` in the imperative; news goes up through typed listeners in the past tense.
It may import `domain`, `vault` and `export`; it never knows Qt.
"""
