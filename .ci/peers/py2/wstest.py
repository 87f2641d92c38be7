"""The Autobahn test suite's own program, without TLS and on 127.0.0.1 only. Python 2.7.

usage: python2.7 wstest.py FOLDER-OF-THE-PACKAGES OPTIONS

A server listens on a port that the system chooses. Its specification has :PORT where the number belongs, and the first line that
is printed is that number, once connections are taken.
"""

import os
import site
import socket
import sys
import types

folder = sys.argv.pop(1)
sys.path.insert(0, folder)
site.addsitedir(folder)

# The suite imports this module whatever it tests, and with it packages that are not installed.
import twisted.internet

twisted.internet.ssl = types.ModuleType("twisted.internet.ssl")
twisted.internet.ssl.ClientContextFactory = lambda: None
sys.modules["twisted.internet.ssl"] = twisted.internet.ssl

from autobahntestsuite import wstest
from twisted.internet import reactor

# The port is taken before the suite hears of it, and never let go: nobody else can have it.
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
port = listener.getsockname()[1]


def listen(wanted, factory, backlog=50, interface=""):
    if wanted != port:
        raise ValueError("port %s is not ours" % wanted)
    listener.listen(backlog)
    listener.setblocking(False)
    taken = reactor.adoptStreamPort(listener.fileno(), socket.AF_INET, factory)
    os.write(1, "%d\n" % port)
    return taken


reactor.listenTCP = listen
specification = sys.argv[sys.argv.index("-s") + 1]
with open(specification) as source:
    text = source.read().replace(":PORT", ":%d" % port)
with open(specification, "w") as target:
    target.write(text)
wstest.run()
