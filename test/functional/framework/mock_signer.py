#!/usr/bin/env python3
"""A device that signs, for tests: speaks as HWI does on the command line, and has its keys in a wallet of a node.

The first word is a JSON file: { "cli": [words of emercoin-cli with the wallet of the keys], "fingerprint", "mood" }.
Each call is noted in a file beside it.
"""

import json
import subprocess
import sys
import time


class Device:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.plan = json.load(file)
        self.fingerprint = self.plan["fingerprint"]
        self.mood = self.plan.get("mood", "")

    def ask(self, *words):
        done = subprocess.run([*self.plan["cli"], *words], capture_output=True, text=True, check=True)
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            return done.stdout.strip()  # texts come without quotes

    def enumerate(self):
        if self.mood == "absent":
            return []
        if self.mood == "locked":
            return [{"model": "mock", "error": "Please unlock it", "code": -3}]
        devices = [{"fingerprint": self.fingerprint, "model": "mock", "type": "mock"}]
        if self.mood == "two":
            devices.append({"fingerprint": "00000001", "model": "other"})
        if self.mood == "foreign":
            devices[0]["fingerprint"] = "00000001"
        return devices

    def descriptors(self):
        out = {"receive": [], "internal": []}
        for row in self.ask("listdescriptors")["descriptors"]:
            out["internal" if row["internal"] else "receive"].append(row["desc"])
        if self.mood == "private":
            out["receive"] = [row["desc"] for row in self.ask("listdescriptors", "true")["descriptors"]][:1]
        return out

    def display(self, descriptor):
        if self.mood == "liar":
            return {"address": self.ask("getnewaddress")}
        checked = self.ask("deriveaddresses", descriptor)
        return {"address": checked[0]}

    def sign(self, psbt):
        if self.mood == "refuse":
            return {"error": "The user said no", "code": -14}
        if self.mood == "other":
            return {"psbt": self.ask("createpsbt", "[]", json.dumps([{"data": "00"}]))}
        if self.mood == "garbage":
            return {"psbt": "cHNidP8="}
        return {"psbt": self.ask("walletprocesspsbt", psbt)["psbt"]}


def main():
    device = Device(sys.argv[1])
    words = sys.argv[2:]
    if device.mood == "broken":
        print("no JSON at all")
        sys.exit("something is wrong with the device")
    if device.mood == "silent":
        return
    if device.mood == "asleep":
        time.sleep(600)
    if "--stdin" in words:
        words += sys.stdin.readline().split()
    with open(sys.argv[1] + ".calls", "a", encoding="utf-8") as file:
        file.write(json.dumps(words) + "\n")
    if words == ["enumerate"]:
        print(json.dumps(device.enumerate()))
        return
    if words[0] != "--fingerprint" or words[1] != device.fingerprint or words[2:4] != ["--chain", "regtest"]:
        sys.exit(f"not for this device: {words}")
    words = [word for word in words[4:] if word != "--stdin"]
    if words == ["getdescriptors", "--account", "0"]:
        print(json.dumps(device.descriptors()))
    elif words[:2] == ["displayaddress", "--desc"]:
        print(json.dumps(device.display(words[2])))
    elif words[0] == "signtx":
        print(json.dumps(device.sign(words[1])))
    else:
        sys.exit(f"unknown command: {words}")


if __name__ == "__main__":
    main()
