"""cupsd on loopback, with a folder of its own, that takes nothing in clear text."""

from peer import *

FILES = """
ServerRoot {root}
CacheDir {root}/cache
StateDir {root}/state
RequestRoot {root}/spool
TempDir {root}/spool/tmp
DataDir /usr/share/cups
DocumentRoot {root}/www
ServerBin /usr/lib/cups
ServerKeychain {root}/ssl
AccessLog stderr
ErrorLog stderr
PageLog stderr
FatalErrors none
"""
CONFIG = """
Listen 127.0.0.1:{port}
DefaultEncryption Required
Browsing No
<Location />
  Order allow,deny
  Allow all
  Encryption Required
</Location>
"""


def serve():
    apt("cups-daemon")
    TEMP.chmod(0o755)
    root = TEMP / "cups"
    for folder in ("cache", "state", "spool/tmp", "ssl", "www"):
        (root / folder).mkdir(parents=True)
    (root / "www/index.html").write_text("the page of cupsd\n")
    port = free_port()
    (root / "files.conf").write_text(FILES.format(root=root))
    (root / "cupsd.conf").write_text(CONFIG.format(port=port))
    Program(["cupsd", "-f", "-c", root / "cupsd.conf", "-s", root / "files.conf"]).listens(port)
    return port
