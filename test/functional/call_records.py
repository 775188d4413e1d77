#!/usr/bin/env python3
"""Records of own calls: added, imported from files of SIP servers as they grow, read, forgotten; a node that is killed
in the middle takes none twice and loses none."""

import http.client
import json
import threading
import time
from decimal import Decimal

from framework import check
from framework.suite import run

ANSWER = 1_795_285_805
NOW = ANSWER + 10 * 86_400
COLUMNS = "callid=1,caller=2,callee=3,answer=4,duration=5"


def setup(env):
    env.share("-calls", f"-mocktime={NOW}", "-callnumbering=country=49")


def write(env, name, text, mode="w"):
    path = env.path(name)
    with open(path, mode, encoding="utf-8") as file:
        file.write(text)
    return str(path)


def rows(first, count, caller="18009359935", callee="442079460000"):
    return "".join(f"call-{i},{caller},{callee},{ANSWER + i},{60 + i % 120}\n" for i in range(first, first + count))


def imported(env, path, kind="csv", **options):
    if kind == "csv":
        options = {"columns": COLUMNS, **options}
    return env.rpc.call_import(path, kind, options)


def test_add(env):
    record = {"caller": "+1 (800) 935-9935", "callee": "030123456", "callid": "one@192.0.2.1", "answer": ANSWER * 1000,
              "end": ANSWER * 1000 + 61_000, "mos": 435, "codec": "opus"}
    added = env.rpc.call_add(record)
    check.equal((added["caller"], added["callee"], added["minutes"], added["added"]),
                ("18009359935", "4930123456", 2, True))
    check.equal(env.rpc.call_add(record)["added"], False)
    check.refused(-8, "another end", env.rpc.call_add, {**record, "end": ANSWER * 1000 + 1})
    shown = env.rpc.call_show("one@192.0.2.1")
    check.equal([(call["caller"], call["mos"], call["codec"], call["cause"], call["status"]) for call in shown],
                [("18009359935", Decimal("4.35"), "opus", 16, 200)])
    check.refused(-8, "no call", env.rpc.call_show, "nobody's")


def test_bad_records(env):
    good = {"caller": "18009359935", "callee": "442079460000", "callid": "x", "answer": ANSWER * 1000, "end": ANSWER * 1000}
    for change, part in (({"caller": "anonymous"}, "telephone number"), ({"callid": ""}, "Call-ID"),
                         ({"end": 0}, "start"), ({"answer": ANSWER, "end": ANSWER + 60}, "milliseconds"),
                         ({"answer": NOW * 1000, "end": (NOW + 301) * 1000}, "five minutes"), ({"end": ANSWER * 1000 + 86_400_001}, "day"), ({"answer": -1}, "answer"),
                         ({"end": "soon"}, "end"), ({"cause": 128}, "cause"), ({"colour": 1}, "colour"),
                         ({"callee": "18009359935"}, "number"), ({"codec": "a b"}, "codec"), ({"mos": 501}, "mos")):
        check.refused(-8, part, env.rpc.call_add, {**good, **change})
    check.refused(-3, "", env.rpc.call_add, {**good, "callid": ["x"]})
    check.refused(-8, "give a number", env.rpc.call_list, "", "18009359935")


def test_import_of_a_growing_file(env):
    path = write(env, "growing.csv", rows(0, 100) + "call-100,18009359935,4420")
    first = imported(env, path, growing=True)
    check.equal((first["added"], first["known"], first["problem_count"]), (100, 0, 0))
    check.equal(imported(env, path, growing=True)["bytes"], 0)
    write(env, "growing.csv", "79460000,%d,61\nbad row\n" % ANSWER, "a")
    second = imported(env, path)
    check.equal((second["added"], second["problem_count"]), (1, 1))
    check.equal(second["problems"][0]["line"], 102)
    write(env, "growing.csv", rows(0, 100))  # rotated: another beginning would be read anew, this one is known
    check.equal(imported(env, path)["added"], 0)
    check.equal(env.rpc.call_stats("18009359935", "442079460000")["calls"], 101)


