#!/usr/bin/python3
# Signing in over TCP, as a browser does.
# fails-if: a wrong name, password or code tells which it was, guesses are not slowed, a cookie lives on
#           over a sign-in, a form from elsewhere is taken, a code works twice, a session outlives its
#           time, a password that is too old shows more than the page for a new one, or a password, code,
#           link or cookie stands in the store
import glob
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from desk import Desk, needs_root  # noqa: E402
from sg import Tap  # noqa: E402
from visitor import Visitor, code_of  # noqa: E402

needs_root()
tap = Tap()
desk = Desk(console="password_days = 90;")
house = desk.house
PASSWORD, OTHER, THIRD = "tractor violin seven lamps", "kumquat ladder ninety owls", "harbour biscuit twelve moles"
NOT_RIGHT = "The name, password or code is not right."


def link(*args):
    return desk.ctl("it", "user", *args).stdout


def spent():
    """Seconds of a processor that the console has taken so far."""
    tasks = glob.glob("/proc/%d/task/*/schedstat" % house.children["console"].pid)
    return sum(int(open(t).read().split()[0]) for t in tasks) / 1e9


def forget_guesses():
    house.sql_change("DELETE FROM guess")


def fresh_code(secret):
    """One that was not used: of the step after the last one, when that is near enough."""
    used = house.sql("SELECT step FROM account WHERE name = 'ruth'")[0][0]
    while time.time() // 30 + 1 <= used:
        time.sleep(0.2)
    return code_of(secret, max((used + 1) * 30, time.time()))


# --- first use --------------------------------------------------------------------------
url = link("add", "ruth", "--role", "lead", "--mail", "ruth@hillview.example", "--person", "Mrs Ruth")
token = url.strip().split("=", 1)[1]
v = Visitor(house)
path = "/first-use?t=" + token
for _ in range(100):
    v.get(path)
    v.ask("HEAD", path)
tap.ok(v.get(path) == 200 and house.sql("SELECT count(*) FROM session")[0][0] == 0, "to look at a link uses nothing up")
tap.ok("ruth" not in v.body.lower().replace("truth", ""), "and tells nothing", v.body)
v.post("/first-use", t=token)
tap.ok(v.status == 303 and v.location == "/first-use/password", "a POST takes it up", v.status, v.location)
v.get("/first-use/password")
for bad in ("short", "password1234", "ruth-hillview", "qwertyuiop12"):
    v.post("/first-use/password", password=bad)
    tap.ok(v.status == 422 and v.error(), "no password: " + bad, v.status, v.error())
tap.ok(v.get("/first-use/code") == 303, "no code before the password")
v.get("/first-use/password")
v.post("/first-use/password", password=PASSWORD)
v.get("/first-use/code")
secret = re.search(r'sg-mono">([A-Z2-7 ]+)<', v.body).group(1).replace(" ", "")
page = v.body
v.get("/first-use/key.svg", Accept="image/avif,image/*,*/*")
tap.ok(v.status == 200 and v.headers["Content-Type"] == "image/svg+xml" and v.body.startswith("<svg") and secret not in v.body
       and "sandbox" in v.headers["Content-Security-Policy"] and 'src="/first-use/key.svg"' in page, "the picture for the telephone", v.status, v.body[:200])
v.get("/first-use/code")
v.post("/first-use/code", code="000000" if code_of(secret) != "000000" else "000001")
tap.ok(v.status == 422 and v.error(), "a wrong code does not end it", v.status)
before = v.cookie
v.post("/first-use/code", code=code_of(secret, time.time() - 30))
tap.ok(v.status == 303 and v.location == "/me/codes" and v.cookie != before, "a right one does, with a new cookie", v.status, v.location)
v.get("/me/codes")
codes = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", v.body)
tap.ok(len(set(codes)) == 10, "ten recovery codes", codes)
v.post("/me/codes")
tap.ok(v.get("/me/codes") == 200 and codes[0] not in v.body, "shown until they are noted down")
w = Visitor(house)
w.get(path)
w.post("/first-use", t=token)
tap.ok(w.status == 422 and "used already" in w.error(), "a link works once", w.status, w.error())
tap.ok(v.get("/queue") == 200 and v.get("/users") == 200 and v.get("/metrics") in (403, 406), "the role of the account counts")
flags = [c for c in v.sent if c.startswith("__Host-sg=")]
tap.ok(flags and all(all(f in c for f in ("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax")) and "Domain" not in c for c in flags),
       "the cookie is ours alone", flags)

