"""What is typed and what stands in the sessions: words of the kind that therapists note."""

TEXTS = (
    "hands unclench, breath slower",
    "tears, hand on chest",
    "it's all water, said twice and then again more quietly, with a long pause before the last word",
    "looks for the blanket; given",
    "quiet",
    "speaks about the house by the lake and the door that was never opened, then about the brother who has the key",
)

TYPED = "breath slower, the left hand opens"
"""One note as it is typed, key by key."""


def lines(number: int) -> list[str]:
    """Return so many notes."""
    return [TEXTS[index % len(TEXTS)] for index in range(number)]
