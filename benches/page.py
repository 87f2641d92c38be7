"""Tables for the README of the crate, and plots, from results/."""

import re
import sys
import textwrap
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
BEGIN, END = "<!-- benches/run: begin -->", "<!-- benches/run: end -->"
OURS = "http-upgrade"
NAMES = {
    OURS: "**http-upgrade**",
    "http-upgrade, examples/tokio_server.rs": "http-upgrade, `examples/tokio_server.rs`",
    "http-upgrade, a write for each read": "http-upgrade, gathered",
    "floor": "*floor*",
    "memcpy": "*memcpy*",
    "edge": "edge-http, edge-ws",
    "fastwebsockets": "fastwebsockets on hyper",
    "hyper": "hyper, WebSocket by hand",
    "ws-framer": "ws-framer, httparse",
}


def rows(name):
    path = HERE / "results" / name
    if not path.exists():
        return []
    head, *lines = path.read_text().splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]


def number(text):
    return f"{int(text):,}".replace(",", " ") if text.isdigit() else text or "–"


class Results:
    def __init__(self):
        self.counts = {(row["who"], row["work"]): row for row in rows("peers.tsv")}
        self.times = {(row["who"], row["work"]): row["ratio"] for row in rows("times.tsv")}

    def count(self, who, work, column="instructions"):
        return self.counts.get((who, work), {}).get(column, "")

    def cell(self, who, work, column="instructions"):
        return number(self.count(who, work, column))

    def who(self, *works):
        """Ours, the floor, and then the others, by what the first of these costs them."""
        found = {who for who, work in self.counts if work in works}
        value = lambda who: next((int(c) for w in works if (c := self.count(who, w)).isdigit()), 1 << 60)
        return sorted(found, key=lambda who: (who != OURS, who not in ("floor", "memcpy"), value(who)))


