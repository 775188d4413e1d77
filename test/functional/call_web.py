#!/usr/bin/env python3
"""The web page of calls (-callweb): who may see it, what it answers to others, and what a browser shows of it.

With Chromium it leaves pictures of the page in pictures/ of the build folder."""

import base64
import concurrent.futures
import http.client
import json
import os
import socket
import stat
import time

from framework import check
from framework.browser import Browser
from framework.node import free_port
from framework.operators import CALLEE, CALLER, COLUMNS, DAY, Plan, later, median, record, start
from framework.suite import run

EVIL = "<img/src=x/onerror=document.title='owned'>"  # a Call-ID may look like this
EVIL_REASON = "<script>document.title='owned'</script> not our calls"
TAB, ENTER = "\ue004", "\ue007"
WEEK = 7


def setup(env):
    """Three rewarded batches of different days, one that is refused, one that is open, and a stranger's Call-ID."""
    env.port = free_port()
    env.watched = env.path("cdr")
    env.watched.mkdir()
    start(env, plan=Plan(first=(f"-callweb=127.0.0.1:{env.port}", f"-callwatch=csv,{COLUMNS}:{env.watched}")))
    env.begin = median(env) - WEEK * DAY
    calls = [(f"call-{i}@a", env.begin + i * 600, env.begin + i * 600 + 61 + i % 500) for i in range(WEEK * 144)]
    calls[5] = (EVIL, *calls[5][1:])
    for node in (env.node, env.other):
        record(env, node, calls)
    env.claims = []
    for day in (0, 1, 4):
        made = env.rpc.call_batch_create(CALLER, CALLEE, env.begin + day * DAY, env.begin + (day + 1) * DAY)
        half = env.other.rpc.call_batch_sign(made["text"])
        env.other.rpc.call_batch_sign(env.rpc.call_batch_sign(half["text"])["text"])
        claim = env.other.rpc.call_batch_claim(made["id"], {"amount": 0.006 + day / 1000})
        check.soon(lambda claim=claim: claim["txid"] in env.rpc.getrawmempool(), "the claim is relayed")
        later(env, 600)
        env.claims.append(claim)
    env.refused = env.rpc.call_batch_create(CALLER, CALLEE, env.begin + 5 * DAY, env.begin + 6 * DAY)
    env.rpc.call_batch_refuse(env.refused["id"], EVIL_REASON)
    env.open = env.rpc.call_batch_create(CALLER, CALLEE, env.begin + 6 * DAY, env.begin + 6 * DAY + 3600)
    env.proof = env.rpc.call_prove(EVIL)[0]["proof"]
    env.car = env.path("batch.car")
    env.rpc.call_batch_export(env.claims[1]["id"], str(env.car), "car")
    env.token_file = env.node.network / ".callweb-cookie"
    env.token = env.token_file.read_text()
    env.cookie = sign_in(env)


class Answer:
    def __init__(self, answer):
        self.status, self.headers, self.text = answer.status, answer.headers, answer.read().decode()

    def json(self):
        return json.loads(self.text)


def send(env, path, method="GET", body=None, host=None, cookie=None, **headers):
    """Asks as a browser would that has `cookie`."""
    line = http.client.HTTPConnection("127.0.0.1", env.port, timeout=60)
    line.putrequest(method, path, skip_host=True)
    if host != "":
        line.putheader("Host", host or f"127.0.0.1:{env.port}")
    for name, value in {**({"Cookie": cookie} if cookie else {}), **headers}.items():
        line.putheader(name, value)
    if body is not None:
        body = body.encode() if isinstance(body, str) else body
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body)
    out = Answer(line.getresponse())
    line.close()
    return out


def sign_in(env):
    """The cookie a browser is given for the token."""
    answer = send(env, f"/calls?token={env.token}")
    check.equal((answer.status, answer.headers["Location"]), (303, "/calls"))
    given = answer.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/calls"):
        check.contains(given, part)
    return given.split(";")[0]


def ask(env, method, *params, **more):
    question = json.dumps({"method": method, "params": params, "id": 1})
    return send(env, "/calls/rpc", "POST", question, cookie=env.cookie, **more)


