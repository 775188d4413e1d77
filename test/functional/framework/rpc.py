"""A small JSON-RPC client over one kept-alive HTTP connection."""

import base64
import decimal
import http.client
import json
import socket


class RpcError(Exception):
    """An error object the node answered with."""

    def __init__(self, code, message, http_status=0):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.http_status = http_status


class HttpError(Exception):
    """An answer that is no JSON-RPC reply."""

    def __init__(self, status, body):
        super().__init__(f"HTTP status {status}: {body[:200]!r}")
        self.status = status
        self.body = body


def _plain(value):
    if isinstance(value, decimal.Decimal):
        return float(value) if value % 1 else int(value)
    raise TypeError(f"{type(value)} cannot be sent")


class Rpc:
    """rpc.getblockcount(), rpc.getblock(hash, 2), rpc.getblock(blockhash=hash, verbosity=2).

    With a schema every result is held against it.
    """

    def __init__(self, port, login, wallet=None, timeout=120, schema=None):
        self.port = port
        self.login = login
        self.path = "/" if wallet is None else f"/wallet/{wallet}"
        self.timeout = timeout
        self.schema = schema
        self._connection = None
        self._next_id = 0

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **named: self.call(name, *args, **named)

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def post(self, body, headers=None):
        """Sends raw bytes; gives (status, body). A connection the node closed in between is opened again."""
        if isinstance(body, str):
            body = body.encode()
        all_headers = {"Content-Type": "application/json"}
        if self.login is not None:
            all_headers["Authorization"] = "Basic " + base64.b64encode(self.login.encode()).decode()
        all_headers.update(headers or {})
        for attempt in (0, 1):
            fresh = self._connection is None
            if fresh:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                self._connection.request("POST", self.path, body, all_headers)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (http.client.HTTPException, ConnectionError, socket.timeout, OSError):
                self.close()
                if fresh or attempt == 1:
                    raise
        raise AssertionError("not reached")

    def call(self, method, *args, **named):
        self._next_id += 1
        params = list(args)
        if named:
            params = dict(named, args=list(args)) if args else named
        request = {"jsonrpc": "1.0", "id": self._next_id, "method": method, "params": params}
        status, body = self.post(json.dumps(request, default=_plain))
        try:
            reply = json.loads(body, parse_float=decimal.Decimal)
        except ValueError:
            raise HttpError(status, body) from None
        if reply["id"] != self._next_id:
            raise AssertionError(f"reply to {reply['id']} instead of {self._next_id}")
        if reply["error"] is not None:
            raise RpcError(reply["error"]["code"], reply["error"]["message"], status)
        if self.schema is not None:
            self.schema.check(method, reply["result"])
        return reply["result"]

    def batch(self, requests):
        """Sends a list of request objects as they are; gives the parsed reply."""
        status, body = self.post(json.dumps(requests, default=_plain))
        if not body:
            return status, None
        return status, json.loads(body, parse_float=decimal.Decimal)
