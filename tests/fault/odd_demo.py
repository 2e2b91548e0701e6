"""A demo with notes that stand nowhere else in the world, and with readings that cannot be."""

import csv
from pathlib import Path

PLAIN = "Canary-of-Marigold-Lane-4471"
TYPED = {
    "note": f"{PLAIN} sang in the dark",
    "quote": "Zaunkönig über dem Föhrenwald 8823",
    "setting": "Lamplight-Tamarind-5590 at the door",
    "long": " ".join(f"Periwinkle{number:04d}" for number in range(600)),
    "lines": "Quillwort-first-line-31\nQuillwort-second-line-32",
    "greek": "Λευκάδιον θαλασσινό 77",
    "emoji": "👩‍🔬 Ptarmigan-emoji-62",
    "short": "Ocelot77",
}
VITALS = "t_min,systolic_mmhg,diastolic_mmhg,heart_rate_bpm,spo2_percent,respiratory_rate_bpm\n"
IMPOSSIBLE = (
    ("120", "80", "70", "101", "14", "SpO₂ 101 is not possible (1 to 100 %)."),
    ("80", "120", "70", "98", "14", "diastolic 120 is not below systolic 80; are they swapped?"),
    ("120", "80", "999", "98", "14", "heart rate 999 is not possible (10 to 300 /min)."),
    ("120", "80", "998", "98", "14", "heart rate 998 is not possible (10 to 300 /min)."),
    ("120", "", "70", "98", "14", ""),
    ("120", "80", "70", "98", "81", "respiratory rate 81 is not possible (0 to 80 /min)."),
    ("120", "80", "-70", "98", "14", ""),
    ("17.3", "9.1", "70", "98", "14", "systolic 17.3 is not possible (30 to 300 mmHg)."),
)
UNUSUAL = ("230", "80", "30", "79", "41")
USUAL = ("121", "77", "71", "97", "15")


def write_odd_input(folder: Path) -> tuple[object, ...]:
    """Write notes and vitals into *folder*; return what hands them to the demo."""
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("t_s", "code", "text"))
        for place, (kind, text) in enumerate(TYPED.items()):
            writer.writerow((60 * place, kind if kind in {"quote", "setting"} else "", text))
    with (folder / "vitals.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(VITALS)
        for minute, row in enumerate([*(row[:5] for row in IMPOSSIBLE), IMPOSSIBLE[0][:5], UNUSUAL, USUAL], start=1):
            csv.writer(file).writerow((minute, *row))
    return ("--notes", folder / "notes.csv", "--vitals", folder / "vitals.csv")
