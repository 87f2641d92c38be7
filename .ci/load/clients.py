"""Clients of a server under load: those that mean well, and those that do not.

Each is a coroutine that takes a `Site`. One that means well fails where it is not served right. One that does not ends when the
server has put an end to it, and fails where that does not come in time.
"""

import asyncio
import itertools
import random
import socket
import struct
from dataclasses import dataclass

KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
OPENING = (f"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: {KEY}\r\n"
    "Sec-WebSocket-Version: VERSION\r\n\r\n")
MASK = b"\x8f\x21\x5a\xc3"


class Unserved(Exception):
    """A good client that was not served right, or a hostile one that was not ended."""


@dataclass
class Site:
    port: int
    # What `GET /` is answered with.
    page: bytes
    # The seconds after which the server puts an end to what is slow.
    patience: float
    # How long a good client is ready to wait for each thing.
    good_patience: float = 20


def must(condition, what):
    if not condition:
        raise Unserved(what)


class Connection:
    def __init__(self, site, reader, writer):
        self.site, self.reader, self.writer = site, reader, writer

    @classmethod
    async def open(cls, site):
        reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
        return cls(site, reader, writer)

    async def send(self, octets):
        self.writer.write(octets if isinstance(octets, bytes) else octets.encode())
        await self.writer.drain()

    async def within(self, reading):
        return await asyncio.wait_for(reading, self.site.good_patience)

    async def response(self):
        """Status-line, fields with names in lower case, content."""
        head = (await self.within(self.reader.readuntil(b"\r\n\r\n"))).decode("latin-1")
        line, *lines = head.rstrip("\r\n").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        content = await self.within(self.reader.readexactly(int(fields.get("content-length", "0"))))
        return line.split(" ")[1], fields, content

    async def frame(self):
        """First octet and payload."""
        first, length = await self.within(self.reader.readexactly(2))
        must(length < 127, "a frame without mask, below 64 KiB")
        if length == 126:
            (length,) = struct.unpack("!H", await self.within(self.reader.readexactly(2)))
        return first, await self.within(self.reader.readexactly(length))

    async def message(self):
        """Opcode and payload of a message, which may come in frames, and the payloads of the Pongs among them."""
        opcode, payload, pongs, first = 0, b"", [], 0
        while not first & 0x80 or first & 8:
            first, piece = await self.frame()
            if first == 0x8a:
                pongs.append(piece)
            else:
                opcode, payload = opcode or first & 15, payload + piece
        return opcode, payload, pongs

    async def ended(self, seconds):
        """What else comes until the server ends the connection, which it must within that time."""
        try:
            return await asyncio.wait_for(self.reader.read(-1), seconds)
        except ConnectionError:
            return b""
        except asyncio.TimeoutError:
            raise Unserved("the server did not end the connection") from None

    def close(self):
        self.writer.close()

    def vanish(self):
        """Goes away as a host does that loses its power."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def frame(first, payload):
    length = bytes([128 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
    keys = MASK * (len(payload) // 4 + 1)
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(keys[:len(payload)], "big")
    return bytes([first]) + length + MASK + masked.to_bytes(len(payload), "big")


# Those that mean well


async def get(site):
    """Two pages and one that is not there, on one connection."""
    connection = await Connection.open(site)
    for target, close in (("/", ""), ("/nothing", ""), ("/", "Connection: close\r\n")):
        await connection.send(f"GET {target} HTTP/1.1\r\nHost: a\r\n{close}\r\n")
        status, _, content = await connection.response()
        must(status == ("200" if target == "/" else "404"), f"{status} for {target}")
        must(status == "404" or content == site.page, "the page")
    must(await connection.ended(site.good_patience) == b"", "nothing behind the last response")
    connection.close()


async def websocket(site):
    """An echo and its end."""
    connection = await Connection.open(site)
    await connection.send(OPENING.replace("VERSION", "13"))
    await echo(connection)


async def told_to_upgrade(site):
    """The wrong version, 426, the right one on the same connection."""
    connection = await Connection.open(site)
    await connection.send(OPENING.replace("VERSION", "8"))
    status, fields, _ = await connection.response()
    must(status == "426" and fields.get("sec-websocket-version") == "13", f"426, not {status} {fields}")
    must(fields.get("upgrade") == "websocket", f"Upgrade in {fields}")
    await connection.send(OPENING.replace("VERSION", "13"))
    await echo(connection)


async def echo(connection):
    status, fields, _ = await connection.response()
    must(status == "101" and fields["sec-websocket-accept"] == ACCEPT, f"101, not {status} {fields}")
    text, large = "Grüße".encode(), bytes(range(256)) * 64
    await connection.send(frame(0x01, text[:3]) + frame(0x89, b"there?") + frame(0x80, text[3:]))
    must(await connection.message() == (1, text, [b"there?"]), "an echo and a Pong")
    await connection.send(frame(0x82, large))
    must(await connection.message() == (2, large, []), "the echo of a large message")
    await connection.send(frame(0x88, b"\x03\xe8"))
    must(await connection.frame() == (0x88, b"\x03\xe8"), "the Close")
    must(await connection.ended(connection.site.good_patience) == b"", "nothing behind the Close")
    connection.close()


GOOD = [get, websocket, told_to_upgrade]


# Those that do not


async def slow_head(site):
    """A byte of the head now and then: 408."""
    connection = await Connection.open(site)
    dripping = asyncio.create_task(drip(connection, itertools.chain(b"GET / HTTP/1.1\r\nHost: a\r\nX: ", itertools.repeat(120))))
    try:
        got = await connection.ended(site.patience + 5)
        must(got.startswith(b"HTTP/1.1 408 "), f"408 for a slow head, not {got[:40]}")
    finally:
        dripping.cancel()
        connection.close()


async def slow_content(site):
    """The same with content that is not wanted."""
    connection = await Connection.open(site)
    await connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")
    dripping = asyncio.create_task(drip(connection, itertools.repeat(120)))
    try:
        await connection.ended(2 * site.patience + 5)
    finally:
        dripping.cancel()
        connection.close()


async def drip(connection, octets):
    try:
        for octet in octets:
            await connection.send(bytes([octet]))
            await asyncio.sleep(0.3)
    except ConnectionError:
        pass


async def silent(site):
    """Says nothing, or nothing more."""
    connection = await Connection.open(site)
    if random.random() < 0.5:
        await connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await connection.response()
    must(await connection.ended(site.patience + 5) == b"", "nothing to say to who says nothing")
    connection.close()


async def silent_websocket(site):
    """Opens a WebSocket, and does not answer the Ping."""
    connection = await Connection.open(site)
    await connection.send(OPENING.replace("VERSION", "13"))
    await connection.response()
    must(await connection.ended(2 * site.patience + 5) == b"\x89\x00", "a Ping, and the end")
    connection.close()


async def deaf(site):
    """Asks and asks, and reads nothing."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", site.port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=1)
    connection = Connection(site, reader, writer)
    try:
        asking = connection.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 4000)
        await asyncio.wait_for(asking, site.patience + 8)
        await asyncio.sleep(site.patience + 1)
    except (asyncio.TimeoutError, ConnectionError):
        pass
    connection.vanish()


