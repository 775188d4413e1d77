"""Somebody on the way between a resolver and a server, who may change what passes."""

import socketserver
import struct
import threading

from framework.dns import Client, Stream


class _Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        packet, reply_to = self.request
        answer = self.server.proxy.through(packet)
        if answer is not None:
            reply_to.sendto(answer, self.client_address)


class _Connection(socketserver.StreamRequestHandler):
    def handle(self):
        while len(size := self.rfile.read(2)) == 2:
            answer = self.server.proxy.through(self.rfile.read(struct.unpack(">H", size)[0]), stream=True)
            self.wfile.write(struct.pack(">H", len(answer)) + answer)


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Proxy:
    """Passes questions on to `server` and answers back, through `asks` and `replies`, functions of bytes that the test may set."""

    def __init__(self, host, port, server_port):
        self.honest()
        self.server_port = server_port
        self.servers = [kind((host, port), handler) for kind, handler in ((_UdpServer, _Datagram), (_TcpServer, _Connection))]
        for server in self.servers:
            server.proxy = self
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def through(self, packet, stream=False):
        asked = self.asks(packet)
        if stream:
            with Stream(self.server_port) as connection:
                connection.send(asked)
                answer = connection.receive().packet
        else:
            answer = Client(self.server_port).exchange(asked)
        return None if answer is None else self.replies(answer)

    def honest(self):
        self.asks = self.replies = lambda packet: packet

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()