def test_only_with_the_token(env):
    page = send(env, "/calls")
    check.equal(page.status, 401)
    check.contains(page.text, 'role="alert" hidden')
    check.contains(page.text, 'name="token"')
    check.equal(send(env, "/calls/rpc", "POST", '{"method":"call_list"}').status, 401)
    check.equal(send(env, "/calls/verify", "POST", env.proof).status, 401)
    for wrong in ("0" * 64, env.token[:-1], env.token + "0", "%00"):
        refused = send(env, f"/calls?token={wrong}")
        check.equal((refused.status, refused.headers["Set-Cookie"]), (403, None))
        check.contains(refused.text, 'role="alert">That is not the token')
    name = env.cookie.split("=")[0]
    check.equal(send(env, "/calls", cookie=f"{name}={'0' * 64}").status, 401)
    check.equal(send(env, "/calls", cookie=f"{name}={env.token}").status, 401, "the token itself is no cookie")
    check.equal(send(env, "/calls", cookie=f"x=1; {env.cookie}; y=2").status, 200)
    posted = send(env, "/calls/login", "POST", f"token={env.token}")
    check.equal((posted.status, posted.headers["Set-Cookie"].split(";")[0]), (303, env.cookie))
    check.equal(send(env, "/calls/login", "POST", "token=0").status, 403)
    check.contains(send(env, "/calls/logout", "POST", "").headers["Set-Cookie"], "Max-Age=0")
    check.equal(stat.S_IMODE(os.stat(env.token_file).st_mode), 0o600)
    log = env.node.log()
    check.contains(log, f"http://127.0.0.1:{env.port}/calls, opened with the token in {env.token_file}")
    check.contains(log, "wrong token from 127.0.0.1")
    check.true(env.token not in log and env.cookie.split("=")[1] not in log, "no secrets in the log")


def test_guesses_take_time(env):
    """A quarter of a second each, however many connections they come over."""
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: send(env, "/calls?token=guess").status, range(12)))
    check.equal(set(answers), {403})
    check.true(time.monotonic() - begin > 2.5, "guesses wait for each other")
    check.equal(ask(env, "call_stats").status, 200)


def test_other_names_and_pages(env):
    """A foreign name that leads to this address, and pages from elsewhere in the same browser."""
    for host in ("evil.example", f"evil.example:{env.port}", "", "127.0.0.1.evil.example", "localhost.evil.example", "[::1", "localhost:0"):
        for path, method in (("/calls", "GET"), ("/calls/calls.js", "GET"), ("/calls/rpc", "POST")):
            check.equal(send(env, path, method, host=host, cookie=env.cookie).status, 403, host)
    for host in (f"localhost:{env.port}", "localhost", "[::1]:1234", "127.0.0.1"):
        check.equal(send(env, "/calls", host=host, cookie=env.cookie).status, 200, host)
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{env.port + 1}", f"http://localhost:{env.port}"):
        for path in ("/calls/rpc", "/calls/login", "/calls/logout", "/calls/verify"):
            check.equal(send(env, path, "POST", "{}", cookie=env.cookie, Origin=origin).status, 403, origin)
    check.equal(ask(env, "call_stats", Origin=f"http://127.0.0.1:{env.port}").status, 200)
    with socket.create_connection(("127.0.0.1", env.port), 60) as line:
        line.sendall(f"GET /calls HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nCookie: {env.cookie}\r\n\r\n".encode())
        check.contains(line.recv(100).decode(), "400 Bad Request", "two names")


def test_paths_and_methods(env):
    for method, path, status in (("GET", "/", 303), ("HEAD", "/calls", 200), ("PUT", "/calls", 405), ("DELETE", "/calls/rpc", 405),
                                 ("POST", "/calls", 405), ("GET", "/calls/rpc", 405), ("GET", "/calls/login", 405), ("GET", "/calls/none.js", 404),
                                 ("GET", "/calls/calls.html", 404), ("GET", "/calls/../.cookie", 404), ("GET", "/calls/", 404),
                                 ("GET", "/calls//etc/passwd", 404), ("GET", "/metrics", 404), ("GET", "/callsx", 404)):
        check.equal(send(env, path, method, cookie=env.cookie).status, status, f"{method} {path}")
    for path, kind in (("calls.js", "text/javascript"), ("plot.js", "text/javascript"), ("calls.css", "text/css"), ("icon.svg", "image/svg+xml")):
        file = send(env, "/calls/" + path)
        check.equal((file.status, file.headers["Content-Type"].split(";")[0]), (200, kind))
    for path in ("/calls", "/calls/calls.js", "/none", "/calls?token=0"):
        headers = send(env, path).headers
        check.contains(headers["Content-Security-Policy"], "default-src 'none'; script-src 'self'; style-src 'self'")
        check.contains(headers["Content-Security-Policy"], "frame-ancestors 'none'")
        check.equal((headers["X-Content-Type-Options"], headers["Cache-Control"], headers["Referrer-Policy"]), ("nosniff", "no-store", "same-origin"))


