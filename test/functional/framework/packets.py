"""A switch in user space: every Ethernet frame between the computers of a test passes through here, and may come late or never.

The kernels these tests run on need not know how to lose packets; a TAP device in each network namespace is enough.
"""

import contextlib
import fcntl
import heapq
import itertools
import os
import selectors
import struct
import threading
import time

TUNSETIFF = 0x400454ca
IFF_TAP, IFF_NO_PI = 0x2, 0x1000
FRAME_BYTES = 1 << 16
BROADCAST_BIT = 1
IDLE_SECONDS = 0.2


def open_tap(name):
    """A TAP device in the calling thread's network; it is gone when the descriptor is closed."""
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TAP | IFF_NO_PI))
    except OSError:
        os.close(tap)
        raise
    return tap


class Line:
    """How packets between two computers fare: share of them lost, and by how many seconds the others are late."""

    def __init__(self, loss=0.0, low=0.0, high=0.0):
        self.loss, self.low, self.high = loss, low, high


class Switch:
    """Carries frames between TAP devices, in order between any two. `line(a, b)` tells of the way from one number to another."""

    def __init__(self, taps, line, dice):
        self.taps, self.line, self.dice = taps, line, dice
        self.carried = self.lost = 0
        self.island = [0] * len(taps)  # frames do not leave theirs
        self._homes = {}  # address to number
        self._late = []  # heap of (when, order, number, frame)
        self._last = {}  # when the last frame between two arrives
        self._order = itertools.count()
        self._poll = selectors.DefaultSelector()
        for number, tap in enumerate(taps):
            self._poll.register(tap, selectors.EVENT_READ, number)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.is_set():
            now = time.monotonic()
            while self._late and self._late[0][0] <= now:
                _, _, number, frame = heapq.heappop(self._late)
                with contextlib.suppress(OSError):  # a device that is down loses it
                    os.write(self.taps[number], frame)
            wait = min(IDLE_SECONDS, max(0.0, self._late[0][0] - now)) if self._late else IDLE_SECONDS
            for key, _ in self._poll.select(wait):
                self._take_all(key.data)

    def _take_all(self, source):
        with contextlib.suppress(BlockingIOError):
            while True:
                self._take(source, os.read(self.taps[source], FRAME_BYTES))

    def _take(self, source, frame):
        target = frame[:6]
        self._homes[frame[6:12]] = source
        if not target[0] & BROADCAST_BIT and target in self._homes:
            return self._send(source, self._homes[target], frame)
        for number in range(len(self.taps)):
            if number != source:
                self._send(source, number, frame)
        return None

    def _send(self, source, number, frame):
        if self.island[source] != self.island[number]:
            return
        line = self.line(source, number)
        if self.dice.random() < line.loss:
            self.lost += 1
            return
        self.carried += 1
        when = max(time.monotonic() + self.dice.uniform(line.low, line.high), self._last.get((source, number), 0))
        self._last[source, number] = when
        heapq.heappush(self._late, (when, next(self._order), number, frame))

    def close(self):
        self._stop.set()
        self._thread.join()
        for tap in self.taps:
            os.close(tap)
