"""TLS inside HTTP/1.1 by Python's own ssl module, in both roles: a socket that is upgraded, and what goes on inside."""

import base64
import hashlib
import os
import socket
import ssl
import threading

from peer import Failed

VERSIONS = {"TLSv1_2": ssl.TLSVersion.TLSv1_2, "TLSv1_3": ssl.TLSVersion.TLSv1_3}
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.2, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def offer(host, request="OPTIONS *"):
    return f"{request} HTTP/1.1\r\nHost: {host}\r\nUpgrade: TLS/1.2\r\nConnection: Upgrade\r\n\r\n".encode()


def exactly(sock, length):
    data = b""
    while len(data) < length:
        more = sock.recv(length - len(data))
        if not more:
            raise Failed(f"the connection ended after {data!r}")
        data += more
    return data


def head(sock):
    """A message up to its empty line, and not a byte more."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        data += exactly(sock, 1)
    return data.decode()


def message(sock):
    """Status, or request-line, and content."""
    text = head(sock)
    fields = dict(line.lower().split(": ", 1) for line in text.split("\r\n")[1:-2])
    line = text.split("\r\n")[0]
    return line, exactly(sock, int(fields.get("content-length", 0))), fields


def client_context(version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = VERSIONS[version]
    return context


def fingerprint(tls):
    return hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()


def accept_key(key):
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def frame(payload, masked, opcode=1):
    mask = os.urandom(4) if masked else b""
    data = bytes(b ^ mask[i % 4] for i, b in enumerate(payload)) if masked else payload
    return bytes([0x80 | opcode, masked << 7 | len(payload)]) + mask + data


def read_frame(sock):
    first, length = exactly(sock, 2)
    mask = exactly(sock, 4) if length & 0x80 else bytes(4)
    payload = exactly(sock, length & 0x7F)
    return first & 0x0F, bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def websocket_client(sock, host):
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        f"GET /echo HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    line, _, fields = message(sock)
    if " 101 " not in line or fields["sec-websocket-accept"] != accept_key(key).lower():
        raise Failed(f"no WebSocket: {line}")
    sock.sendall(frame(b"hello inside", True))
    heard = read_frame(sock)
    sock.sendall(frame(b"\x03\xe8", True, 8))
    return heard == (1, b"hello inside") and read_frame(sock)[0] == 8


class Server:
    """Takes connections; `behave` has each as a socket, in a thread of its own. What requests asked for is kept."""

    def __init__(self, behave):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.requests = []
        self.behave = behave
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            sock, _ = self.listener.accept()
            sock.settimeout(10)
            threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock):
        try:
            self.behave(self, sock)
        except (Failed, OSError) as error:
            self.requests.append(f"error: {error}")
        finally:
            sock.close()

    def request(self, sock, where):
        text = head(sock)
        self.requests.append(text.split(" HTTP/")[0] + where)
        return text


def answer(sock, content=b""):
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))


def serve_inside(server, tls, pending):
    """The request that asked, then others, then a WebSocket."""
    answer(tls, b"pending\n" if pending.startswith("GET") else b"")
    while True:
        text = server.request(tls, " inside")
        if "Upgrade: websocket" not in text:
            answer(tls, b"inside\n")
            continue
        key = text.split("Sec-WebSocket-Key: ")[1].split("\r\n")[0]
        tls.sendall(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n".encode()
        )
        while (got := read_frame(tls))[0] != 8:
            tls.sendall(frame(got[1], False, got[0]))
        tls.sendall(frame(got[1], False, 8))
        return