# --- sign in ------------------------------------------------------------------------------
w = Visitor(house)
tap.ok(w.get("/queue") == 303 and w.location.startswith("/sign-in?to=") and "/queue" in w.location.replace("%2F", "/"), "a stranger is shown the way", w.location)
to = w.location
tap.ok(w.ask("GET", "/queue", headers={"Accept": "application/json"}) == 401, "a program is told")
w.get(to)
tap.ok(w.post("/sign-in", name="ruth", password=PASSWORD, to="/queue") == 303, "the password", w.status, w.error())
half = w.cookie
tap.ok(w.get("/queue") == 303, "is not enough")
w.get(w.location)
w.post("/sign-in/code", code=fresh_code(secret), to="/queue")
tap.ok(w.status == 303 and w.location == "/queue" and w.cookie != half, "the code is; one gets where one wanted, with a new cookie", w.status, w.location, w.error())
tap.ok(w.get("/queue") == 200, "and is in")
x = Visitor(house, cookies={**w.cookies, "__Host-sg": half})
tap.ok(x.get("/queue") == 303 and x.get("/sign-in/code") == 303, "the cookie of before is worth nothing (session fixation)", x.status)
planted = "A" * 43
x = Visitor(house, cookies={"__Host-sg": planted})
x.get("/sign-in")
x.post("/sign-in", name="ruth", password=PASSWORD)
tap.ok(x.status == 303 and x.cookie not in (None, planted), "a cookie that was planted is not taken up")
x.get("/sign-in/code")
used = house.sql("SELECT step FROM account WHERE name = 'ruth'")[0][0]
x.post("/sign-in/code", code=code_of(secret, used * 30))
tap.ok(x.status == 422 and x.error() == NOT_RIGHT, "a code that was used is not right", x.status, x.error())
x.get("/sign-in/recovery")
x.post("/sign-in/recovery", code=codes[3].lower().replace("-", " "))
tap.ok(x.status == 303 and x.get("/me") == 200 and "codes left: 9" in x.body, "a recovery code is", x.status, x.error())
y = Visitor(house)
y.sign_in("ruth", PASSWORD, code="000000")
y.get("/sign-in/recovery")
y.post("/sign-in/recovery", code=codes[3])
tap.ok(y.status == 422 and y.error() == NOT_RIGHT, "once", y.status, y.error())
for where in ("//evil.example/", "https://evil.example/", "/\\evil.example", "/a\r\nX: y", "/queue%0d%0a"):
    forget_guesses()
    y = Visitor(house)
    y.get("/sign-in")
    y.post("/sign-in", name="ruth", password=PASSWORD, to=where)
    if y.location != "/sign-in/code":
        break
tap.ok(y.location == "/sign-in/code", "nobody is led elsewhere", where, y.location)

# --- no oracle -------------------------------------------------------------------------------
forget_guesses()
link("add", "newcomer", "--role", "governor")
link("add", "gone", "--role", "governor")
desk.ctl("it", "user", "disable", "gone", "--yes")
answers, took = {}, {}
for name in ("ruth", "nobody-here", "newcomer", "gone", "", "x" * 5000, "okafor", "root", "ruth'--"):
    forget_guesses()
    best = 9
    for _ in range(2):
        y = Visitor(house)
        y.get("/sign-in")
        start = spent()
        y.post("/sign-in", name=name, password="wrong wrong wrong wrong")
        best = min(best, spent() - start)
    took[name[:12]] = best
    form = re.sub(r'value="[^"]*"', "", y.body)
    answers.setdefault((y.status, y.error(), form, y.location, "__Host-sg" in y.cookies), []).append(name[:12])
tap.ok(len(answers) == 1 and list(answers)[0][:2] == (422, NOT_RIGHT), "the same answer, whether there is an account or not", *answers.values())
tap.ok(max(took.values()) < 5 * min(took.values()), "and the same class of work", took)
forget_guesses()
slowed = {}
for name in ("ruth", "nobody-here"):
    for n in range(7):
        y = Visitor(house)
        y.get("/sign-in")
        y.post("/sign-in", name=name, password="wrong")
        slowed.setdefault(name, []).append((y.status, re.sub(r"\d+", "N", y.error() or "")))
tap.ok(slowed["ruth"] == slowed["nobody-here"] and slowed["ruth"][4][0] == 422 and slowed["ruth"][-1][0] == 429,
       "after five guesses one has to wait, whether there is an account or not", slowed)
house.sql_change("UPDATE guess SET until = until + 60")
y = Visitor(house)
y.get("/sign-in")
y.post("/sign-in", name="ruth", password=PASSWORD)
tap.ok(y.status == 429, "then the right password is no way round", y.status)
z = Visitor(house, cookies={k: c for k, c in v.cookies.items() if k != "__Host-sg"})
z.get("/sign-in")
z.post("/sign-in", name="ruth", password=PASSWORD)
tap.ok(z.status == 303, "but a browser that its owner has used is not kept out", z.status, z.error())
forget_guesses()