def table(head, lines):
    rule = ["---"] + ["--:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *lines])


def handshakes(results):
    head = ["handshake", "server: one read", "16 bytes a read", "1 byte a read", "stack", "allocations", "time",
            "client", "426", "ordinary"]
    lines = [
        [NAMES.get(who, who), *(results.cell(who, work) for work in ("server", "server-16", "server-1")),
         results.cell(who, "server", "stack"), results.cell(who, "server", "allocations"),
         results.times.get((who, "server"), "–"),
         *(results.cell(who, work) for work in ("client", "426", "ordinary"))]
        for who in results.who("server")
    ]
    return table(head, lines)


def frames(results):
    works = ["text-125", "binary-16k", "binary-1m", "plain-text-125", "plain-16k",
             "server-125", "server-16k", "client-125", "client-16k"]
    head = ["frames", "server reads 125 B text", "16 KiB", "1 MiB", "client reads 125 B text", "16 KiB",
            "server writes 125 B", "16 KiB", "client writes 125 B", "16 KiB"]
    lines = [[NAMES.get(who, who), *(results.cell(who, work) for work in works)] for who in results.who("text-125")]
    return table(head, lines)


def boards():
    flash = {row["who"]: row for row in rows("flash.tsv")}
    counts = {(row["who"], row["opt-level"], row["work"]): row["instructions"] for row in rows("cortex-m.tsv")}
    if not flash:
        return ""
    head = ["on a Cortex-M", "flash, M3", "flash, M0", "handshake, `3`", "`z`", "1 KiB of frames, `3`", "`z`"]
    lines = [
        [NAMES.get(who, who), *(number(flash[who][target]) for target in ("thumbv7m-none-eabi", "thumbv6m-none-eabi")),
         *(number(counts.get((who, level, work), "")) for work in ("handshake", "frames") for level in ("3", "z"))]
        for who in flash
    ]
    return table(head, lines)


def sockets():
    found = rows("loopback.tsv")
    if not found:
        return ""
    works = list(dict.fromkeys(row["work"] for row in found))
    ratio = {(row["who"], row["work"]): row["ratio"] for row in found}
    whos = list(dict.fromkeys(row["who"] for row in found))
    head = ["through sockets", *works]
    return table(head, [[NAMES.get(who, who), *(ratio.get((who, work), "–") for work in works)] for who in whos])


def text(results):
    ours, floor = (results.cell(who, "h2c") for who in (OURS, "floor"))
    parts = [
        """`benches/run` gives others the same work in the same run and writes this section;
[`benches`](benches/README.md) says what the work is. Instructions by callgrind, x86-64, release; stack in bytes beside
lent buffers, allocations, and time as a ratio to the floor, for the handshake in one read. The floor is `httparse`,
`sha1_smol` and `base64ct` by hand, with no strictness at all.""",
        handshakes(results),
        f"An upgrade to h2c, which none of the others does, takes {ours}; the floor {floor}.",
        "![Instructions of a handshake](benches/plots/handshake.svg)",
        "What a head costs is a straight line in its size, whatever the reads, and in the number of fields:",
        "![Instructions over size and fields](benches/plots/scale.svg)",
        frames(results),
    ]
    if found := boards():
        parts += ["Bytes of flash of a server's handshake, `opt-level = \"z\"`; instructions of a handshake and of the echo of a "
                  "masked frame\nof 1 KiB on an emulated Cortex-M3, at `opt-level` `3` and `\"z\"`:", found]
    if found := sockets():
        parts += ["Rates of servers on tokio on loopback, as a ratio in the same run (more is faster). The first is the loops of this "
                  "README; the\nexample keeps deadlines and is a process of its own; gathered, the answers to all that one read gave go "
                  "out in one write, which\nthe others do not do:", found]
    parts.append(versions())
    return "\n\n".join(parts)


def versions():
    """What was measured with what."""
    lock = (HERE / "Cargo.lock").read_text()
    crates = ["embedded-websocket", "ws-framer", "soketto", "tokio-websockets", "hyper", "fastwebsockets", "tungstenite",
              "picoserve", "edge-http", "httparse", "sha1_smol", "base64ct"]
    found = [re.search(rf'name = "{crate}"\nversion = "([^"]+)"', lock) for crate in crates]
    named = ", ".join(f"`{crate}` {match.group(1)}" for crate, match in zip(crates, found) if match)
    compiler = (HERE / "counts.tsv").read_text().split("\n", 1)[0].removeprefix("# ")
    return "\n".join(textwrap.wrap(f"Measured with {compiler}: {named}.", 128, break_on_hyphens=False))


def plot(results):
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    grey = "#808080"  # to be read on white and on black
    plt.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": OURS, "font.size": 9, "font.family": "sans-serif",
        "text.color": grey, "axes.edgecolor": grey, "axes.labelcolor": grey, "axes.titlecolor": grey,
        "xtick.color": grey, "ytick.color": grey, "grid.color": grey, "grid.alpha": 0.3,
        "axes.spines.top": False, "axes.spines.right": False,
    })
    colours = ["#2f81f7", "#d29922", "#db61a2", "#3fb950"]

    def save(figure, name):
        (HERE / "plots").mkdir(exist_ok=True)
        figure.savefig(HERE / "plots" / name, transparent=True, bbox_inches="tight", metadata={"Date": None})
        plt.close(figure)

    figure, axes = plt.subplots(figsize=(8, 4.4))
    whos = [who for who in results.who("server")][::-1]
    works = {"server": "one read", "server-16": "16 bytes a read", "server-1": "1 byte a read"}
    for n, (work, label) in enumerate(works.items()):
        points = [(at, int(results.count(who, work))) for at, who in enumerate(whos) if results.count(who, work).isdigit()]
        axes.barh([at + 0.27 * (1 - n) for at, _ in points], [count for _, count in points], 0.25,
                  label=label, color=colours[n])
    axes.set_xscale("log")
    axes.set_xlim(left=4000)
    axes.set_yticks(range(len(whos)), [NAMES.get(who, who).strip("*") for who in whos])
    axes.set_xlabel("instructions for a server's WebSocket handshake, 543 bytes in, 101 out")
    axes.grid(axis="x")
    axes.legend(frameon=False)
    save(figure, "handshake.svg")

    scale = rows("scale.tsv")
    if scale:
        figure, panels = plt.subplots(1, 3, figsize=(9, 2.8), layout="constrained")
        titles = [
            ("KiB of a head", 1024, {"by1": "1 byte a read", "by16": "16 bytes a read"}),
            ("KiB of a head", 1024, {"by256": "256 bytes a read", "whole": "one read"}),
            ("fields of 40 bytes", 1, {"fields": "one read"}),
        ]
        for panel, (title, unit, lines) in zip(panels, titles):
            for (what, label), colour in zip(lines.items(), colours):
                points = [(int(row["n"]) / unit, int(row["instructions"]) / 1000) for row in scale if row["what"] == what]
                panel.plot(*zip(*points), "o-", color=colour, markersize=4, label=label)
            panel.set_xlabel(title)
            panel.set_xlim(left=0)
            panel.set_ylim(bottom=0)
            panel.grid()
            panel.legend(frameon=False)
        panels[0].set_ylabel("thousands of instructions")
        save(figure, "scale.svg")


def write():
    results = Results()
    readme = HERE.parent / "README.md"
    page = readme.read_text()
    if BEGIN not in page:
        sys.exit(f"README.md has no line {BEGIN}")
    middle = f"{BEGIN}\n{text(results)}\n{END}"
    readme.write_text(re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: middle, page, flags=re.S))
    plot(results)


if __name__ == "__main__":
    write()
