"""A private Postfix for the first look and the tests.

The Debian package is fetched and unpacked, never installed: an installed mail server is
neither replaced nor reconfigured nor started, and this one starts beside it.  The users
Postfix wants exist only in a mount namespace of its own, in which its directory is /mnt, so
that its users reach it wherever it lies.  It listens on loopback, keeps everything in one
directory, and hands all mail to one next hop on loopback.

    p = PrivatePostfix("/tmp/x/postfix", smtp_port=2525, milter="inet:127.0.0.1:7357", next_hop_port=2526)
    p.start(); ...; p.stop()

Raises Unavailable when the package cannot be had (no root, no network).
"""
import glob
import os
import random
import shutil
import signal
import socket
import subprocess
import time

INNER = "/mnt"      # the directory, as the namespace sees it

# Numbers that no Debian package uses, for users that exist in the namespace only.
POSTFIX_ID, POSTDROP_ID = 61901, 61902
QUEUES = ("active bounce corrupt defer deferred flush hold incoming maildrop pid private "
          "public saved trace").split()

MAIN_CF = """compatibility_level = 3.6
queue_directory = {dir}/spool
data_directory = {dir}/data
command_directory = {pkg}/usr/sbin
daemon_directory = {pkg}/usr/lib/postfix/sbin
shlib_directory = {pkg}/usr/lib/postfix
meta_directory = {dir}/etc
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME LD_LIBRARY_PATH={pkg}/usr/lib/postfix
maillog_file = {dir}/maillog
maillog_file_prefixes = {dir}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.hillview.example
mydestination =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{next_hop}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
local_header_rewrite_clients =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtp_destination_concurrency_limit = 50
message_size_limit = {max_size}
minimal_backoff_time = 5s
queue_run_delay = 5s
smtpd_milters = {milter}
non_smtpd_milters = {milter}
milter_default_action = tempfail
milter_protocol = 6
milter_content_timeout = 120s
milter_mail_macros = i {{auth_type}} {{auth_authen}} {{mail_addr}} {{mail_host}} {{mail_mailer}}
milter_end_of_data_macros = i
{extra}
"""