# --- forms from elsewhere ----------------------------------------------------------------------
good = dict(name="ruth", password=PASSWORD)
for what, headers, fields in (("another origin", {"Origin": "https://evil.example"}, {}), ("no origin", {"Origin": None}, {}),
                              ("the origin null", {"Origin": "null"}, {}), ("cross-site", {"Sec-Fetch-Site": "cross-site"}, {}),
                              ("same-site", {"Sec-Fetch-Site": "same-site"}, {}), ("no token", {}, {"csrf": None}),
                              ("an empty token", {}, {"csrf": ""}), ("another's token", {}, {"csrf": v.csrf})):
    y = Visitor(house)
    y.get("/sign-in")
    y.post("/sign-in", headers=headers, **good, **fields)
    tap.ok(y.status == 403 and "__Host-sg" not in y.cookies, "sign-in refuses " + what, y.status)
for path in ("/me/settings", "/me/sessions", "/sign-out", "/users", "/user/carl/role"):
    v.get("/me")
    token_of_v = v.csrf
    s = [v.post(path, headers={"Origin": "https://evil.example"}), v.post(path, csrf="x" * 43), v.post(path, csrf=None)]
    v.csrf = token_of_v
    if s != [403] * 3:
        break
tap.ok(s == [403] * 3 and v.get("/me") == 200, "so do the other forms", path, s)

# --- one's own account -----------------------------------------------------------------------------
v.get("/me")
tap.ok(len(re.findall("/me/session/", v.body)) >= 2 and "This one" in v.body, "sessions are listed", v.body)
v.post("/me/settings", low_words="1")
tap.ok(v.status == 303 and house.sql("SELECT single_keys, low_words FROM account WHERE name = 'ruth'")[0] == (0, 1), "settings are kept", v.status)
v.get("/me")
v.post("/me/sessions")
tap.ok(w.get("/queue") == 303 and v.get("/queue") == 200, "other sessions end")
v.get("/me/password")
v.post("/me/password", current="wrong", password=OTHER)
tap.ok(v.status == 422, "a new password needs the old one", v.status)
old = v.cookie
v.post("/me/password", current=PASSWORD, password=OTHER)
tap.ok(v.status == 303 and v.cookie != old and v.get("/me") == 200, "and gives a new cookie", v.status, v.error())
v.get("/me/codes/new")
v.post("/me/codes/new", current=OTHER)
v.get("/me/codes")
again = re.findall(r"<li>([0-9A-Z]{5}-[0-9A-Z]{5})</li>", v.body)
tap.ok(len(again) == 10 and not set(again) & set(codes), "new recovery codes", v.status)

# --- hide, lock, sign out -----------------------------------------------------------------------------
v.get("/hide")
tap.ok(v.status == 200 and "ruth" not in v.body.lower() and "Hillview" not in v.body, "a blank page", v.body)
tap.ok(v.get("/me") == 200, "which one comes back from at once")
v.get("/hide")
house.sql_change("UPDATE session SET hidden = hidden - 300 WHERE account = 'ruth'")
tap.ok(v.get("/queue") == 303, "and after five minutes not")
v.get("/sign-in")
tap.ok("locked" in v.body and "ruth" in v.body, "it is locked, and says whose it is", v.body)
old = v.cookie
v.post("/sign-in", password="wrong")
tap.ok(v.status == 422 and v.error() == NOT_RIGHT, "a wrong password leaves it so")
v.post("/sign-in", password=OTHER)
tap.ok(v.status == 303 and v.cookie != old and v.get("/queue") == 200, "the right one opens it, with a new cookie", v.status, v.error())
house.sql_change("UPDATE session SET seen = seen - 900 WHERE account = 'ruth'")
tap.ok(v.get("/queue") == 303 and v.get("/sign-in") == 200 and "locked" in v.body, "fifteen minutes idle lock it")
v.post("/sign-in", password=OTHER)
house.sql_change("UPDATE session SET begun = begun - 36000, seen = seen WHERE account = 'ruth'")
tap.ok(v.get("/queue") == 303 and v.get("/sign-in") == 200 and "locked" not in v.body, "ten hours end it")
v.secret = secret
v.sign_in("ruth", OTHER, code=fresh_code(secret))
tap.ok(v.get("/queue") == 200, "one signs in again", v.status, v.error())
kept = dict(v.cookies)
tap.ok(v.get("/sign-out") == 405, "to sign out is no link")
v.get("/me")
v.post("/sign-out")
tap.ok(v.status == 303 and v.cookie is None, "one signs out", v.status)
tap.ok(Visitor(house, cookies=kept).get("/queue") == 303, "and the cookie is worth nothing")