def test_formats(env):
    master = ('"","18009359936","442079460000","out","","PJSIP/a","PJSIP/b","Dial","","2026-11-21 18:30:00",'
              '"2026-11-21 18:30:05","2026-11-21 18:31:07",67,62,"ANSWERED","DOCUMENTATION","1795285800.1","ast@x"\n')
    check.equal(imported(env, write(env, "Master.csv", master), "asterisk-csv")["added"], 1)
    check.equal(env.rpc.call_show("ast@x")[0]["answer"], ANSWER * 1000)
    leg = {"variables": {"sip_call_id": "fs%40x", "answer_uepoch": str(ANSWER * 10 ** 6), "start_uepoch": str(ANSWER * 10 ** 6),
                         "end_uepoch": str((ANSWER + 62) * 10 ** 6), "hangup_cause_q850": "16"},
           "callflow": [{"caller_profile": {"caller_id_number": "18009359936", "destination_number": "442079460000"}}]}
    check.equal(imported(env, write(env, "leg.json", json.dumps(leg)), "freeswitch-json")["added"], 1)
    check.equal(env.rpc.call_show("fs@x")[0]["end"], (ANSWER + 62) * 1000)
    acc = ("method,callid,sip_code,time,src_user,dst_user\n"
           "INVITE,kam@x,200,2026-11-21 19:30:05,18009359936,442079460000\n"
           "BYE,kam@x,200,2026-11-21 19:31:07,18009359936,442079460000\n")
    check.equal(imported(env, write(env, "acc.csv", acc), "kamailio-csv", zone="+01:00")["added"], 1)
    check.equal(env.rpc.call_show("kam@x")[0]["answer"], ANSWER * 1000)
    for format_, options, part in (("cisco", {}, "format"), ("csv", {"columns": "a=b"}, "columns"),
                                   ("csv", {"zone": "CET"}, "zone"), ("csv", {"numbering": "x"}, "numbering")):
        check.refused(-8, part, env.rpc.call_import, str(env.path("acc.csv")), format_, options)
    check.refused(-8, "No such file", env.rpc.call_import, str(env.path("none.csv")), "asterisk-csv")
    check.refused(-8, "directory", env.rpc.call_import, str(env.folder), "asterisk-csv")


def test_reading(env):
    path = write(env, "pages.csv", rows(0, 50, "18009350001", "18009350002") + rows(100, 30, "18009350002", "18009350001"))
    check.equal(imported(env, path)["added"], 80)
    made = env.rpc.call_list("18009350001", "", 0, 2_000_000_000, 1000)
    check.equal(len(made), 80)
    check.equal([call["caller"] for call in made], ["18009350001"] * 50 + ["18009350002"] * 30)
    check.equal(env.rpc.call_list("18009350001", "18009350002", 0, 2_000_000_000, 10, 45),
                made[45:55])
    late = env.rpc.call_list("18009350001", "", ANSWER + 250)
    check.true(0 < len(late) < 80 and all(call["end"] >= (ANSWER + 250) * 1000 for call in late), "those that ended later")
    stats = env.rpc.call_stats("18009350001")
    check.equal((stats["calls"], stats["minutes"]), (80, sum(call["minutes"] for call in made)))
    check.equal([(pair["caller"], pair["calls"]) for pair in stats["pairs"]], [("18009350001", 50), ("18009350002", 30)])


def test_killed_while_importing(env):
    """Whatever was read when the node died, a second import brings the rest and nothing twice."""
    count = 150_000
    path = write(env, "large.csv", rows(0, count, "18009350003", "18009350004"))
    for delay in (0.2, 0.5, 1.0):
        caller = threading.Thread(target=import_until_the_end, args=(env.node.connect(), path))
        caller.start()
        time.sleep(delay)
        env.node.kill()
        caller.join()
        env.rpc = env.node.start().rpc
    imported(env, path)
    check.equal(env.rpc.call_stats("18009350003")["calls"], count)
    check.equal(imported(env, path)["bytes"], 0)


def import_until_the_end(rpc, path):
    try:
        rpc.call_import(path, "csv", {"columns": COLUMNS})
    except (OSError, http.client.HTTPException):
        pass  # the node is killed meanwhile


def test_forgetting(env):
    before = env.rpc.call_stats()["calls"]
    gone = env.rpc.call_forget(ANSWER + 100)
    check.true(gone > 0, "some were older")
    check.equal(env.rpc.call_stats()["calls"], before - gone)
    check.equal(env.rpc.call_list("", "", 0, ANSWER + 100), [])


def test_a_node_without_records(env):
    node = env.make().start()
    check.refused(-1, "-calls", node.rpc.call_stats)
    node.stop()
    check.contains(node.fails_to_start("-calls", "-callnumbering=country=x"), "country")
    check.contains(node.fails_to_start("-calls", "-callzone=CET"), "+02:00")


if __name__ == "__main__":
    run(globals())
