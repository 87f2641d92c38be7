"""The Autobahn test suite's own program, without TLS and on 127.0.0.1 only. Python 2.7.

usage: python2.7 wstest.py FOLDER-OF-THE-PACKAGES OPTIONS
"""

import site
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

listen_anywhere = reactor.listenTCP


def listen(port, factory, backlog=50, interface=""):
    return listen_anywhere(port, factory, backlog, "127.0.0.1")


reactor.listenTCP = listen
wstest.run()