def test_it_only_reads(env):
    for method in ("call_add", "call_forget", "call_import", "call_export", "call_batch_sign", "call_batch_export", "call_verify", "stop",
                   "getbalance", "help", ""):
        check.equal(ask(env, method).status, 403, method)
    both = json.dumps([{"method": "call_stats", "id": 1}, {"method": "stop", "id": 2}])
    check.equal(send(env, "/calls/rpc", "POST", both, cookie=env.cookie).status, 403)
    check.equal(send(env, "/calls/rpc", "POST", "[]", cookie=env.cookie).text, "[]\n")
    for body in ("", "{", "7", "\xff", '{"method":7}', '{"method":"call_list","params":["x","y",{}]}'):
        answer = send(env, "/calls/rpc", "POST", body, cookie=env.cookie)
        check.true(answer.status in (400, 403, 404, 500), f"{body}: {answer.status}")
    check.contains(ask(env, "call_list", "not a number").json()["error"]["message"], "not a number")


def test_too_much(env):
    check.equal(send(env, "/calls/rpc", "POST", b"x" * (16 * 1024 + 1), cookie=env.cookie).status, 413)
    check.equal(send(env, "/calls/login", "POST", b"token=" + b"x" * 1024).status, 413)
    check.equal(send(env, "/calls/verify", "POST", b"", cookie=env.cookie, **{"Content-Length": str(80 << 20)}).status, 413)
    check.equal(send(env, "/calls?" + "x" * 9000).status, 431)
    check.equal(ask(env, "call_stats").status, 200)


def test_answers(env):
    newest = ask(env, "call_list", CALLER, None, 0, None, 3, 0, True).json()["result"]
    check.equal([call["callid"] for call in newest], [f"call-{i}@a" for i in (1007, 1006, 1005)])
    check.equal(ask(env, "call_stats").json()["result"]["calls"], WEEK * 144)
    check.equal(ask(env, "call_show", EVIL).json()["result"][0]["callid"], EVIL)
    check.equal([source["source"] for source in ask(env, "call_sources").json()["result"]], [str(env.watched)])
    confirmed = ask(env, "call_batch_list", "confirmed").json()["result"]
    check.equal(sorted(batch["reward"] for batch in confirmed), [0.006, 0.007, 0.01])
    check.true(all("reward" not in batch for batch in ask(env, "call_batch_list", "refused").json()["result"]), "nothing was paid")


def verify(env, evidence):
    return send(env, "/calls/verify", "POST", evidence, cookie=env.cookie).json()


def test_checker(env):
    """Proofs, batches and CAR files, as bytes and as text; what is broken is told."""
    seen = verify(env, env.proof)["result"]
    check.equal((seen["valid"], seen["call"]["callid"]), (True, EVIL))
    check.equal(verify(env, "\r\n".join(env.proof[i:i + 76] for i in range(0, len(env.proof), 76)))["result"]["valid"], True)
    check.equal(verify(env, base64.b64decode(env.proof))["result"]["valid"], True)
    car = env.car.read_bytes()
    for evidence in (car, base64.b64encode(car), env.rpc.call_batch_export(env.claims[1]["id"])["text"]):
        found = verify(env, evidence)["result"]
        check.equal((found["valid"], found["batch"]["id"], found["batch"]["calls"], found["batch"]["txid"], found["batch"]["reward"]),
                    (True, env.claims[1]["id"], 144, env.claims[1]["txid"], 0.007))
    check.contains(verify(env, env.rpc.call_batch_export(env.open["id"])["text"])["result"]["reason"], "no block of the best chain holds")
    foreign = bytearray(base64.b64decode(env.rpc.call_batch_export(env.claims[1]["id"])["text"]))
    foreign[5] ^= 1
    check.contains(verify(env, bytes(foreign))["result"]["reason"], "another network")
    damaged = bytearray(car)
    damaged[-1] ^= 1
    check.contains(verify(env, bytes(damaged))["error"]["message"], "does not have its CID")
    for wrong, part in ((b"", "no proof"), (b"@/etc/passwd", "no proof"), (car[:200], "cut off"), (base64.b64decode(env.proof)[:-1], "cut off"),
                        (b"\x00" * 100, "no proof")):
        check.contains(verify(env, wrong)["error"]["message"], part)
    check.equal(env.rpc.call_verify(f"@{env.car}")["batch"]["id"], env.claims[1]["id"])
    check.refused(-8, "Cannot read", env.rpc.call_verify, "@/does/not/exist")


