#!/usr/bin/python3
# The rules of conduct that a program can see.
# fails-if: exit() outside main.c; a banned function; #if outside base/ and tables; a mutable
#           global; more than 12 messages between processes; a .t without its fails-if line;
#           a room below rank 4 that logs; a source that names a place of somebody's machine
import glob, os, re, sys

top = os.environ.get("top_srcdir", ".")
sources = sorted(glob.glob(top + "/milter/*/*.c"))
headers = sorted(glob.glob(top + "/milter/*/*.h"))
PROGRAM_ROOMS = {"front", "courier", "console", "ctl", "ocr"}
BANNED = r"\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen|alloca|tmpnam|mktemp|atoi|atol|strtok|rand|setenv|putenv|g_setenv)\s*\(|\bgoto\b"
results = []


def code(path):
    text = open(path, encoding="utf-8").read()
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def check(what, found):
    results.append((what, found))


def grep(pattern, files, keep=lambda path, m: True):
    found = []
    for path in files:
        for no, line in enumerate(code(path).split("\n"), 1):
            m = re.search(pattern, line)
            if m and keep(path, m):
                found.append("%s:%d: %s" % (path, no, line.strip()[:80]))
    return found


room = lambda path: path.split("/")[-2]
base = os.path.basename

# base/daemon.c is the shared half of main.c: a forked child ends there, by _exit()
check("exit() only in main.c", grep(r"(?<![\w.>_])_?exit\s*\(", sources, lambda p, m: base(p) != "main.c"
      and not (base(p) == "daemon.c" and m.group(0).startswith("_exit"))))
check("no banned function", grep(BANNED, sources))
check("#if only in base/, headers' guards and tables",
      grep(r"^\s*#\s*(if|ifdef|ifndef|elif)\b", sources, lambda p, m: room(p) != "base"))
check("no mutable global", grep(
    r"^(static\s+)?(?!const|typedef|extern|return|struct \w+;|enum|G_DEFINE)[a-zA-Z_][\w\s\*]*\b\w+(\[[^\]]*\])?\s*(=[^=;]*)?;\s*$",
    [p for p in sources], lambda p, m: not re.search(r"\bconst\b|\(|^\s*\}|^typedef|^END|^struct|^extern", m.group(0))
    and m.group(0).strip() not in ALLOWED) if (ALLOWED := {
        # path-independent, each with its reason
        "static GMutex lock;",                   # base/fault: test points, under the lock
        "static GHashTable *seen;",
        "static volatile sig_atomic_t stop;",    # set by a signal handler
        "static volatile sig_atomic_t reload;",
        "static SgGate *gate;",                  # front: libmilter hands nothing of ours to a callback
    }) else [])
messages = len(re.findall(r"^MSG\(", open(top + "/milter/base/wire.def").read(), flags=re.M))
check("at most 12 messages between processes", [] if messages <= 12 else ["wire.def has %d" % messages])
check("rooms below the programs never log",
      grep(r"\b(sg_log|g_warning|g_message|g_critical|g_info|printf|fprintf|perror|syslog|sd_journal\w+)\s*\(",
           sources, lambda p, m: room(p) not in PROGRAM_ROOMS | {"pool"} and base(p) not in ("log.c", "daemon.c")
           or room(p) == "pool" and base(p) not in ("main.c", "zygote.c", "worker.c")
           and m.group(1) not in ("snprintf",)))
scripts = sorted(glob.glob(top + "/t/*.t"))
check("every test says what fails it",
      [s for s in scripts if "fails-if:" not in open(s, encoding="utf-8").read(1500)] +
      [s for s in sorted(glob.glob(top + "/t/unit/*.c")) if "fails-if:" not in open(s, encoding="utf-8").read(1500)])
check("every header has its guard and says what it is",
      [h for h in headers if not open(h, encoding="utf-8").read().startswith("/*\n * ")])
places = [p for p in sources + headers + scripts if re.search(r"/(home|work|farm)/\w", open(p, encoding="utf-8").read())]
check("no place of somebody's machine", places if not places or base(places[0]) != "00-conduct.t" else places[1:])

print("1..%d" % len(results))
for i, (what, found) in enumerate(results, 1):
    print("%s %d - %s" % ("not ok" if found else "ok", i, what))
    for f in found[:20]:
        print("# " + f)
sys.exit(any(f for _, f in results) or not sources)
