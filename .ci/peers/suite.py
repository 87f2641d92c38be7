"""The Autobahn test suite: where it comes from, and what its verdicts mean.

The suite ends with 0 whatever it finds, so its index is read.
"""

import glob
import json
from collections import Counter

from peer import *

PACKAGES = """
autobahntestsuite==25.10.1 autobahn==0.10.9 Twisted==19.10.0 zope.interface==5.5.2 txaio==2.1.0 six==1.17.0
klein==17.10.0 Werkzeug==1.0.1 Jinja2==2.11.3 MarkupSafe==1.1.1 incremental==16.10.1 constantly==15.1.0
Automat==0.8.0 attrs==21.4.0 hyperlink==21.0.0 idna==2.10 typing==3.10.0.0 PyHamcrest==1.10.1 setuptools==44.1.1
unittest2==1.1.0 traceback2==1.4.0 linecache2==1.0.0 argparse==1.4.0
""".split()
PASSING = {"OK", "NON-STRICT", "INFORMATIONAL"}


def python2():
    """The suite is written in Python 2, which Debian no longer has."""
    for found in [*glob.glob(str(Path.home() / ".pyenv/versions/2.7*/bin/python2.7")), shutil.which("python2.7")]:
        if found and run([found, "--version"]).returncode == 0:
            return found
    raise Failed("no Python 2.7 here")


def wstest(python, mode, spec):
    """The suite's command line, installed."""
    site = CACHE / "autobahn-25.10.1"
    if not (site / "complete").exists():
        shutil.rmtree(site, ignore_errors=True)
        quiet([python, "-m", "pip", "install", "-q", "--no-deps", "--target", site, *PACKAGES])
        (site / "complete").touch()
    path = TEMP / f"{mode}.json"
    path.write_text(json.dumps(spec))
    return [python, "-B", CI / "peers/py2/wstest.py", site, "-m", mode, "-s", path, "-u", "0"]


def judge(role, reports, output, expected):
    """Every case must end well, in what was exchanged and in how it was closed."""
    index = reports / "index.json"
    check(index.exists(), "the suite wrote its index", output[-2000:])
    (cases,) = json.loads(index.read_text()).values()
    count = Counter(case["behavior"] for case in cases.values())
    for name, case in cases.items():
        if case["behavior"] != "OK" or case["behaviorClose"] != "OK":
            print(f"  {role} {name}: {case['behavior']}, close {case['behaviorClose']}")
    bad = [name for name, case in cases.items() if not {case["behavior"], case["behaviorClose"]} <= PASSING]
    summarize(f"Autobahn, our {role}: {len(cases)} cases, " + ", ".join(f"{n} {what}" for what, n in count.most_common()))
    check(len(cases) == expected, f"{expected} cases ran", f"{len(cases)} did")
    check(not bad, "no case failed", f"failed: {bad}")