def test_wrong_options(env):
    for options, part in ((("-callweb=1",), "-callweb needs -calls"), (("-calls", "-callweb=name.example"), "an address like 127.0.0.1:9335"),
                          (("-calls", f"-callweb=127.0.0.1:{env.port}"), "Cannot listen"), (("-calls", "-callweb=127.0.0.1:0"), "1 to 65535")):
        check.contains(env.make().fails_to_start(*options), part)


def browse(env):
    """The browser the functions below share, signed in with what is typed on the page."""
    if hasattr(env, "browser"):
        return env.browser
    browser = Browser(env.folder)
    env.browser = browser
    env.at_end.append(browser.end)
    browser.look(1200, 900)
    browser.open(f"http://127.0.0.1:{env.port}/calls")
    browser.type("#token", "wrong" + ENTER)
    check.contains(browser.wait_for("return document.querySelector('[role=alert]:not([hidden])')?.innerText", "a word about it"), "not the token")
    browser.type("#token", env.token)
    picture(env, "sign-in")
    browser.press("button.main")
    shown(env, "records")
    browser.complaints()  # that 401 and 403 came is told there
    return browser


def picture(env, name):
    """Leaves a picture where the programs were built; nothing beside installed ones."""
    build = env.programs.parent
    if (build / "config.status").exists():
        (build / "pictures").mkdir(exist_ok=True)
        env.browser.picture(build / "pictures" / f"calls-{name}.png")


def shown(env, part):
    env.browser.wait_for(f"return document.body.dataset.ready === '{part}'", f"{part} are shown")


def part_of(env, part):
    """Goes to a part by its link and gives its text."""
    browser = browse(env)
    browser.press(f"nav a[href='#{part}']")
    shown(env, part)
    return browser.text(f"#{part}")


def pictures_of(env, part):
    """Light, dark, and on a telephone, where nothing may be wider than the screen."""
    for look, width, height, scheme in (("light", 1200, 900, "light"), ("dark", 1200, 900, "dark"), ("narrow", 390, 844, "light")):
        env.browser.look(width, height, scheme)
        env.browser.wait_for("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))", "it is drawn")
        check.true(env.browser.run("return document.documentElement.scrollWidth") <= width, f"{part} is no wider than {width}")
        picture(env, f"{part}-{look}")
    env.browser.look(1200, 900)


def test_page_records(env):
    browser = browse(env)
    text = part_of(env, "records")
    check.contains(text, f"{WEEK * 144:,} calls")
    check.contains(text, "1–50")
    check.contains(text, "call-1007@a")
    browser.press("#records .pager button[data-step='1']")
    browser.wait_for("return document.querySelector('#records .pager span').innerText === '51–100'", "the second page")
    check.contains(browser.wait_for("return document.querySelector('#records tbody').innerText", "rows"), "call-957@a")
    browser.press("#records button[type=reset]")
    browser.wait_for("return document.querySelector('#records .pager span').innerText === '1–50'", "the first page again")
    browser.type("#records [name=number]", "not a number" + ENTER)
    check.contains(browser.wait_for("return document.querySelector('#records .sum.bad')?.innerText", "a reason"), "not a number")
    browser.press("#records button[type=reset]")
    browser.wait_for("return document.querySelectorAll('#records tbody tr').length === 50", "all again")
    pictures_of(env, "records")


def test_page_shows_strangers_text_as_text(env):
    browser = browse(env)
    part_of(env, "records")
    browser.run("document.querySelector('#records form').elements.to.value = new Date((arguments[0]) * 1000 - new Date().getTimezoneOffset() * 60000)"
                ".toISOString().slice(0, 16)", env.begin + 3600)
    browser.press("#records button.main")
    browser.wait_for("return document.querySelector('#records tbody').innerText.includes(arguments[0] ?? 'onerror')", "the stranger's call")
    check.contains(browser.text("#records"), EVIL)
    browser.run("[...document.querySelectorAll('#records tbody tr')].find((row) => row.innerText.includes('onerror'))"
                ".querySelector('td:last-child button').click()")
    check.contains(verdict(env, "good"), EVIL)
    part_of(env, "records")
    browser.press("#records button[type=reset]")
    check.contains(part_of(env, "batches"), EVIL_REASON)
    check.equal(browser.run("return document.querySelectorAll('main img, main script').length"), 0)
    check.true("owned" not in browser.run("return document.title"), "nothing of it ran")
    check.equal(browser.complaints(), [])


