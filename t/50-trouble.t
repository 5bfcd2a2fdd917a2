#!/usr/bin/python3
# What happens to mail when something is away, full, slow, reloaded or told to stop.
# fails-if: a message is passed unread or lost when the scanner, the store or the program itself
#           fails, a retry files a second incident or delivers a held copy, a stop cuts a
#           message in hand, or a bad configuration replaces a good one
import os
import secrets
import select
import signal
import socket
import sqlite3
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import INSIDE, House, Tap, until  # noqa: E402
from milter import Mta  # noqa: E402

tap = Tap()
STAFF, OUT, PUPIL = "hale@hillview.example", "someone@elsewhere.example", "ann@pupils.hillview.example"
house = House(milter="max_sessions = 8; drain = 20;", scan="deadline = 5;")
house.start("scan", "milter")


def mail(body="Nothing of note.", mid=None):
    return ("From: hale@hillview.example\r\nSubject: a note\r\nMessage-ID: <%s@hillview.example>\r\n\r\n%s\r\n"
            % (mid or secrets.token_hex(8), body)).encode()


def send(data, to, sender=STAFF):
    try:
        mta = Mta(house.door, INSIDE)
        answer = mta.send(sender, to, data)
        mta.quit()
        return answer
    except OSError:
        return Mta.answer.__globals__["Answer"]()       # gone


def count(table, where="1"):
    return house.sql("select count(*) from %s where %s" % (table, where))[0][0]


def again():
    house.fault("milter", "")
    house.start("milter")


# --- scanner --------------------------------------------------------------------
house.stop("scan")
a = send(mail(), [OUT])
tap.ok(a.word == "tempfail" and a.code == 451, "no scanner: try later", a)
house.start("scan")
tap.ok(send(mail(), [OUT]).word == "accept", "and mail flows again when it is back")

# --- store -----------------------------------------------------------------------
data = mail("say xyzzyhold now", mid="store")
for point in ("store.content.write", "store.content.sync", "store.content.rename", "store.begin", "store.before-commit"):
    house.fault("milter", point + "=fail")
    a = send(data, [OUT])
    tap.ok(a.word == "tempfail" and a.code == 451, "%s fails: try later" % point, a)
house.fault("milter", "store.begin=fail,store.trace=fail")
tap.ok(send(mail(), [PUPIL], sender="quiet@hillview.example").word == "accept", "clean mail passes though the store is away")
house.fault("milter", "")
a = send(data, [OUT])
tap.ok(a.word == "discard" and count("incident", "message_id = 'store@hillview.example'") == 1, "held once the store is back, once", a)
os.chmod(house.path("store"), 0o700)

# --- points of no return ------------------------------------------------------------
for point, filed in (("front.collected", 0), ("front.scanned", 0), ("front.filed", 1)):
    mid = "point-" + point
    data = mail("say xyzzyhold now", mid=mid)
    house.fault("milter", point + "=fail")
    a = send(data, [OUT, PUPIL])
    n = count("incident", "message_id = '%s@hillview.example'" % mid)
    house.fault("milter", "")
    b = send(data, [OUT, PUPIL])
    tap.ok(a.word == "tempfail" and n == filed and b.removed() == ["<%s>" % OUT] and
           count("incident", "message_id = '%s@hillview.example'" % mid) == 1, "%s fails: filed %d, then once" % (point, filed), a, b)
for point in ("front.collected", "front.scanned", "front.filed", "front.edited", "store.before-commit", "store.after-commit"):
    house.kill("milter")    # points are counted from its start
    again()
    mid = "kill-" + point
    data = mail("say xyzzyhold now", mid=mid)
    house.fault("milter", point + "=kill")
    a = send(data, [OUT, PUPIL])
    died = house.ended("milter", 10)
    if died is not None:
        again()
    b = send(data, [OUT, PUPIL])
    tap.ok(died == -9 and a.word == "gone" and b.word == "accept" and b.removed() == ["<%s>" % OUT] and
           count("incident", "message_id = '%s@hillview.example'" % mid) == 1, "killed at %s: the retry ends it, once" % point, died, a, b)

