#!/usr/bin/env python3
"""Call records that come by themselves: folders that SIP servers write into, what FreeSWITCH posts, what is kept and exported.
Nothing is lost and nothing is taken twice, also when the node is killed again and again."""

import base64
import http.client
import json
import random
import socket
import threading
import time
import urllib.parse

from framework import check
from framework.node import free_port
from framework.suite import run

ANSWER = 1_795_285_805
NOW = ANSWER + 10 * 86_400
COLUMNS = "csv,callid=1,caller=2,callee=3,answer=4,duration=5"
LOGIN = "switch:secret"
KILLS = 12


def setup(env):
    env.watched = env.path("cdr")
    env.watched.mkdir()
    env.port = free_port()
    env.share("-calls", f"-mocktime={NOW}", f"-callwatch={COLUMNS}:{env.watched}", f"-callhttp=127.0.0.1:{env.port}", f"-callhttpauth={LOGIN}")


def row(number, caller="18009359935", callee="442079460000"):
    return f"call-{number},{caller},{callee},{ANSWER + number},{60 + number % 120}\n"


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def folder(env):
    return next(source for source in env.rpc.call_sources() if source["source"] == str(env.watched))


def post(env, body, path="/calls", login=LOGIN, method="POST"):
    """Status and text of the answer."""
    line = http.client.HTTPConnection("127.0.0.1", env.port, timeout=30)
    headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()} if login else {}
    line.request(method, path, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text


def leg(call_id, number="442079460000", **variables):
    """A leg as mod_json_cdr writes it."""
    return {"variables": {"sip_call_id": urllib.parse.quote(call_id, safe=""), "answer_uepoch": str(ANSWER * 10 ** 6),
                          "start_uepoch": str(ANSWER * 10 ** 6), "end_uepoch": str((ANSWER + 62) * 10 ** 6), "hangup_cause_q850": "16", **variables},
            "callflow": [{"caller_profile": {"caller_id_number": "18009359936", "destination_number": number}}]}


def test_a_folder(env):
    master = env.watched / "Master.csv"
    append(master, row(0) + row(1)[:12])
    check.soon(lambda: folder(env)["added"] == 1, "the first call")
    append(master, row(1)[12:] + "call-2,anonymous,442079460000,1795285805,61\n")
    check.soon(lambda: folder(env)["problem_count"] == 1, "the problem")
    problem = folder(env)["problems"][0]
    check.equal((problem["file"], problem["line"]), ("Master.csv", 3))
    check.contains(problem["reason"], "anonymous")
    master.rename(env.watched / "Master.csv.1")
    append(master, row(3))
    check.soon(lambda: folder(env)["added"] == 3, "the call behind the rotation")
    check.equal((folder(env)["known"], folder(env)["error"], folder(env)["files"]), (0, "", 2))
    check.contains(env.node.log(), f"{env.watched}/Master.csv:3: caller")


def test_a_folder_that_goes(env):
    away = env.watched.with_suffix(".away")
    env.watched.rename(away)
    check.soon(lambda: "No such file" in folder(env)["error"], "the error")
    away.rename(env.watched)
    check.soon(lambda: folder(env)["error"] == "", "all is well again")


class Server(threading.Thread):
    """Writes rows as a SIP server does, in pieces, and rotates its file."""

    def __init__(self, watched, first, end):
        super().__init__()
        self.watched, self.first, self.end = watched, first, end
        self.written = 0

    def run(self):
        dice, path, files = random.Random(5), self.watched / "Grow.csv", 0
        while time.monotonic() < self.end:
            for _ in range(dice.randrange(1, 200)):
                text = row(self.first + self.written, "18009350001", "18009350002")
                cut = dice.randrange(len(text))
                append(path, text[:cut])
                append(path, text[cut:])
                self.written += 1
            time.sleep(dice.random() * 0.05)
            if dice.random() < 0.2:
                files += 1
                path.rename(self.watched / f"Grow.csv.{files}")


def test_killed_again_and_again(env):
    """kill -9 while files grow and rotate: in the end each row is there once."""
    server = Server(env.watched, 1_000, time.monotonic() + 25)
    server.start()
    dice = random.Random(9)
    for _ in range(KILLS):
        time.sleep(dice.random())
        env.node.kill()
        env.rpc = env.node.start().rpc
    server.join()
    check.true(server.written > 2_000, f"{server.written} rows were written")
    check.soon(lambda: env.rpc.call_stats("18009350001")["calls"] >= server.written, "all calls")
    check.soon(lambda: folder(env)["problem_count"] == 0, "no problems")
    check.equal(env.rpc.call_stats("18009350001")["calls"], server.written)
    seen = set()
    for skip in range(0, server.written, 10_000):
        seen |= {call["callid"] for call in env.rpc.call_list("18009350001", "", 0, 2_000_000_000, 10_000, skip)}
    check.equal(seen, {f"call-{1_000 + number}" for number in range(server.written)})
    env.node.restart()
    env.rpc = env.node.rpc
    time.sleep(1)
    check.equal((folder(env)["bytes"], folder(env)["added"]), (0, 0), "a restart reads nothing again")


def test_posted(env):
    """Each of FreeSWITCH's ways; the answer 200 means that the record is on disk."""
    form = "cdr=" + urllib.parse.quote(json.dumps(leg("form@x")), safe="")
    check.equal(post(env, form, "/calls?uuid=1"), (200, "added 1, known 0, unanswered 0\n"))
    check.equal(post(env, form)[1], "added 0, known 1, unanswered 0\n", "a retry")
    check.equal(post(env, json.dumps(leg("json@x")))[0], 200)
    xml = ("<?xml version=\"1.0\"?><cdr core-uuid=\"1\"><variables><sip_call_id>xml%40x</sip_call_id>"
           f"<answer_epoch>{ANSWER}</answer_epoch><start_epoch>{ANSWER}</start_epoch><end_epoch>{ANSWER + 62}</end_epoch></variables>"
           "<callflow><caller_profile><caller_id_number>18009359936</caller_id_number>"
           "<destination_number>442079460000</destination_number></caller_profile></callflow></cdr>")
    check.equal(post(env, xml)[0], 200)
    check.equal(post(env, json.dumps(leg("none@x", answer_uepoch="0")))[1], "added 0, known 0, unanswered 1\n")
    check.equal(post(env, json.dumps(leg("b@x", originating_leg_uuid="1")))[1], "added 0, known 0, unanswered 1\n")
    cdrs = json.dumps({"caller": "18009359936", "callee": "442079460000", "callid": "kam@x", "start_time": ANSWER, "duration": 62})
    check.equal(post(env, cdrs, "/calls/kamailio-json")[0], 200)
    env.node.kill()
    env.rpc = env.node.start().rpc
    for call_id in ("form@x", "json@x", "xml@x", "kam@x"):
        check.equal(env.rpc.call_show(call_id)[0]["end"], (ANSWER + 62) * 1000, call_id)


def test_posted_wrongly(env):
    for body, path, part in (("", "/calls", "neither"), ("cdr=", "/calls", "neither"), ("cdr=eyJ4IjoxfQ==", "/calls", "base64"),
                             ("{", "/calls", "cut off"), ('{"a":}', "/calls", "no JSON"), ("<cdr><variables>", "/calls", "cut off"),
                             ("<cdr><a></b></cdr>", "/calls", "no XML"), (json.dumps(leg("x@y", number="1001x")), "/calls", "callee"),
                             (json.dumps(leg("x@y", end_uepoch=str((ANSWER - 1) * 10 ** 6))), "/calls", "rise"),
                             (json.dumps(leg("form@x", end_uepoch=str((ANSWER + 63) * 10 ** 6))), "/calls", "another end"),
                             ('{"method":"INVITE","callid":"k","sip_code":"200","time":1795285805,"src_user":"18009359936",'
                              '"dst_user":"442079460000"}', "/calls/kamailio-json", "without its end"),
                             ("x", "/calls/cisco", "no format")):
        status, text = post(env, body, path)
        check.equal(status, 400, f"{body}: {text}")
        check.contains(text, part)
    check.equal(post(env, "{}", "/")[0], 404)
    check.equal(post(env, None, method="GET")[0], 405)
    check.equal(post(env, "{}", login=None)[0], 401)
    check.equal(post(env, "{}", login="switch:wrong")[0], 401)
    with socket.create_connection(("127.0.0.1", env.port)) as line:
        line.sendall(b"POST /calls HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + base64.b64encode(LOGIN.encode()) +
                     b"\r\nContent-Length: 99999999\r\n\r\n")
        check.contains(line.recv(100).decode(), "413")
    http_source = next(source for source in env.rpc.call_sources() if source["source"] == "http")
    check.equal(http_source["problem_count"], 12)
    check.equal(env.rpc.call_show("form@x")[0]["end"], (ANSWER + 62) * 1000, "the first stays")


def test_export(env):
    out = env.path("out.csv")
    count = env.rpc.call_export(str(out), "18009359936")
    check.equal(count, env.rpc.call_stats("18009359936")["calls"])
    check.equal(len(out.read_text().splitlines()), count + 1)
    check.refused(-8, "exists", env.rpc.call_export, str(out))
    check.refused(-8, "No such file", env.rpc.call_export, str(env.path("none") / "out.csv"))
    other = env.make("-calls", f"-mocktime={NOW}").start()
    check.equal(other.rpc.call_import(str(out), "csv")["added"], count)
    check.equal(other.rpc.call_list("18009359936"), env.rpc.call_list("18009359936"))
    other.stop()


def test_keep(env):
    """What ended more than so many days ago goes; the files are not read again for it."""
    before = env.rpc.call_stats()["calls"]
    env.node.restart(f"-mocktime={ANSWER + 1_030 + 30 * 86_400}", "-callkeep=30")
    env.rpc = env.node.rpc
    check.soon(lambda: env.rpc.call_list("", "", 0, ANSWER + 1_030, 10) == [], "old ones are gone")
    check.true(0 < env.rpc.call_stats()["calls"] < before, "younger ones stay")
    check.equal(folder(env)["bytes"], 0)


def test_wrong_options(env):
    node = env.make()
    for options, part in ((["-callwatch=csv:/"], "-calls"), (["-callhttp=1"], "-calls"), (["-callkeep=3"], "-calls"),
                          (["-calls", "-callwatch=cisco:/"], "no format"), (["-calls", "-callwatch=csv"], "no folder"),
                          (["-calls", f"-callwatch=csv:{env.path('none')}"], "there is no folder"),
                          (["-calls", "-callwatch=csv,x=1:/"], "field=column"), (["-calls", "-callhttp=1"], "-callhttpauth"),
                          (["-calls", "-callhttp=1", "-callhttpauth=user"], "-callhttpauth"),
                          (["-calls", "-callhttp=name:1", "-callhttpauth=a:b"], "address"), (["-calls", "-callkeep=-1"], "callkeep")):
        check.contains(node.fails_to_start(*options), part)


if __name__ == "__main__":
    run(globals())
