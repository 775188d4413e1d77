"""A DNS client over UDP that can also send what no proper client would."""

import socket
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35,
         "OPT": 41, "DS": 43, "SSHFP": 44, "RRSIG": 46, "NSEC": 47, "DNSKEY": 48, "TLSA": 52, "CDS": 59, "SVCB": 64, "HTTPS": 65,
         "ANY": 255, "URI": 256, "CAA": 257}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
QUESTION_ID = 0x1234


def encode_name(name):
    out = b""
    for label in name.rstrip(".").split("."):
        raw = label.encode("latin-1")
        if raw:
            out += bytes([len(raw)]) + raw
    return out + b"\0"


def header(flags=0x0100, counts=(1, 0, 0, 0), ident=QUESTION_ID):
    return struct.pack(">HHHHHH", ident, flags, *counts)


def question(name, kind="A", klass=1):
    number = TYPES[kind] if isinstance(kind, str) else kind
    return encode_name(name) + struct.pack(">HH", number, klass)


def opt(size=1232, version=0, flags=0, options=b""):
    return b"\0" + struct.pack(">HHBBHH", TYPES["OPT"], size, 0, version, flags, len(options)) + options


def query_packet(name, kind="A", edns=None, flags=0x0100, ident=QUESTION_ID):
    """`edns`: size to announce; None: no OPT record."""
    tail = b"" if edns is None else opt(edns)
    return header(flags, (1, 0, 0, 1 if tail else 0), ident) + question(name, kind) + tail


class Parser:
    """Reads a packet strictly: whatever does not fit raises ValueError."""

    def __init__(self, packet):
        self.packet = packet
        self.at = 0

    def take(self, count):
        if self.at + count > len(self.packet):
            raise ValueError("packet ends too early")
        part = self.packet[self.at:self.at + count]
        self.at += count
        return part

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))

    def name(self):
        labels, end, hops, before = [], None, 0, self.at
        while True:
            size = self.take(1)[0]
            if size >= 0xc0:
                target = (size & 0x3f) << 8 | self.take(1)[0]
                end = self.at if end is None else end
                if target >= before or hops > 64:
                    raise ValueError("compression pointer does not point back")
                self.at = before = target
                hops += 1
            elif size > 63:
                raise ValueError("label type is unknown")
            elif size == 0:
                break
            else:
                labels.append(self.take(size).decode("latin-1"))
        if end is not None:
            self.at = end
        return ".".join(labels) + "."

    def text(self):
        return self.take(self.take(1)[0]).decode("latin-1")


def _whole(parser, least=0):
    """What is left, at least so many bytes."""
    if len(parser.packet) - parser.at < least:
        raise ValueError("record data is too short")
    return parser.packet[parser.at:]


def _check_caa(parser):
    parser.take(1)
    if not parser.text().isalnum():
        raise ValueError("tag of a CAA record")


def _check_service_binding(parser):
    priority, last = parser.number("H")[0], -1
    parser.name()
    while parser.at < len(parser.packet):
        key, size = parser.number("HH")
        if key <= last or priority == 0:
            raise ValueError("parameters of a service binding")
        last = key
        parser.take(size)


def _check_uri(parser):
    parser.number("HH")
    _whole(parser, 1).decode("ascii")


_CHECKS = {"CAA": _check_caa, "SVCB": _check_service_binding, "HTTPS": _check_service_binding, "URI": _check_uri,
           "TLSA": lambda parser: _whole(parser, 4), "SSHFP": lambda parser: _whole(parser, 3)}


def _rdata(parser, kind, size):
    end = parser.at + size
    name = TYPE_NAMES.get(kind)
    if name == "A":
        value = socket.inet_ntop(socket.AF_INET, parser.take(4))
    elif name == "AAAA":
        value = socket.inet_ntop(socket.AF_INET6, parser.take(16))
    elif name in ("NS", "CNAME", "PTR"):
        value = parser.name()
    elif name == "MX":
        value = (parser.number("H")[0], parser.name())
    elif name == "TXT":
        value = []
        while parser.at < end:
            value.append(parser.text())
    elif name == "SRV":
        value = (*parser.number("HHH"), parser.name())
    elif name == "SOA":
        value = (parser.name(), parser.name(), *parser.number("IIIII"))
    elif name == "NAPTR":
        value = (*parser.number("HH"), parser.text(), parser.text(), parser.text(), parser.name())
    else:
        value = parser.take(size)
        if name in _CHECKS:
            _CHECKS[name](Parser(value))
    if parser.at != end:
        raise ValueError(f"record data of type {kind} is not as long as it says")
    return value


