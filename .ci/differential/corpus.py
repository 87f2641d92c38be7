"""The messages: those of the tables beside this file, and the inputs of the transcripts of both roles."""

import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
TRANSCRIPTS = HERE.parent.parent / "tests/transcripts"

# Options of a transcript's run that make another question of it than how a message is read.
OTHER_QUESTIONS = {"--lone-lf", "--storage", "--inside-tls", "--mandatory", "--lenient", "--key", "--subprotocol", "--extension",
    "--must-choose", "--via-proxy", "--content", "--expect", "--ignore-expectations"}


@dataclass
class Message:
    name: str
    octets: bytes = field(repr=False)
    # What was asked, for a response: method and offered token.
    asked: tuple[str, str] | None = None


def unescape(text):
    """The octets that a text in the notation of the transcripts stands for."""
    octets, at = b"", 0
    while at < len(text):
        if text[at] != "\\":
            if not " " <= text[at] <= "~":
                raise ValueError(f"{text[at]!r} in {text!r}")
            octets += text[at].encode()
            at += 1
            continue
        kind = text[at + 1]
        if kind == "x":
            octets += bytes.fromhex(text[at + 2:at + 4])
            at += 4
        elif kind == "{":
            end = text.index("}", at)
            count, body = text[at + 2:end].split(" ", 1)
            octets += int(count) * unescape(body)
            at = end + 1
        else:
            octets += {"\\": b"\\", "r": b"\r", "n": b"\n", "t": b"\t"}[kind]
            at += 2
    return octets


def tables(path, is_response):
    """The rows of a file of tables."""
    section, frame, asked = None, "<>", None
    for line in path.read_text().splitlines():
        if line.startswith("## "):
            section, _, rest = line[3:].partition(" ")
            frame, asked = "<>", asking(rest.strip("()")) if is_response else None
        elif match := re.fullmatch(r"`(.*<>.*)`", line):
            frame = match[1]
        elif match := re.fullmatch(r"\| ([a-z0-9-]+) \| `(.*)` \|", line):
            before, after = frame.split("<>")
            octets = b"".join(map(unescape, (before, match[2], after)))
            yield Message(f"{section}/{match[1]}", octets, asked)
        elif line.startswith("|") and line not in ("| name | bytes |", "|---|---|"):
            raise ValueError(f"{path}: no row: {line}")


def asking(text):
    """`GET with Upgrade: tcp` as method and token."""
    method, _, token = (text or "GET").partition(" with Upgrade: ")
    return method, token or "-"


def transcripts(path):
    """The inputs of a file of transcripts whose arguments change nothing about how a message is read."""
    heading, args, count = None, [], 0
    lines = iter(path.read_text().splitlines())
    for line in lines:
        octets = None
        if line.startswith("## "):
            heading, count = re.sub(r"[^a-z0-9]+", "-", line[3:].lower()).strip("-"), 0
        elif line.startswith("`") and line.endswith("`"):
            args = line.strip("`").split(" ")
        elif line == "```http":
            octets = block(lines)
        elif match := re.fullmatch(r"\[[^]]*\]\(([^)]*)\)", line):
            octets = (path.parent / match[1]).read_bytes()
        if octets is not None and args[0] in ("server", "client"):
            count += 1
            if not OTHER_QUESTIONS & set(args):
                name = f"{path.name}/{heading}/{count}"
                yield Message(name, octets, asked_by(args) if args[0] == "client" else None)


def block(lines):
    octets = b""
    for line in lines:
        if line == "```":
            return octets
        is_open = (len(line) - len(line.rstrip("\\"))) % 2 == 1
        octets += unescape(line[:-1]) if is_open else unescape(line) + b"\r\n"
    raise ValueError("a block without end")


def asked_by(args):
    option = lambda name, otherwise: args[args.index(name) + 1] if name in args else otherwise
    return option("--method", "GET"), option("--ask", "-")


def corpus():
    """Every message once."""
    found = [*tables(HERE / "requests.md", False), *tables(HERE / "responses.md", True)]
    for path in sorted(TRANSCRIPTS.glob("*.md")):
        if path.name != "README.md":
            found += transcripts(path)
    seen, names, messages = set(), set(), []
    for message in found:
        # One token, not a list, so that all sides are asked the same.
        if message.asked and "," in message.asked[1]:
            continue
        if message.name in names:
            raise ValueError(f"{message.name} is the name of two")
        if (key := (message.octets, message.asked)) in seen:
            continue
        seen.add(key)
        names.add(message.name)
        messages.append(message)
    return messages
