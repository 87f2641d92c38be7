"""What the scripts of the peers share: packages, ports, programs that are ended again, checks.

PEER_SERVER and PEER_CLIENT name other programs to try in place of the examples.
"""

import atexit
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

CI = Path(__file__).resolve().parent.parent
ROOT = CI.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "http-upgrade-ci"
os.environ["PATH"] += ":/usr/sbin"
TEMP = Path(tempfile.mkdtemp(prefix="http-upgrade-"))
atexit.register(shutil.rmtree, TEMP, ignore_errors=True)
# Who is ended for want of time ends what it has started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))


class Failed(Exception):
    """A peer or the example did not do what it should."""


# Packages


def apt(*packages):
    script = 'source "$1/lib/common"; shift; apt_install "$@"'
    quiet(["bash", "-c", script, "bash", str(CI), *packages])


def npm(name, version):
    if not shutil.which("npm"):
        apt("nodejs", "npm")
    target = CACHE / f"npm/{name}-{version}"
    if not (target / "node_modules" / name).exists():
        target.mkdir(parents=True, exist_ok=True)
        quiet(["npm", "install", "--prefix", target, "--no-save", "--no-audit", "--no-fund", f"{name}@{version}"])
    before = os.environ.get("NODE_PATH")
    os.environ["NODE_PATH"] = f"{target}/node_modules" + (f":{before}" if before else "")


def pip(name, version):
    target = CACHE / f"python/{name}-{version}"
    if not target.exists():
        quiet([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), f"{name}=={version}"])
    sys.path.insert(0, str(target))


def quiet(argv):
    argv = [str(a) for a in argv]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Failed(f"{shlex.join(argv)} ended with {done.returncode}:\n{done.stdout}")


# Programs


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def example(name):
    """The command of an example program, built."""
    if other := os.environ.get(f"PEER_{name.upper()}"):
        return shlex.split(other)
    quiet(["cargo", "build", "--manifest-path", str(ROOT / "Cargo.toml"), "--example", name])
    target = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
    return [str(target / "debug/examples" / name)]


class Program:
    """A program in the background; its lines are kept; it ends with this script."""

    def __init__(self, argv, env=None, cwd=None):
        self.argv = [str(a) for a in argv]
        self.lines = []
        self.process = subprocess.Popen(
            self.argv, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        atexit.register(self.stop)

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def stop(self):
        """Ends the program and what it started."""
        for sig in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sig)
                self.process.wait(3)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass

    def listens(self, port, seconds=20):
        """Waits until the program takes connections on the port."""
        def up():
            if self.process.poll() is not None:
                raise Failed(f"{self} ended\n{self.printed()}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return True
            except OSError:
                return False
        wait(up, seconds, lambda: f"{self} does not listen\n{self.printed()}")
        return self

    def printed(self):
        return "\n".join("    " + line for line in self.lines)

    def __str__(self):
        return shlex.join(self.argv)


def wait(condition, seconds, complaint):
    end = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end:
            raise Failed(complaint())
        time.sleep(0.02)
    return result


def run(argv, seconds=30, env=None, stdin=None, cwd=None):
    """Runs a client to its end; its output in `.stdout`, all of it; 124 when it had to be ended."""
    argv = [str(a) for a in argv]
    print("+", shlex.join(argv), flush=True)
    return subprocess.run(
        ["timeout", "-k", "3", str(seconds), *argv], env={**os.environ, **(env or {})}, cwd=cwd, input=stdin or "",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )


# The example server under a client, and the example client under a server


class Server(Program):
    """An example server. Each of its lines begins with the number of the connection."""

    def __init__(self, *options, program="server"):
        self.port = free_port()
        self.taken = set()
        super().__init__([*example(program), "--port", self.port, *options])
        self.listens(self.port)

    def url(self, scheme="http", path="/x"):
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def connections(self):
        found = {}
        for line in self.lines:
            number, _, text = line.partition(" ")
            if number.isdecimal():
                found.setdefault(int(number), []).append(text)
        return found

    def saw(self, *expected, seconds=10):
        """Waits for a connection, not reported before, that printed these lines in this order."""
        def find():
            for number, lines in self.connections().items():
                if number not in self.taken and in_order(expected, lines):
                    return number
            return None
        number = wait(find, seconds, lambda: f"no connection printed {list(expected)}; the server:\n{self.printed()}")
        self.taken.add(number)
        ok(" / ".join(expected))

    def never(self, line):
        if any(line in lines for lines in self.connections().values()):
            raise Failed(f"{line!r} must not be there; the server:\n{self.printed()}")


def client(*arguments, switched=None, seen=(), program="client"):
    """Runs an example client and compares its lines and its exit status."""
    done = run([*example(program), *arguments])
    lines = done.stdout.splitlines()
    expected = [*seen, f"switch {switched}"] if switched else list(seen)
    if not in_order(expected, lines):
        raise Failed(f"the client did not print {expected} in this order:\n{done.stdout}")
    if (done.returncode == 0) != bool(switched):
        raise Failed(f"exit status {done.returncode}:\n{done.stdout}")
    if not switched and any(line.startswith("switch ") for line in lines):
        raise Failed(f"switched:\n{done.stdout}")
    ok(" / ".join(expected))


def in_order(expected, lines):
    rest = iter(lines)
    return all(any(line == wanted for line in rest) for wanted in expected)


# Checks

checks = 0


def ok(what):
    global checks
    checks += 1
    print(f"  ok: {what}", flush=True)


def check(condition, what, shown=""):
    if not condition:
        raise Failed(f"not so: {what}\n{shown}")
    ok(what)


def summarize(line):
    """A line of figures for the page that `.ci/run` ends with."""
    print(line, flush=True)
    if path := os.environ.get("CI_SUMMARY"):
        with open(path, "a") as summary:
            summary.write(line + "\n")


def main(peer, body):
    """Runs a script's checks and gives the summary its line."""
    try:
        version = body()
    except Failed as failed:
        print(f"{peer}: FAILED\n{failed}", flush=True)
        sys.exit(1)
    summarize(f"peer {peer} ({version}): {checks} checks")