# --- a message of which the scanner dies, and then no longer does ----------------------
def dying_scanner(stop):
    """Takes each message and hangs up, as a worker that dies does."""
    listeners = []
    for name in ("run/scan.sock", "run/scan.sock.bulk"):
        if os.path.exists(house.path(name)):
            os.unlink(house.path(name))
        listeners.append(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        listeners[-1].bind(house.path(name))
        listeners[-1].listen(20)
    while not stop.is_set():
        for s in select.select(listeners, [], [], 0.1)[0]:
            c = s.accept()[0]
            c.recv(65536)
            c.close()
    for s in listeners:
        s.close()


house.stop("scan")
stop = threading.Event()
dying = threading.Thread(target=dying_scanner, args=(stop,))
dying.start()
until(lambda: os.path.exists(house.path("run/scan.sock.bulk")), 5)
data = mail("plain words", mid="poison")
words = [send(data, [PUPIL], sender="poison@hillview.example").word for _ in range(3)]
tap.ok(words == ["tempfail", "tempfail", "discard"], "the third time that one content breaks the scanner, it is held", words)
tap.ok(house.sql("select failure from incident where message_id = 'poison@hillview.example'") == [("could not be scanned",)], "as such")
stop.set()
dying.join()
house.start("scan")
tap.ok(send(mail(), [PUPIL]).word == "accept", "the next message passes")
a = send(data, [PUPIL], sender="poison@hillview.example")
tap.ok(a.word == "discard", "what is held is not delivered besides, though a retry reads well now", a)

# --- decided meanwhile -----------------------------------------------------------------
data = mail("say xyzzyhold now", mid="decided")
send(data, [OUT, PUPIL])
ref = house.sql("select ref from incident where message_id = 'decided@hillview.example'")[0][0]
with sqlite3.connect(house.path("store/schoolgate.db"), timeout=10) as db:
    db.execute("update copy set state = 'released' where state = 'waiting' and incident = (select id from incident where ref = ?)", (ref,))
a = send(data, [OUT, PUPIL])
tap.ok(a.removed() == ["<%s>" % OUT] and count("incident", "message_id = 'decided@hillview.example'") == 1,
       "a copy released meanwhile is not delivered twice", a)

# --- too many --------------------------------------------------------------------------
held = [Mta(house.door, INSIDE) for _ in range(8)]
ninth = Mta(house.door, INSIDE)
a = ninth.mail(STAFF)
tap.ok(a.word == "tempfail" and a.code == 451, "one conversation too many is asked to come later", a)
tap.ok(held[7].mail(STAFF).word == "continue", "the others go on")
for m in held:
    m.quit()
tap.ok(until(lambda: ninth.mail(STAFF).word == "continue", 5), "and it is let in when there is room")
ninth.quit()
tap.ok(send(mail(), [PUPIL]).word == "accept", "no conversation is counted for ever")

# --- reload -------------------------------------------------------------------------------
policy = open(house.path("policy.conf")).read()
house.write("policy.conf", policy.replace("out-bad", "renamed"))
house.signal("milter", signal.SIGUSR1)
tap.ok(until(lambda: "reload config=" in house.log("milter"), 5), "reloads")
send(mail("say xyzzyhold now"), [OUT])
tap.ok("rows=renamed" in house.log("milter"), "and uses what is new")
house.write("policy.conf", policy.replace("hold", "hodl"))
house.signal("milter", signal.SIGHUP)
tap.ok(until(lambda: "reload-failed" in house.log("milter") and "policy.conf:" in house.log("milter"), 5), "a bad policy is refused, with its line")
a = send(mail("say xyzzyhold now"), [OUT])
tap.ok(a.word == "discard", "and the old one stays in use", a)
house.write("policy.conf", policy)

# --- stop -----------------------------------------------------------------------------------
slow, idle = Mta(house.door, INSIDE), Mta(house.door, INSIDE)
slow.mail(STAFF)
slow.rcpt(PUPIL)
slow.header(b"Subject", b" slow")
house.signal("milter", signal.SIGTERM)
tap.ok(until(lambda: "drain in-hand=1" in house.log("milter"), 5), "told to stop with a message in hand")
a = idle.mail(STAFF)
tap.ok(a.word == "tempfail" and a.code == 451, "a new message is asked to come later", a)
time.sleep(1)
slow.body(b"the rest comes a second later\r\n")
a = slow.eom()
tap.ok(a.word == "accept", "the one in hand is finished", a)
started = time.monotonic()
tap.ok(house.ended("milter", 15) == 0 and time.monotonic() - started < 4, "then it stops, soon", house.log("milter")[-500:])
tap.ok(not os.path.exists(house.path("run/milter.sock")), "and takes its socket away")
again_door = House.answers(house.door)
tap.ok(not again_door, "nobody answers there")
for signals, what in (((signal.SIGUSR2,), "SIGUSR2 drains too"), ((signal.SIGTERM, signal.SIGTERM), "a second SIGTERM does not wait")):
    house.start("milter")
    slow = Mta(house.door, INSIDE)
    slow.mail(STAFF)
    house.signal("milter", signals[0])
    until(lambda: house.log("milter").rstrip().endswith("drain in-hand=1"), 5)
    if len(signals) == 1:
        slow.abort()
    else:
        house.signal("milter", signals[1])
    started = time.monotonic()
    tap.ok(house.ended("milter", 15) == 0 and time.monotonic() - started < 8, what, house.log("milter")[-300:])
    slow.quit()

# --- few descriptors ------------------------------------------------------------------------
house.start("milter", files=48)
tap.ok("few-descriptors" in house.log("milter") or os.geteuid() == 0, "too few descriptors are told")
results = []


def crowd(i):
    results.append(send(mail("z" * 400000), [PUPIL]).word)


threads = [threading.Thread(target=crowd, args=(i,)) for i in range(40)]
for t in threads:
    t.start()
for t in threads:
    t.join(60)
tap.ok(len(results) == 40 and set(results) <= {"accept", "tempfail", "gone"} and "accept" in results, "a crowd gets answers only", results)
tap.ok(send(mail(), [PUPIL]).word == "accept", "and it goes on afterwards")


def descriptors():
    base = "/proc/%d/fd/" % house.children["milter"].pid
    return sorted(f for f in (os.readlink(base + f) for f in os.listdir(base) if os.path.lexists(base + f))
                  if "store" not in f)      # it opens its files once more when it is busy


settled = until(lambda: not any("memfd" in f for f in descriptors()), 5)
before = descriptors()
for _ in range(20):
    send(mail("z" * 400000), [PUPIL])
tap.ok(settled and until(lambda: len(descriptors()) <= len(before), 5), "no descriptor is left behind", before, descriptors())
house.stop()

# --- a start that cannot work -------------------------------------------------------------------
house.start("milter", wait=False)
until(lambda: House.answers(house.door), 10)
first = house.children["milter"]
house.start("milter", wait=False)
second = house.children["milter"]
tap.ok(second.wait(15) == 2 and "another program answers" in house.log("milter"), "a second one does not take the first one's socket")
house.children["milter"] = first
house.kill("milter")
tap.ok(os.path.exists(house.path("run/milter.sock")), "a killed one leaves its socket")
house.start("milter")
tap.ok(os.stat(house.path("run/milter.sock")).st_mode & 0o777 == 0o660, "which is replaced, and open to the group")
house.stop()
house.configure(milter='trusted_networks = [ "lan" ];')
house.start("milter", wait=False)
tap.ok(house.ended("milter", 10) == 2, "a network that is none is a matter of configuration")
tap.done()
