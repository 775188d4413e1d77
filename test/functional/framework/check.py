"""Checks that say what was seen when they fail."""

import re
import time

from framework.rpc import RpcError


def equal(seen, wanted, what=""):
    if seen != wanted:
        raise AssertionError(f"{what + ': ' if what else ''}{seen!r} instead of {wanted!r}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def contains(text, part, what=""):
    if part not in text:
        raise AssertionError(f"{what + ': ' if what else ''}{part!r} is not in {text!r}")


def matches(text, pattern):
    if re.search(pattern, text) is None:
        raise AssertionError(f"{pattern!r} does not fit {text!r}")


def keys(mapping, *wanted):
    missing = [key for key in wanted if key not in mapping]
    if missing:
        raise AssertionError(f"{missing} missing in {mapping!r}")


def refused(code, part, function, *args, **named):
    """Calls and expects an RPC error; `code` None: any. Gives the message."""
    try:
        result = function(*args, **named)
    except RpcError as error:
        if code is not None and error.code != code:
            raise AssertionError(f"error {error} instead of code {code}") from None
        if part not in error.message:
            raise AssertionError(f"error {error} does not say {part!r}") from None
        return error.message
    raise AssertionError(f"accepted with {result!r}, an error with {part!r} was expected")


# How long is waited for what has to come and has no deadline of its own: all of it only when something is wrong.
PATIENCE_SEC = 60


def soon(condition, what):
    """Waits with patience until condition() holds; gives its value."""
    return within(PATIENCE_SEC, condition, what)


def within(seconds, condition, what):
    """Waits until condition() holds; gives its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