class Answer:
    """A parsed answer. Records are (owner, type, ttl, data)."""

    def __init__(self, packet):
        self.packet = packet
        parser = Parser(packet)
        self.ident, self.flags, *counts = parser.number("HHHHHH")
        self.rcode = RCODES[self.flags & 15] if (self.flags & 15) < len(RCODES) else str(self.flags & 15)
        self.truncated = bool(self.flags & 0x0200)
        self.authoritative = bool(self.flags & 0x0400)
        self.opcode = self.flags >> 11 & 15
        self.questions = [(parser.name(), *parser.number("HH")) for _ in range(counts[0])]
        self.edns = None
        self.answers, self.authority, self.additional = (self._records(parser, count) for count in counts[1:])
        if parser.at != len(packet):
            raise ValueError("bytes after the last record")

    def _records(self, parser, count):
        out = []
        for _ in range(count):
            owner = parser.name()
            kind, klass, ttl, size = parser.number("HHIH")
            data = _rdata(parser, kind, size)
            if kind == TYPES["OPT"]:
                self.edns = {"size": klass, "rcode": (ttl >> 24) << 4 | self.flags & 15, "version": ttl >> 16 & 255,
                             "data": data}
            else:
                out.append((owner, TYPE_NAMES.get(kind, str(kind)), ttl, data))
        return out

    def data(self, kind):
        return [record[3] for record in self.answers if record[1] == kind]


class Client:
    """Asks one server."""

    def __init__(self, port, host="127.0.0.1", timeout=5):
        self.address = (host, port)
        self.timeout = timeout

    def exchange(self, packet, timeout=None):
        """The raw answer, or None when none came."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
            connection.settimeout(self.timeout if timeout is None else timeout)
            connection.connect(self.address)
            connection.send(packet)
            try:
                return connection.recv(65535)
            except (socket.timeout, ConnectionRefusedError):
                return None

    def ask(self, name, kind="A", edns=1232):
        """An ordinary question; the answer must be one to it."""
        packet = self.exchange(query_packet(name, kind, edns))
        if packet is None:
            raise AssertionError(f"no answer to {name} {kind}")
        answer = Answer(packet)
        if answer.ident != QUESTION_ID or not answer.flags & 0x8000:
            raise AssertionError(f"not an answer to this question: flags {answer.flags:04x}")
        if answer.questions and answer.questions[0][0].lower() != name.rstrip(".").lower() + ".":
            raise AssertionError(f"answer repeats the question as {answer.questions}")
        return answer

    def naptr(self, name):
        """Regular expressions of the NAPTR answer, or the rcode when there is none."""
        answer = self.ask(name, "NAPTR")
        return [data[4] for data in answer.data("NAPTR")] or answer.rcode


class Stream:
    """One connection to a server: messages with their length in front."""

    def __init__(self, port, host="127.0.0.1", timeout=5):
        self.socket = socket.create_connection((host, port), timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send_raw(self, raw):
        self.socket.sendall(raw)

    def send(self, packet):
        self.send_raw(struct.pack(">H", len(packet)) + packet)

    def _take(self, count):
        out = b""
        while len(out) < count:
            part = self.socket.recv(count - len(out))
            if not part:
                raise ConnectionError("the server has ended the connection")
            out += part
        return out

    def receive(self):
        """The next message."""
        return Answer(self._take(struct.unpack(">H", self._take(2))[0]))

    def ask(self, name, kind="A", edns=1232):
        self.send(query_packet(name, kind, edns))
        return self.receive()


def enum_name(number, zone="enum"):
    """18009359935 → 5.3.9.9.5.3.9.0.0.8.1.enum"""
    return ".".join(reversed(number)) + "." + zone
