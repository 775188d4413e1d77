"""A router in a network of its own that speaks NAT-PMP (RFC 6886) and UPnP, or behaves badly.

Started by Router; as a program it reads behaviours from stdin, one line each, and prints what it was asked, as JSON.
"""

import http.server
import json
import pathlib
import re
import socket
import struct
import subprocess
import sys
import threading
import time

from framework import check, netns

INSIDE, OUTSIDE = "10.1.1.2", "10.1.1.1"
HTTP_PORT = 5000
NATPMP_PORT = 5351
SSDP = ("239.255.255.250", 1900)
PUBLIC = "8.8.2.2"
SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1"
GOOD = {"natpmp": "good", "upnp": "good", "address": PUBLIC, "port": 0}


class Router:
    """The router as the test sees it; needs a network of the script's own (netns). Leads nowhere."""

    def __init__(self):
        self.asked = []
        folder = str(pathlib.Path(__file__).resolve().parents[1])
        self._process = subprocess.Popen(["unshare", "--net", sys.executable, "-m", "framework.fake_gateway"], cwd=folder,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        check.equal(self._process.stdout.readline(), "begin\n")
        other = netns.interface(INSIDE + "/24")
        netns.ip("link", "set", other, "netns", str(self._process.pid))
        check.equal(self._process.stdout.readline(), "ready\n")
        netns.ip("route", "add", "default", "via", OUTSIDE)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self.asked.append(json.loads(line))

    def behave(self, **changes):
        """From now on; what is not named is good."""
        self._process.stdin.write(json.dumps({**GOOD, **changes}) + "\n")
        self._process.stdin.flush()
        time.sleep(0.1)
        self.asked.clear()

    def close(self):
        self._process.kill()
        self._process.wait()


def tell(**what):
    print(json.dumps(what), flush=True)


def natpmp(state):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("", NATPMP_PORT))
        while True:
            data, sender = server.recvfrom(1024)
            way = state["natpmp"]
            code = int(way) if way.isdigit() else 0
            head = struct.pack(">BBHI", 0, 128 + data[1], code, 77)
            if data[1] == 0:
                tell(way="natpmp", what="address")
                answer = head + socket.inet_aton(state["address"])
            else:
                inside, outside, seconds = struct.unpack(">HHI", data[4:12])
                tell(way="natpmp", what="map", operation=data[1], inside=inside, outside=outside, seconds=seconds)
                answer = head + struct.pack(">HHI", inside, state["port"] or outside, seconds)
            if way == "garbage":
                for piece in (b"", b"\0", answer[:3], b"\xff" * 500, head):
                    server.sendto(piece, sender)
            elif way != "silent":
                server.sendto(answer, sender)


def ssdp(state):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("", SSDP[1]))
        server.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(SSDP[0]) + socket.inet_aton(OUTSIDE))
        while True:
            data, sender = server.recvfrom(2048)
            if state["upnp"] == "silent" or b"InternetGatewayDevice:1" not in data:
                continue
            tell(way="upnp", what="search")
            kind = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"
            server.sendto(f"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: {kind}\r\nUSN: uuid:1::{kind}\r\nEXT:\r\n"
                          f"SERVER: fake\r\nLOCATION: http://{OUTSIDE}:{HTTP_PORT}/desc.xml\r\n\r\n".encode(), sender)


DESCRIPTION = f"""<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><UDN>uuid:1</UDN><deviceList><device>
<deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><UDN>uuid:2</UDN><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType><controlURL>/cif</controlURL>
<eventSubURL>/e</eventSubURL><SCPDURL>/s</SCPDURL></service></serviceList><deviceList><device>
<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType><UDN>uuid:3</UDN><serviceList><service>
<serviceType>{SERVICE}</serviceType><controlURL>/ip</controlURL><eventSubURL>/e</eventSubURL><SCPDURL>/s</SCPDURL>
</service></serviceList></device></deviceList></device></deviceList></device></root>"""


class Web(http.server.BaseHTTPRequestHandler):
    """Description and control of the router."""

    state = {}

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass

    def give(self, code, text):
        data = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):  # pylint: disable=invalid-name
        tell(way="upnp", what="get")
        if self.state["upnp"] == "tarpit":
            time.sleep(1000)
        self.give(200, DESCRIPTION if self.state["upnp"] != "garbage" else "<root><a" * 10_000)

    def do_POST(self):  # pylint: disable=invalid-name
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        action = self.headers["SOAPAction"].strip('"').split("#")[1]
        fields = dict(re.findall(r"<(New\w+)>([^<]*)</New", body))
        tell(way="upnp", what=action, **fields)
        way = self.state["upnp"]
        if way == "slow":
            time.sleep(1000)
        code = way if way.isdigit() else None
        permanent = fields.get("NewLeaseDuration") in ("0", None)
        if action == "AddPortMapping" and code and not (code == "725" and permanent):
            return self.give(500, f"<s:Envelope><s:Body><s:Fault><detail><UPnPError><errorCode>{code}</errorCode></UPnPError>"
                             "</detail></s:Fault></s:Body></s:Envelope>")
        out = {"GetStatusInfo": "<NewConnectionStatus>Connected</NewConnectionStatus>",
               "GetExternalIPAddress": f"<NewExternalIPAddress>{self.state['address']}</NewExternalIPAddress>"}.get(action, "")
        return self.give(200, f'<s:Envelope><s:Body><u:{action}Response xmlns:u="{SERVICE}">{out}</u:{action}Response>'
                         "</s:Body></s:Envelope>")


def main():
    print("begin", flush=True)
    while subprocess.run(["ip", "link", "show", "emc1"], capture_output=True, check=False).returncode != 0:
        time.sleep(0.02)
    netns.ip("addr", "add", OUTSIDE + "/24", "dev", "emc1")
    netns.ip("link", "set", "emc1", "up")
    state = dict(GOOD)
    Web.state = state
    web = http.server.ThreadingHTTPServer(("", HTTP_PORT), Web)
    for work in (natpmp, ssdp):
        threading.Thread(target=work, args=(state,), daemon=True).start()
    threading.Thread(target=web.serve_forever, daemon=True).start()
    print("ready", flush=True)
    for line in sys.stdin:
        state.update(json.loads(line))


if __name__ == "__main__":
    main()
