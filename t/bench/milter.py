#!/usr/bin/python3
"""The whole product under load, beside a do-nothing milter and other filters.

    t/bench/milter.py --build BUILD --bench DIR [--work DIR] [--patterns 5000] [--peers LIST] [--rounds 3]
                     [--signatures DIR]

DIR is a checkout of the load generator (bench.py, gen_patterns.py; milterload built in
$BENCH_BUILD).  Starts the milter and the scanner with that many patterns, two workers, and
lets bench.py play the mail server on corpora: small mail (5 KB), a school's mix, and the mix
with pictures in place of its documents ("text": as many bytes, but only text is opened).
Prints its tables and our start times and memory.  Not a test: figures, for people.
"""
import argparse
import base64
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

CONFIG = """school: {{ name = "Bench"; domains = [ "school.example" ]; }};
milter: {{ listen = "unix:{d}/milter.sock"; }};
scan: {{ listen = "{d}/scan.sock"; cache = "{d}/cache"; workers = 2; signatures = "{signatures}"; }};
store: {{ url = "sqlite:{d}/store"; }};
keys: {{ dir = "{d}/keys"; }};
courier: {{ from = "sg@school.example"; notices = "{top}/rules/notices"; }};
console: {{ socket = "{d}/console.sock"; }};
policy = "{top}/rules/policy/policy.conf";
rules = [ "{d}/rules" ];
"""


def canonical(pattern):
    """A pattern of the generator as one of ours: boundaries are our own, blanks are one blank."""
    p = pattern.replace(r"\b", "").replace(r"\s+", " ").replace(r"\s{1,3}", " ").replace(r"[:\s]{1,3}", "[: ]{1,3}")
    return p.replace("\\", "\\\\").replace('"', '\\"')


def planted(bench):
    sys.path.insert(0, bench)
    import words
    return words.PLANTED[0]


def rules(bench, n, into):
    out = subprocess.run([sys.executable, os.path.join(bench, "gen_patterns.py"), str(n)],
                         capture_output=True, text=True, check=True).stdout
    os.makedirs(into, exist_ok=True)
    os.symlink(os.path.join(TOP, "rules/disclaimers"), os.path.join(into, "disclaimers"))   # the policy names them
    patterns = ",\n    ".join('"%s"' % canonical(p) for p in out.split("\n") if p)
    with open(os.path.join(into, "bench.conf"), "w") as f:
        f.write('category = "profanity"; area = "content";\nrules = (\n'
                '{ id = "bench.all"; title = "Bench"; severity = 1; confidence = "low";\n  regex = [ %s ];\n'
                '  hit = [ "%s" ]; miss = [ "nothing here" ]; } );\n' % (patterns, planted(bench)))


def small_mail(texts_file, into, n=2000):
    """Mails of about 5 KB from the benign corpus."""
    if os.path.isdir(into):
        return
    os.makedirs(into)
    with open(texts_file) as f:
        texts = [json.loads(row)["text"] for row in f]
    for i in range(n):
        body = texts[i % len(texts)]
        while len(body) < 2000:
            body += "\n\n" + texts[(i * 7 + len(body)) % len(texts)]
        head = "".join("Received: from mx%d.example by mx%d.example with ESMTP id %d-%d;\r\n\tTue, 4 Mar 2026 10:00:0%d +0000\r\n"
                       % (k, k + 1, i, k, k) for k in range(4))
        head += ("From: someone%d@elsewhere.example\r\nTo: teacher@school.example\r\nSubject: message %d\r\n"
                 "Message-ID: <%d@elsewhere.example>\r\nDate: Tue, 4 Mar 2026 10:00:09 +0000\r\nMIME-Version: 1.0\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" % (i, i, i))
        with open(os.path.join(into, "%05d.eml" % i), "wb") as f:
            f.write(head.encode() + body.replace("\n", "\r\n").encode()[:9000] + b"\r\n")


def pictures_instead(source, into):
    """The same mails; each document that is attached becomes a picture of its size."""
    if os.path.isdir(into):
        return
    os.makedirs(into)
    for name in sorted(os.listdir(source)):
        with open(os.path.join(source, name), "rb") as f:
            parts = f.read().split(b"\r\n--")
        noise = random.Random(name)
        for i, part in enumerate(parts):
            head, blank, body = part.partition(b"\r\n\r\n")
            if b"base64" not in head.lower() or b"application/" not in head.lower():
                continue
            head = re.sub(rb"application/[^;\s]+", b"image/jpeg", head)
            head = re.sub(rb"\.(docx|xlsx|pdf|zip)\b", b".jpg", head)
            raw = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1" + noise.randbytes(len(body) * 57 // 78)
            parts[i] = head + blank + base64.encodebytes(raw).replace(b"\n", b"\r\n").rstrip()
        with open(os.path.join(into, name), "wb") as f:
            f.write(b"\r\n--".join(parts))


