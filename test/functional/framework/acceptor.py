"""A port on this computer; each connection to it is dealt with on a thread of its own."""

import socket
import threading


class Acceptor:
    """Calls serve(connection) for each that comes, until close()."""

    def __init__(self, serve, host="127.0.0.1", port=0):
        self._serve = serve
        self._socket = socket.create_server((host, port))
        self.port = self._socket.getsockname()[1]
        self.address = f"{host}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def close(self):
        """Nobody is let in any more; connections go on."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
