"""Prints the table of keys for the README, from the one place where the keys are defined.

python tools/keys_table.py            the table
python tools/keys_table.py README.md  puts it between the README's two marks
"""

import sys
from pathlib import Path

from kapnotes.app.presets import shipped_codebook
from kapnotes.domain.codebook import CodeKind
from kapnotes.ui.keys import KEYS, sequences_of

BEGIN, END = "<!-- keys -->", "<!-- end of keys -->"
DOES = {
    CodeKind.POINT: "mark: {}",
    CodeKind.STATE: "start or stop: {}",
    CodeKind.QUOTE: "the line is a {}: the patient's own words",
    CodeKind.SETTING: "the line is about the {}, for everybody",
    CodeKind.SIGNAL: "silent signal: {}",
}


def table() -> str:
    """Return the table as Markdown."""
    rows = [(str(key.where), f"`{key.sequence}`", key.does) for key in KEYS]
    for code in shipped_codebook().codes:
        sequences = " or ".join(f"`{sequence}`" for sequence in sequences_of(code))
        rows.append(("note pad", sequences, DOES[code.kind].format(code.title)))
    lines = ["Where | Key | What it does", "---|---|---", *(" | ".join(row) for row in rows)]
    return "\n".join(lines)


def main() -> int:
    """Print the table, or put it into the file named."""
    if len(sys.argv) < 2:
        sys.stdout.write(f"{table()}\n")
        return 0
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
