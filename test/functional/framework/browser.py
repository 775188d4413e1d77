"""A browser without a window, driven by WebDriver (W3C) over chromedriver's HTTP."""

import base64
import http.client
import json
import os
import subprocess

from . import check
from .node import free_port
from .suite import need

START_SECONDS = 60
ANSWER_SECONDS = 120
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key under which WebDriver names an element


class Browser:
    """Chromium with a profile of its own below `folder`. Skips the test when it is not installed."""

    def __init__(self, folder):
        program, driver = need("chromium"), need("chromedriver")
        self.port = free_port()
        self.session = None
        with open(folder / "chromedriver.log", "wb") as log:
            self.process = subprocess.Popen([driver, f"--port={self.port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "TZ": "UTC"})
        check.within(START_SECONDS, self._ready, "chromedriver answers")
        options = {"binary": program, "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                                               "--disable-background-networking", "--no-first-run", f"--user-data-dir={folder}/profile"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}}
        self.session = self._send("POST", "/session", wanted)["sessionId"]

    def _ready(self):
        try:
            return self._send("GET", "/status")["ready"]
        except OSError:
            return False

    def _send(self, method, path, body=None):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            line.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            answer = line.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            line.close()
        if answer.status != 200:
            raise AssertionError(f"browser: {method} {path}: {value.get('error')}: {value.get('message')}")
        return value

    def _do(self, method, path, body=None):
        return self._send(method, f"/session/{self.session}{path}", body)

    def open(self, url):
        self._do("POST", "/url", {"url": url})

    def run(self, script, *args):
        """What the body of a JavaScript function gives."""
        return self._do("POST", "/execute/sync", {"script": script, "args": list(args)})

    def text(self, selector):
        """What of an element can be seen."""
        return self.run("return document.querySelector(arguments[0])?.innerText ?? null", selector)

    def wait_for(self, script, what):
        return check.within(ANSWER_SECONDS, lambda: self.run(script), what)

    def _element(self, selector):
        return self._do("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def press(self, selector):
        self._do("POST", f"/element/{self._element(selector)}/click", {})

    def type(self, selector, text):
        """Types into a field, or names the file of a field for one."""
        self._do("POST", f"/element/{self._element(selector)}/value", {"text": text})

    def keys(self, *keys):
        """Presses keys wherever the focus is; names as WebDriver has them, Tab is "\\ue004"."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._do("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def look(self, width, height, scheme="light"):
        """Size of the page, and light or dark."""
        self._do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}})
        self._do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]}})

    def picture(self, path):
        """A picture of the whole page."""
        seen = self._do("POST", "/goog/cdp/execute", {"cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": True}})
        path.write_bytes(base64.b64decode(seen["data"]))

    def complaints(self):
        """What the browser wrote on its console since the last time: refused content, errors of scripts."""
        return [entry["message"] for entry in self._do("POST", "/se/log", {"type": "browser"})]

    def end(self):
        try:
            if self.session is not None:
                self._do("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait(30)