def test_page_sources(env):
    """What could not be read, with file and line; the name of the file is a stranger's, too."""
    (env.watched / "<b>Master.csv").write_text(f"x@a,{CALLER},<i>nobody</i>,1,2\n", encoding="utf-8")
    check.soon(lambda: ask(env, "call_sources").json()["result"][0]["problem_count"] == 1, "the problem")
    browser = browse(env)
    part_of(env, "batches")
    part_of(env, "records")
    browser.press("#sources summary")
    text = browser.text("#sources")
    check.contains(text, f"{env.watched} (csv)")
    check.contains(text, '<b>Master.csv:1: callee "<i>nobody</i>" is no telephone number')
    picture(env, "sources")
    browser.press("#sources summary")


def test_page_batches(env):
    text = part_of(env, "batches")
    for state in ("confirmed", "refused", "open"):
        check.contains(text, state)
    check.contains(text, "in block")
    check.contains(text, "not signed by the caller and the callee")
    check.contains(text, env.claims[0]["id"])
    pictures_of(env, "batches")
    env.browser.run("document.querySelector('#batches select').value = 'confirmed'")
    env.browser.press("#batches button.main")
    env.browser.wait_for("return document.querySelectorAll('#batches tbody tr').length === 3", "three are confirmed")
    check.equal(env.browser.complaints(), [])


def test_page_rewards(env):
    text = part_of(env, "rewards")
    check.contains(text, "0.023 EMC")
    bars = env.browser.run("return [...document.querySelectorAll('#plot .bar')].map((bar) => [Number(bar.getAttribute('height')), bar.textContent])")
    check.equal(len(bars), 5, "a bar for each day from the first to the last")
    check.equal([height > 0 for height, _ in bars], [True, True, False, False, True])
    check.true(bars[4][0] > bars[1][0] > bars[0][0], "more is higher")
    check.contains(bars[4][1], "0.01 EMC")
    check.contains(env.browser.run("return document.querySelector('#plot svg').getAttribute('aria-label')"), "0.023 EMC")
    pictures_of(env, "rewards")
    check.equal(env.browser.complaints(), [])


def verdict(env, kind):
    return env.browser.wait_for(f"return document.querySelector('#verdict .{kind}')?.innerText", f"a verdict: {kind}")


def test_page_checks_proofs(env):
    browser = browse(env)
    part_of(env, "check")
    browser.press("#checker button[type=reset]")
    browser.type("#check textarea", env.proof)
    browser.press("#checker button.main")
    text = verdict(env, "good")
    for part in ("Verified", EVIL, "+" + CALLER, "Confirmations"):
        check.contains(text, part)
    pictures_of(env, "check")
    browser.press("#checker button[type=reset]")
    broken = bytearray(base64.b64decode(env.proof))
    broken[-1] ^= 1
    browser.type("#check textarea", base64.b64encode(broken).decode())
    browser.press("#checker button.main")
    check.contains(verdict(env, "bad"), "not part of")
    picture(env, "check-broken")
    browser.press("#checker button[type=reset]")
    browser.type("#check [type=file]", str(env.car))
    browser.press("#checker button.main")
    check.contains(verdict(env, "good"), "144 calls in this file are a whole batch")
    picture(env, "check-car")


def test_page_by_keyboard(env):
    """From the top of the page to the proof of the newest call with Tab and Enter alone."""
    browser = browse(env)
    part_of(env, "records")
    seen = []
    browser.run("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(40):
        browser.keys(TAB)
        at = browser.run("return document.activeElement.innerText || document.activeElement.name || ''")
        seen.append(at)
        if at == "prove":
            break
    check.equal(seen[-1], "prove", str(seen))
    browser.keys(ENTER)
    check.contains(verdict(env, "bad"), "stands in a block")


def test_page_after_a_restart(env):
    """The token is a new one then; the page says so."""
    browser = browse(env)
    env.node.restart()
    env.rpc = env.node.rpc
    check.true(env.token_file.read_text() != env.token, "another token")
    browser.press("nav a[href='#batches']")
    browser.wait_for("return document.querySelector('#token') !== null", "signing in again")
    env.node.stop()
    check.true(not env.token_file.exists(), "no token without a node")
    env.node.start()


if __name__ == "__main__":
    run(globals())