RUBBISH = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    bytes(300),
    b"\xff" * 300,
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
    b"GET /" + b"a" * 20000,
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 3000,
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: five\r\n\r\nHELLO",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\r\n" * 100,
]


async def rubbish(site):
    """What is no HTTP, or is not any more: an answer of 4xx or 5xx, and the end."""
    connection = await Connection.open(site)
    await quietly(connection.send(random.choice(RUBBISH)))
    got = await connection.ended(site.patience + 5)
    must(got[:10] in (b"", b"HTTP/1.1 4", b"HTTP/1.1 5"), f"a refusal, not {got[:40]}")
    connection.close()


async def rubbish_frames(site):
    """The same behind an opening handshake: a Close, and the end."""
    connection = await Connection.open(site)
    bad = random.choice([b"\x81\x05HELLO", b"\xff" * 100, frame(0xc1, b"x"), frame(0x09, b"x"), frame(0x81, b"\xff\xfe"), frame(0x83, b"")])
    await quietly(connection.send(OPENING.replace("VERSION", "13").encode() + bad))
    status, _, _ = await connection.response()
    got = await connection.ended(site.patience + 5)
    must(status == "101" and got[:1] in (b"", b"\x88"), f"a Close, not {got[:40]}")
    connection.close()


async def vanishing(site):
    """Gone, anywhere."""
    connection = await Connection.open(site)
    opening = OPENING.replace("VERSION", "13").encode()
    whole = random.choice([
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 2,
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100\r\n" + bytes(256) + b"\r\n0\r\n\r\n",
        opening + frame(0x82, bytes(3000)),
    ])
    await quietly(connection.send(whole[:random.randrange(len(whole))]))
    if random.random() < 0.3:
        await asyncio.sleep(0.002)
    if random.random() < 0.7:
        connection.vanish()
    else:
        connection.close()


async def quietly(sending):
    try:
        await sending
    except ConnectionError:
        pass


# Those that end at once, and those that hang on.
QUICK = [rubbish, vanishing, rubbish_frames, vanishing]
LASTING = [slow_head, silent, slow_content, silent_websocket]
HOSTILE = [*QUICK, *LASTING, deaf]
