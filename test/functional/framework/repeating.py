"""Threads that go on until a with block ends."""

import threading


class Repeating:
    """Subclasses put threads into `threads`; these look at `end` between two rounds."""

    def __init__(self):
        self.end = threading.Event()
        self.threads = []

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        for thread in self.threads:
            thread.join()
