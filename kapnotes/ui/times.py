"""Times as the windows write them."""

from kapnotes.domain.clock import NS_PER_S, Stamp


def clock_time(stamp: Stamp, *, with_seconds: bool = False) -> str:
    """Return the local time of day, 14:07 or 14:07:52."""
    local_s = stamp.utc_ns // NS_PER_S + 60 * stamp.offset_min  # by a datetime it took twenty times as long
    minutes, seconds = divmod(local_s % 86_400, 60)
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{time}:{seconds:02}" if with_seconds else time


def duration(seconds: float) -> str:
    """Return a length of time as 2:10 or 1:02:10."""
    total = int(abs(seconds))
    hours, rest = divmod(total, 3600)
    minutes, rest_s = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest_s:02}" if hours else f"{minutes}:{rest_s:02}"


def since_dose(seconds: float | None) -> str:
    """Return T+00:23:15, T−00:04:10 before the first dose, T+ --:--:-- where there is none."""
    if seconds is None:
        return "T+ --:--:--"
    sign = "\N{MINUS SIGN}" if seconds <= -1 else "+"
    total = int(abs(seconds))
    return f"T{sign}{total // 3600:02}:{total % 3600 // 60:02}:{total % 60:02}"


def minutes_since_dose(seconds: float | None) -> str:
    """Return T+23 in whole minutes, or nothing where there is no dose."""
    if seconds is None:
        return ""
    sign = "\N{MINUS SIGN}" if seconds < 0 else "+"
    return f"T{sign}{int(abs(seconds) // 60)}"