def pss(pid):
    """MB of a process and all below it; shared pages in their share."""
    with open("/proc/%d/smaps_rollup" % pid) as f:
        total = int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1)) / 1024
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return total + sum(pss(int(c)) for c in f.read().split())


class Product:
    def __init__(self, o, directory):
        self.o, self.d, self.config = o, directory, os.path.join(directory, "schoolgate.conf")
        self.running = []
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        os.chmod(directory, 0o755)
        with open(self.config, "w") as f:
            f.write(CONFIG.format(d=directory, top=TOP, signatures=o.signatures))
        rules(o.bench, o.patterns, os.path.join(directory, "rules"))
        subprocess.run([self.program("schoolgatectl"), "--config=" + self.config, "key", "init"], check=True,
                       stdout=subprocess.DEVNULL)

    def program(self, name):
        return os.path.join(os.path.abspath(self.o.build), name)

    def start(self, name, sock):
        """Seconds until it is ready for mail."""
        log_path = os.path.join(self.d, name + ".log")
        t0 = time.monotonic()
        p = subprocess.Popen([self.program(name), "--config=" + self.config], stderr=open(log_path, "w"))
        self.running.append(p)
        while not self.up(log_path, sock):
            if p.poll() is not None:
                sys.exit("%s stopped; see %s/%s.log" % (name, self.d, name))
            time.sleep(0.005)
        return time.monotonic() - t0

    def up(self, log_path, sock):
        """The scanner's socket is there before its workers are; its log tells."""
        with open(log_path) as f:
            text = f.read()
        return os.path.exists(os.path.join(self.d, sock)) and ("ready" in text or "listening" in text)

    def stop(self):
        for p in self.running:
            p.send_signal(signal.SIGTERM)
        for p in self.running:
            p.wait(60)
        self.running = []


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--build", required=True)
    a.add_argument("--bench", required=True)
    a.add_argument("--work", default="/var/tmp/milter-bench")
    a.add_argument("--patterns", type=int, default=5000)
    a.add_argument("--peers", default="null,rspamd-map5k")
    a.add_argument("--rounds", default="3")
    a.add_argument("--conns", default="1,4,16")
    a.add_argument("--signatures", default="off")
    a.add_argument("--corpora", default="small,school,text")
    o = a.parse_args()
    small_mail(os.path.join(os.path.dirname(os.path.abspath(o.bench)), "corpora/benign/mail_sa_easy_ham_2.dev.jsonl"),
               os.path.join(o.work, "small"))
    if not os.path.isdir(os.path.join(o.work, "school")):
        subprocess.run([sys.executable, os.path.join(o.bench, "gen_corpus.py"), os.path.join(o.work, "school"),
                        "--count", "600"], check=True)
    pictures_instead(os.path.join(o.work, "school"), os.path.join(o.work, "text"))
    product = Product(o, os.path.join(o.work, "schoolgate"))
    try:
        cold = product.start("schoolgate-scan", "scan.sock")
        product.stop()
        warm = product.start("schoolgate-scan", "scan.sock")
        subprocess.run([os.path.join(o.build, "t/lib/storefill"), product.d + "/schoolgate.conf", "confirm",
                        "dsl@hillview.example", "deputy@hillview.example"], check=True)
        door = product.start("schoolgate-milter", "milter.sock")
        print("scanner: first start (compiles) %.2f s, next start (from cache) %.2f s; milter %.2f s" % (cold, warm, door))
        for corpus in o.corpora.split(","):
            env = dict(os.environ, BENCH_DIR=o.work, BENCH_BUILD=os.environ.get("BENCH_BUILD", o.work + "/build"),
                       BENCH_EXT_SOCKET=product.d + "/milter.sock",
                       BENCH_EXT_PIDS=",".join(str(p.pid) for p in product.running))
            print("\n%s mail" % corpus, flush=True)
            subprocess.run([sys.executable, os.path.join(o.bench, "bench.py"), "--corpus", os.path.join(o.work, corpus),
                            "--peers", o.peers + ",external", "--rounds", o.rounds, "--conns", o.conns,
                            "-n", "2000" if corpus == "small" else "600"], env=env, stderr=subprocess.DEVNULL)
        scan, milter = product.running
        time.sleep(2)       # workers at rest give back what they had for large mails
        print("memory at rest (PSS): scanner with its workers %.1f MB, milter %.1f MB" % (pss(scan.pid), pss(milter.pid)))
    finally:
        product.stop()


if __name__ == "__main__":
    main()
