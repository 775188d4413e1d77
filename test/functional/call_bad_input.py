#!/usr/bin/env python3
"""Files of call records that are cut off, wrongly encoded, out of order or impossible: each is reported with file, line and
reason, the records beside it are taken, none is taken twice."""

import json

from framework import check
from framework.suite import run

ANSWER = 1_795_285_805
STAMP = "2026-11-21 18:30:05"
NUMBERS = "18009359935,442079460000"
HEADING = "method,callid,sip_code,time,src_user,dst_user\n"


def setup(env):
    env.share("-calls", f"-mocktime={ANSWER + 86_400}", "-callnumbering=country=49")
    env.files = 0


def imported(env, text, kind="csv", **options):
    """Reads a new file with this text (bytes or text); gives what call_import says."""
    env.files += 1
    path = env.path(f"{env.files}.txt")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if kind == "csv":
        options = {"columns": "callid=1,caller=2,callee=3,answer=4,duration=5", **options}
    return env.rpc.call_import(str(path), kind, options)


def expect(found, added, *problems):
    """`problems`: (line, part of the reason)."""
    check.equal(found["added"], added, str(found))
    check.equal([problem["line"] for problem in found["problems"]], [line for line, _ in problems], str(found))
    for problem, (_, part) in zip(found["problems"], problems):
        check.contains(problem["reason"], part)


def master(call_id, answer=STAMP, end="2026-11-21 18:31:07"):
    return (f'"","18009359935","442079460000","out","","PJSIP/a","PJSIP/b","Dial","","{STAMP}","{answer}","{end}",67,62,"ANSWERED",'
            f'"DOCUMENTATION","1795285800.1","{call_id}"\n')


def leg(call_id):
    return json.dumps({"variables": {"sip_call_id": call_id, "answer_epoch": str(ANSWER), "end_epoch": str(ANSWER + 60)},
                       "callflow": [{"caller_profile": {"caller_id_number": "18009359935", "destination_number": "442079460000"}}]})


def xml(call_id):
    return (f"<cdr core-uuid='1'>\n<variables><sip_call_id>{call_id}</sip_call_id><answer_epoch>{ANSWER}</answer_epoch>"
            f"<end_epoch>{ANSWER + 60}</end_epoch></variables>\n<callflow><caller_profile><caller_id_number>18009359935</caller_id_number>"
            "<destination_number>442079460000</destination_number></caller_profile></callflow>\n</cdr>\n")


def test_cut_in_the_middle(env):
    """At the end of a file, and where the server went on after a crash: only the cut record is lost, and reported."""
    expect(imported(env, master("m1") + master("m2")[:150], "asterisk-csv"), 1, (2, ""))
    expect(imported(env, master("m3") + master("m4")[:90] + "\n" + master("m5") + master("m6"), "asterisk-csv"), 3, (2, ""))
    expect(imported(env, leg("j1") + "\n" + leg("j2")[:70], "freeswitch-json"), 1, (2, "cut off"))
    expect(imported(env, leg("j3") + "\n" + leg("j4")[:70] + "\n" + leg("j5") + "\n" + leg("j6") + "\n", "freeswitch-json"), 3, (2, "cut off"))
    expect(imported(env, xml("x1") + xml("x2")[:90], "freeswitch-xml"), 1, (5, "cut off"))
    expect(imported(env, xml("x3") + xml("x4")[:90] + "\n" + xml("x5") + xml("x6"), "freeswitch-xml"), 3, (5, "cut off"))
    for call_id in ("m5", "m6", "j5", "j6", "x5", "x6"):
        check.equal(len(env.rpc.call_show(call_id)), 1, call_id)


def test_every_cut(env):
    """A file cut at each of its bytes: whole rows before the cut are taken, and what lies behind it is never made up."""
    text = master("cut1") + master("cut2")
    for place in range(len(text)):
        found = imported(env, text[:place], "asterisk-csv")
        check.equal(found["added"] + found["known"], text[:place].count("\n"), f"cut at {place}: {found}")
        check.equal(found["problem_count"], 0 if text[:place].endswith("\n") or place == 0 else 1, f"cut at {place}: {found}")


def test_encodings(env):
    row = f"u1,{NUMBERS},{ANSWER},60\n"
    expect(imported(env, b"\xef\xbb\xbf" + row.encode()), 1)
    expect(imported(env, b"\xef\xbb\xbf" + (HEADING + f"INVITE,u2,200,{STAMP},{NUMBERS}\nBYE,u2,200,{STAMP},{NUMBERS}\n").encode(), "kamailio-csv"), 1)
    check.refused(-8, "UTF-16", imported, env, row.encode("utf-16"))
    latin = "Müller".encode("latin-1")
    expect(imported(env, b"u3," + NUMBERS.encode() + b",%d,60,\"" % ANSWER + latin + b"\"\n"), 1)
    expect(imported(env, b"u" + latin + b"," + NUMBERS.encode() + b",%d,60\nu4,%s,%d,60\n" % (ANSWER, NUMBERS.encode(), ANSWER)), 1, (1, "Call-ID"))
    expect(imported(env, b"u5,\xff1800,442079460000,%d,60\n" % ANSWER), 0, (1, "caller"))
    expect(imported(env, bytes(range(256)) * 4), 0, *[(line, "") for line in found_lines(env, bytes(range(256)) * 4)])


def found_lines(env, raw):
    """The same garbage again, from another file: the lines of its problems."""
    found = imported(env, raw)
    check.true(found["problem_count"] > 0 and found["added"] == 0, str(found))
    return [problem["line"] for problem in found["problems"]]


