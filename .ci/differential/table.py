"""Reads the table of differences."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

CONFORMANCE = Path(__file__).resolve().parent.parent.parent / "tests/conformance"
VERDICTS = ("accept", "refuse", "more")


@dataclass
class Row:
    line: int
    sides: list[str]
    # `ours / theirs`, or what of an accepted message differs.
    differs: list[str]
    messages: list[str]

    def covers(self, side, message, what):
        return side in self.sides and what in self.differs and any(fnmatchcase(message, name) for name in self.messages)

    def parts(self, side, message, what):
        """What of the row such a difference shows to be so."""
        names = {f"{side}: {name}" for name in self.messages if fnmatchcase(message, name)}
        return names | {f"{side}: {what}"}

    def all_parts(self):
        return {f"{side}: {part}" for side in self.sides for part in self.messages + self.differs}


def read_table(path):
    known = set()
    for table in CONFORMANCE.glob("*.md"):
        known |= set(re.findall(r"^\| ([A-Z0-9]+-\d+) \|", table.read_text(), re.M))
    rows = []
    for at, line in enumerate(path.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or cells[0] in ("Peer", "---"):
            continue
        side, differs, messages, why = cells
        names = re.findall(r"`([^`]+)`", messages)
        ids = re.findall(r"\b(?:R\d+|SEC|REG)-\d+\b", why)
        if not names or not ids or set(ids) - known:
            raise ValueError(f"{path.name}, line {at}: no message, or no id that tests/conformance knows: {set(ids) - known}")
        rows.append(Row(at, side.split(", "), differs.split(", "), names))
    return rows