# --- a password that is too old --------------------------------------------------------------------------
def aged(days):
    house.sql_change("UPDATE account SET password_at = ? WHERE name = 'ruth'", int(time.time()) - int(86400 * days))


def come_in(password):
    forget_guesses()
    house.sql_change("UPDATE account SET step = 0 WHERE name = 'ruth'")     # no waiting for the next code
    w = Visitor(house)
    w.sign_in("ruth", password, code=code_of(secret))
    return w


aged(75)
w = come_in(OTHER)
tap.ok(w.get("/me") == 200 and "new one by" not in w.body and w.get("/queue") == 200, "with fifteen days to go nothing is said", w.status)
aged(77)
tap.ok(w.get("/me") == 200 and "new one by" in w.body and w.get("/queue") == 200, "a fortnight before it is said on one's own page", w.body)
aged(90 - 2 / 86400)
tap.ok(w.get("/queue") == 200, "work in hand is not broken off", w.status)
aged(91)
w = come_in(OTHER)
tap.ok(w.get("/") == 303 and w.location == "/me/password", "an old password: right, and one is led to choose a new one", w.status, w.location)
led = [w.get(path) == 303 and w.location == "/me/password?to=" + path for path in ("/queue", "/me", "/audit", "/search", "/users", "/me/codes/new")]
json_too = [w.ask("GET", path, headers={"Accept": "application/json"}) for path in ("/queue", "/queue/count", "/me", "/audit")]
tap.ok(all(led) and json_too == [403] * 4, "before anything else is shown, to programs too", led, json_too)
w.get("/me/password?to=/audit")
tap.ok("every 90 days" in w.body and "<nav" not in w.body and "waiting" not in w.body,
       "a page that says why, without the menu and its count", w.body)
tap.ok(w.post("/me/settings", low_words="1") == 303 and w.location == "/me/password", "and nothing else is done", w.status, w.location)
w.get("/me/password?to=/audit")
w.post("/me/password", current=OTHER, password=OTHER)
tap.ok(w.status == 422 and "have now" in w.error(), "not the same again", w.status, w.error())
w.post("/me/password", current=OTHER, password=THIRD, to="/audit")
tap.ok(w.status == 303 and w.location == "/audit" and w.get("/audit") == 200 and w.get("/queue") == 200, "then one goes on where one wanted", w.status, w.location, w.error())
tap.ok(any("password-age" in d[0] for d in house.sql("SELECT detail FROM audit WHERE action = 'account-password'")), "the audit says why")
y = Visitor(house)
aged(91)
forget_guesses()
y.get("/sign-in")
y.post("/sign-in", name="ruth", password="wrong wrong wrong wrong")
tap.ok(y.status == 422 and y.error() == NOT_RIGHT and "90 days" not in y.body, "to others an old password looks as any other", y.error())
aged(0)

# --- what is written down, and what is not --------------------------------------------------------------
actions = [a[0] for a in house.sql("SELECT action FROM audit WHERE actor = 'ruth'")]
tap.ok({"account-set-up", "signed-in", "account-recovery", "account-password", "session-ended", "unlocked"} <= set(actions), "the audit has it", actions)
held = b"".join(open(os.path.join(d, f), "rb").read() for d, _, fs in os.walk(house.path("store")) for f in fs)
clear = [n for n, x in (("password", PASSWORD), ("password", OTHER), ("secret", secret), ("link", token), ("recovery code", codes[5]),
                        ("recovery code", again[5]), ("session", kept["__Host-sg"]), ("visitor", kept["__Host-sg-visitor"])) if x.encode() in held]
tap.ok(not clear and b"$argon2id$" in held, "nothing to sign in with is in the store", *clear)
log = house.log("console")
tap.ok(PASSWORD not in log and OTHER not in log and secret not in log and token not in log and codes[5] not in log, "nor in the log", re.findall(".*sign-in.*", log)[:3])
new = house.sql("SELECT count(*) FROM outbox WHERE template = 'account-new-browser'")[0][0]
tap.ok(new > 0, "a sign-in from a new browser is told by mail", new)
used = house.sql("SELECT role, address FROM outbox WHERE template = 'account-recovery'")
tap.ok(sorted(used) == [("", "ruth@hillview.example"), ("it", "")], "that a recovery code was used is told by mail, to the person and to it, once", used)
tap.done()