def test_twice_and_out_of_order(env):
    rows = [f"d{i},{NUMBERS},{ANSWER + i},60\n" for i in range(5)]
    found = imported(env, rows[3] + rows[0] + rows[3] + rows[4] + rows[1] + rows[2] + rows[0])
    check.equal((found["added"], found["known"], found["problem_count"]), (5, 2, 0))
    check.equal(imported(env, "".join(rows))["known"], 5)
    expect(imported(env, f"d1,{NUMBERS},{ANSWER + 1},61\n"), 0, (1, "another end"))
    ends = "".join(f"BYE,o{i},200,2026-11-21 18:31:0{i},{NUMBERS}\n" for i in range(3))
    begins = "".join(f"INVITE,o{i},200,{STAMP},{NUMBERS}\n" for i in range(3))
    expect(imported(env, HEADING + ends + begins, "kamailio-csv"), 3, *[(line, "not known yet") for line in (2, 3, 4)])
    check.equal(env.rpc.call_show("o2")[0]["end"], (ANSWER + 57) * 1000)
    expect(imported(env, HEADING + begins + begins + ends + ends, "kamailio-csv"), 0, *[(line, "not known yet") for line in (11, 12, 13)])


def test_times(env):
    """Clocks that are wrong, calls that end before they began, and those of a day."""
    day = 86_400
    expect(imported(env, f"t1,{NUMBERS},{ANSWER},-1\n"), 0, (1, "negative"))
    expect(imported(env, master("t2", end="2026-11-21 18:30:04"), "asterisk-csv"), 0, (1, "rise"))
    expect(imported(env, master("t3", answer="2026-11-21 18:29:59"), "asterisk-csv"), 0, (1, "rise"))
    expect(imported(env, f"t4,{NUMBERS},{ANSWER},{day}\n"), 1)
    check.equal(env.rpc.call_show("t4")[0]["minutes"], 1_440)
    expect(imported(env, f"t5,{NUMBERS},{ANSWER},{day}.001\n"), 0, (1, "day"))
    expect(imported(env, f"t6,{NUMBERS},{ANSWER + day},301\n"), 0, (1, "later than this computer's clock"))
    expect(imported(env, f"t7,{NUMBERS},{ANSWER + day},299\n"), 1)
    expect(imported(env, f"t8,{NUMBERS},yesterday,60\nt9,{NUMBERS},2026-02-30 10:00:00,60\nt10,{NUMBERS},1969-12-31 23:00:00,60\n"), 0,
           (1, "no time"), (2, "no time"), (3, "no time"))
    expect(imported(env, f"t11,{NUMBERS},{ANSWER},soon\n"), 0, (1, "no number"))
    expect(imported(env, f"t12,{NUMBERS},{ANSWER},0\n"), 1)
    check.equal(env.rpc.call_show("t12")[0]["minutes"], 1)


def test_numbers(env):
    good = "18009359935"
    for caller, callee, part in (("1001", good, None), ("", good, "caller"), ("anonymous", good, "caller"), (good, "abc", "callee"),
                                 ("+1234567890123456", good, "caller"), ("+0123", good, "caller"), ("sip:alice@example.com", good, "caller"),
                                 (good, good, "number"), ("112", good, "caller"), ("++1800", good, "caller")):
        found = imported(env, f"n-{caller}-{callee},{caller},{callee},{ANSWER},60\n")
        if part is None:
            check.equal(found["added"], 1, caller)
        else:
            expect(found, 0, (1, part))
    for caller in ("+49 30 123456", "0049-30-123456", "030/123456", "<sip:+4930123456@x;user=phone>", "tel:+49-30-123456"):
        found = imported(env, f"e-{env.files},{caller},{good},{ANSWER},60\n")
        check.equal(found["added"], 1, f"{caller}: {found}")
        check.equal(env.rpc.call_show(f"e-{env.files - 1}")[0]["caller"], "4930123456")


def test_read_as_the_wrong_thing(env):
    """A file read in a wrong way first is not lost: as another format it is read from its beginning, or when that is asked for."""
    path = env.path("again.csv")
    path.write_text(master("again1") + master("again2"), encoding="utf-8")
    check.true(env.rpc.call_import(str(path), "kamailio-csv")["problem_count"] > 0, "no rows of Kamailio")
    check.equal(env.rpc.call_import(str(path), "asterisk-csv")["added"], 2)
    check.equal(env.rpc.call_import(str(path), "asterisk-csv")["bytes"], 0)
    check.equal(env.rpc.call_import(str(path), "asterisk-csv", {"again": True})["known"], 2)
    check.refused(-3, "again", env.rpc.call_import, str(path), "asterisk-csv", {"again": "yes"})


def test_tables(env):
    """Too few columns, a heading that lacks one, quotes that never close, rows without end."""
    expect(imported(env, f"c1,{NUMBERS}\nc2,{NUMBERS},{ANSWER},60\n"), 1, (1, "fields"))
    expect(imported(env, "a,b\n1,2\n", "kamailio-csv"), 0, (1, "heading"))
    expect(imported(env, f'c3,{NUMBERS},{ANSWER},60,"open\nc4,{NUMBERS},{ANSWER},60\n'), 1, (1, "quote"))
    expect(imported(env, "c5," + "x" * 70_000 + f"\nc6,{NUMBERS},{ANSWER},60\n"), 1, (1, "65536"))
    expect(imported(env, "[1, 2]\n" + leg("c7"), "freeswitch-json"), 1, (1, "no JSON object"))
    expect(imported(env, "nothing\n" + xml("c8"), "freeswitch-xml"), 1, (1, "no <cdr>"))
    check.equal(imported(env, "")["bytes"], 0)


if __name__ == "__main__":
    run(globals())