MASTER_CF = """127.0.0.1:{port} inet n - n - 100 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


CLAIMS = []     # of free_port(), held for as long as we live


class Unavailable(Exception):
    pass


def free_port():
    """Nobody else's until this process ends: below those that the kernel gives to connections,
    and claimed by a name that others who call this see."""
    while True:
        port = random.randrange(10000, 32000)
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind("\0schoolgate-port-%d" % port)
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                s.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        CLAIMS.append(claim)
        return port


def unpack(packages, into):
    """Fetches Debian packages and unpacks them below `into`; once."""
    done = os.path.join(into, ".unpacked")
    if os.path.exists(done):
        return into
    if os.geteuid() != 0:
        raise Unavailable("needs root")
    os.makedirs(into, exist_ok=True)
    for refresh in (False, True):
        if refresh:
            subprocess.run(["apt-get", "-q", "update"], capture_output=True)
        # apt drops its rights to _apt, who may not write here: a warning, not an error
        r = subprocess.run(["apt-get", "-q", "download", *packages], cwd=into, capture_output=True, text=True)
        if r.returncode == 0:
            break
    debs = glob.glob(into + "/*.deb")
    if r.returncode != 0 or len(debs) < len(packages):
        raise Unavailable("cannot fetch %s: %s" % (" ".join(packages), r.stderr.strip().split("\n")[-1]))
    for deb in debs:
        subprocess.run(["dpkg", "-x", deb, into], check=True)
        os.remove(deb)
    open(done, "w").close()
    return into


class PrivatePostfix:
    def __init__(self, directory, smtp_port, milter, next_hop_port, package_dir=None, max_size=20000000, extra=""):
        self.dir = os.path.abspath(directory)
        self.etc = os.path.join(self.dir, "etc")
        self.pkg = package_dir or os.path.join(self.dir, "package")
        self.port = smtp_port
        self.master = None
        self.values = dict(dir=INNER, pkg=INNER + "/package", port=smtp_port, milter=milter, next_hop=next_hop_port,
                           max_size=max_size, extra=extra)

    def prepare(self):
        unpack(["postfix"], self.pkg)
        for sub in ("etc", "spool", "data", "package"):
            os.makedirs(os.path.join(self.dir, sub), exist_ok=True)
        os.chmod(self.dir, 0o755)
        for q in QUEUES:
            path = os.path.join(self.dir, "spool", q)
            os.makedirs(path, exist_ok=True)
            if q != "pid":
                os.chown(path, POSTFIX_ID, POSTDROP_ID if q in ("maildrop", "public") else 0)
            os.chmod(path, {"maildrop": 0o730, "public": 0o710, "pid": 0o755}.get(q, 0o700))
        os.chown(os.path.join(self.dir, "data"), POSTFIX_ID, 0)
        for name, text in (("main.cf", MAIN_CF), ("master.cf", MASTER_CF), ("dynamicmaps.cf", ""), ("postfix-files", "")):
            with open(os.path.join(self.etc, name), "w") as f:
                f.write(text.format(**self.values))
        self.accounts("passwd", "postfix:x:%d:%d::/nonexistent:/usr/sbin/nologin\n" % (POSTFIX_ID, POSTFIX_ID))
        self.accounts("group", "postfix:x:%d:\npostdrop:x:%d:\n" % (POSTFIX_ID, POSTDROP_ID))
        # setgid programs would ignore the library path, and root needs no setgid
        for name in ("postdrop", "postqueue"):
            os.chmod(os.path.join(self.pkg, "usr/sbin", name), 0o755)

    def accounts(self, name, ours):
        """The system's own file without its postfix users, and ours: for the namespace."""
        with open("/etc/" + name) as f:
            kept = [row for row in f if row.split(":")[0] not in ("postfix", "postdrop")]
        with open(os.path.join(self.dir, name), "w") as f:
            f.writelines(kept)
            f.write(ours)

    def inside(self, *command):
        """A command in the namespace where the users exist."""
        script = ('mount --bind "$0/passwd" /etc/passwd && mount --bind "$0/group" /etc/group && '
                  'mount --rbind "$0" {0} && mount --bind "$1" {0}/package && shift && exec "$@"'.format(INNER))
        return ["unshare", "-m", "--propagation", "private", "sh", "-c", script, self.dir, self.pkg, *command]

    @property
    def environment(self):
        return {**os.environ, "MAIL_CONFIG": INNER + "/etc", "LD_LIBRARY_PATH": INNER + "/package/usr/lib/postfix"}

    def start(self):
        if not os.path.exists(os.path.join(self.etc, "main.cf")):
            self.prepare()
        self.master = subprocess.Popen(self.inside(INNER + "/package/usr/lib/postfix/sbin/master", "-c", INNER + "/etc", "-d"),
                                       env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=open(os.path.join(self.dir, "master.err"), "w"), start_new_session=True)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.master.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("Postfix did not start: " + self.log()[-2000:])

    def command(self, name, *args):
        """postqueue, postsuper, sendmail ... on this instance."""
        return subprocess.run(self.inside(INNER + "/package/usr/sbin/" + name, "-c" if name != "sendmail" else "-C",
                                          INNER + "/etc", *args), env=self.environment, capture_output=True, text=True)

    def queued(self):
        """How many messages wait in the queue."""
        return sum(len(files) for q in ("incoming", "active", "deferred", "hold", "maildrop")
                   for _, _, files in os.walk(os.path.join(self.dir, "spool", q)))

    def log(self):
        text = ""
        for name in ("master.err", "maillog"):
            try:
                with open(os.path.join(self.dir, name), errors="replace") as f:
                    text += f.read()
            except OSError:
                pass
        return text

    def kill(self):
        """As if the machine had lost its power."""
        if self.master and self.master.poll() is None:
            os.killpg(self.master.pid, signal.SIGKILL)
            self.master.wait()

    def stop(self):
        if self.master and self.master.poll() is None:
            self.master.send_signal(signal.SIGTERM)
            try:
                self.master.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def remove(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)
