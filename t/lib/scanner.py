"""A private scanner, what it is asked, and what its processes do; for t/30-*.

    s = Scanner(scan="deadline = 2;")
    s.up()                                # started with the test hook on
    s.hook("crash")["error" or "reading"] # one message that makes a worker try something
    s.ask(file, ..., options=["--texts"]) # [answers], in order
"""
import itertools
import json
import os
import subprocess

from sg import BUILD, House, until

ASK = os.path.join(BUILD, "t", "lib", "scanask")
serial = itertools.count(1)


class Scanner(House):
    def keys(self):
        pass    # the scanner has none

    def up(self, **environment):
        self.start("scan", environment={"SCHOOLGATE_TEST_HOOK": "1", **environment})
        until(lambda: "ready rules=" in self.log("scan"), 60)

    def by_shell(self, command, **more):
        """Started by a shell: "exec PROGRAM 2>&-" and the like."""
        self.children["scan"] = subprocess.Popen(
            ["sh", "-c", command.replace("PROGRAM", "%s --config=%s" % (self.program("scan"), self.config))],
            stdin=subprocess.DEVNULL, **more)

    @property
    def pid(self):
        return self.children["scan"].pid

    # --- messages --------------------------------------------------------------
    def message(self, body="Nothing to see.", first="", size=0):
        """A file with a message no other message equals."""
        name = self.path("m%d.eml" % next(serial))
        lines = ([first] if first else []) + ["From: a@hillview.example", "Subject: number %d" % next(serial), "",
                                             body]
        text = "\r\n".join(lines) + "\r\n"
        if size:
            line = "A line of ordinary words about the trip, number %08d.\r\n"
            text += "".join(line % i for i in range(size // 54))
        with open(name, "w", newline="") as f:
            f.write(text)
        return name

    def asking(self, *files, options=()):
        return subprocess.Popen([ASK, *options, self.config, *files], stdout=subprocess.PIPE, text=True)

    @staticmethod
    def answers(*asked):
        if isinstance(asked[0], str):       # House.answers(where)
            return House.answers(*asked)
        out = []
        for p in asked:
            out += [json.loads(line) for line in p.communicate(timeout=180)[0].splitlines()]
        return out

    def ask(self, *files, options=()):
        return self.answers(self.asking(*files, options=options))

    def hook(self, verb):
        return self.ask(self.message(first="X-Schoolgate-Test: " + verb))[0]

    def passes(self):
        """An ordinary message is read as it should."""
        a = self.ask(self.message("say xyzzyhold now"))[0]
        return "testing.hold" in rules_of(a) and not a["reading"]["flags"]

    # --- processes --------------------------------------------------------------
    @staticmethod
    def children_of(pid):
        try:
            with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
                return [int(p) for p in f.read().split()]
        except OSError:
            return []

    def zygotes(self):
        return self.children_of(self.pid)

    def workers(self):
        return [w for z in self.zygotes() for w in self.children_of(z)]

    def family(self):
        return [self.pid] + self.zygotes() + self.workers()

    def in_hand(self):
        """How many clients workers have accepted and not yet let go."""
        with open("/proc/net/unix") as f:
            return sum(row[5] == "03" and row[-1].startswith(self.path("run/scan.sock")) for row in map(str.split, f))

    def said(self, what):
        return self.log("scan").count(what)


def rules_of(answer):
    return [f["rule"] for f in answer.get("reading", {}).get("findings", [])]


def finding(answer, rule):
    return next((f for f in answer.get("reading", {}).get("findings", []) if f["rule"] == rule), None)


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def descriptors(pid):
    """How many, or None where we may not look."""
    try:
        return len(os.listdir("/proc/%d/fd" % pid))
    except OSError:
        return None


def own(pid):
    """KiB of memory that is no file, or None.  Unlike the proportional size (pss) it does not
    change when children copy pages they shared with it, or leave."""
    try:
        with open("/proc/%d/status" % pid) as f:
            return sum(int(line.split()[1]) for line in f if line.startswith(("RssAnon:", "RssShmem:")))
    except OSError:
        return None


def pss(pid):
    """KiB, or None where we may not look."""
    try:
        with open("/proc/%d/smaps_rollup" % pid) as f:
            return next(int(line.split()[1]) for line in f if line.startswith("Pss:"))
    except OSError:
        return None
