"""What h11 and httptools make of a message, in the form in which our side says it."""

import h11
import httptools

ROOM = 1 << 20


def outcome(verdict, why="", messages=(), persists=False, upgrades=False):
    return {"verdict": verdict, "why": why, "messages": list(messages), "persists": persists, "upgrades": upgrades}


def latin(octets):
    return bytes(octets or b"").decode("latin-1")


def message(fields, version, method=b"", target=b"", status=0):
    fields = [[latin(name).lower(), latin(value)] for name, value in fields]
    return {"method": latin(method), "target": latin(target), "version": latin(version), "status": status, "fields": fields,
        "content": "", "end": 0}


class H11:
    """The events of a connection."""

    name = "h11"
    version = h11.__version__

    def judge(self, octets, asked):
        found = self._read(octets, asked)
        if found["verdict"] == "accept":
            found["persists"] = self._read(octets[:found["messages"][-1]["end"]], asked)["persists"]
        return found

    def _read(self, octets, asked):
        role = h11.CLIENT if asked else h11.SERVER
        self.connection, self.messages = h11.Connection(role, ROOM), []
        if asked:
            self._ask(*asked)
        # An empty slice would be the end of the connection.
        if octets:
            self.connection.receive_data(octets)
        try:
            while True:
                event = self.connection.next_event()
                if event is h11.NEED_DATA and asked:
                    return self._end(octets)
                if event is h11.NEED_DATA:
                    return outcome("more", messages=self.messages)
                if self._take(event, octets):
                    return self._accepted(asked)
        except h11.RemoteProtocolError as error:
            return outcome("refuse", str(error), self.messages)

    def _ask(self, method, token):
        fields = [("Host", "a")] + ([] if token == "-" else [("Connection", "Upgrade"), ("Upgrade", token)])
        self.connection.send(h11.Request(method=method, target="a:80" if method == "CONNECT" else "/", headers=fields))
        self.connection.send(h11.EndOfMessage())

    def _take(self, event, octets):
        """Whether this was the last event of the message."""
        if isinstance(event, h11.Request):
            fields = event.headers
            self.messages.append(message(fields, event.http_version, event.method, event.target))
        elif isinstance(event, (h11.Response, h11.InformationalResponse)):
            fields = event.headers
            self.messages.append(message(fields, event.http_version, status=event.status_code))
        elif isinstance(event, h11.Data):
            self.messages[-1]["content"] += latin(event.data)
        self.messages[-1]["end"] = len(octets) - len(self.connection.trailing_data[0])
        switched = isinstance(event, h11.InformationalResponse) and event.status_code == 101
        return isinstance(event, h11.EndOfMessage) or event is h11.PAUSED or switched

    def _end(self, octets):
        """The orderly end of the connection completes a response without length."""
        self.connection.receive_data(b"")
        try:
            if isinstance(self.connection.next_event(), h11.EndOfMessage):
                self.messages[-1]["end"] = len(octets)
                return outcome("accept", messages=self.messages)
        except h11.RemoteProtocolError:
            pass
        return outcome("more", messages=self.messages)

    def _accepted(self, asked):
        state = self.connection.their_state
        if asked:
            switched = state is h11.SWITCHED_PROTOCOL
            persists = not switched and self.connection.our_state is h11.DONE and state is h11.DONE
            return outcome("accept", "", self.messages, persists, switched)
        upgrades = state is h11.MIGHT_SWITCH_PROTOCOL
        self.connection.send(h11.Response(status_code=404, headers=[("Content-Length", "0")]))
        self.connection.send(h11.EndOfMessage())
        persists = self.connection.our_state is h11.DONE
        return outcome("accept", "", self.messages, persists, upgrades)


class Callbacks:
    """What httptools calls."""

    def __init__(self):
        self.fields, self.url, self.content = [], b"", b""
        self.in_head, self.is_complete = True, False

    def on_message_begin(self):
        self.fields, self.url, self.content, self.in_head = [], b"", b"", True

    def on_url(self, url):
        self.url += url

    def on_header(self, name, value):
        # Trailers come here too.
        if self.in_head:
            self.fields.append((name, value))

    def on_headers_complete(self):
        self.in_head = False

    def on_body(self, body):
        self.content += body

    def on_message_complete(self):
        # Behind this they are forgotten.
        self.is_complete, self.persists = True, self.parser.should_keep_alive()


class HttpTools:
    """A parser, fed byte by byte, for it does not say otherwise where a message ended."""

    name = "httptools"
    version = httptools.__version__

    def judge(self, octets, asked):
        self.messages, self.callbacks, self.asked = [], Callbacks(), asked
        kind = httptools.HttpResponseParser if asked else httptools.HttpRequestParser
        parser = self.callbacks.parser = kind(self.callbacks)
        for end in range(1, len(octets) + 1):
            try:
                parser.feed_data(octets[end - 1:end])
                upgraded = False
            except httptools.HttpParserUpgrade:
                upgraded = True
            except httptools.HttpParserError as error:
                return outcome("refuse", str(error), self.messages)
            if self.callbacks.is_complete and self._complete(parser, end, upgraded):
                return self._accepted(parser, upgraded)
        return outcome("more", messages=self.messages)

    def _complete(self, parser, end, upgraded):
        """Takes a message; whether it was the last."""
        self.callbacks.is_complete = False
        version = parser.get_http_version().encode()
        if self.asked:
            status = parser.get_status_code()
            found = message(self.callbacks.fields, version, status=status)
        else:
            status = 0
            found = message(self.callbacks.fields, version, parser.get_method(), self.callbacks.url)
        found["content"], found["end"] = latin(self.callbacks.content), end
        self.messages.append(found)
        return upgraded or not 100 <= status < 200

    def _accepted(self, parser, upgraded):
        upgrades = upgraded if self.asked else parser.should_upgrade()
        return outcome("accept", "", self.messages, self.callbacks.persists, upgrades)
