"""A private Sendmail for the tests.

The Debian packages are fetched and unpacked, never installed: an installed mail server is
neither replaced nor reconfigured nor started.  It runs in a namespace with a host name of
its own, listens on loopback, keeps everything in one directory, and hands all mail to one
next hop on loopback.

    s = PrivateSendmail("/tmp/x/sendmail", smtp_port=2525, milter="inet:7357@127.0.0.1", next_hop_port=2526)
    s.start(); ...; s.stop()

Raises private_postfix.Unavailable when the packages cannot be had (no root, no network).
"""
import glob
import os
import shutil
import signal
import socket
import subprocess
import time

from private_postfix import Unavailable, unpack

PACKAGES = ["sendmail-bin", "sendmail-cf", "sendmail-base", "sensible-mda",
            "libldap-2.5-0", "liblockfile1", "libnsl2", "libsasl2-2", "libwrap0"]

SENDMAIL_MC = """divert(-1)
divert(0)dnl
VERSIONID(`private')
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `mx.hillview.example')dnl
define(`QUEUE_DIR', `{dir}/queue')dnl
define(`confPID_FILE', `{dir}/sendmail.pid')dnl
define(`STATUS_FILE', `{dir}/statistics')dnl
define(`ALIAS_FILE', `')dnl
define(`HELP_FILE', `')dnl
define(`confSERVICE_SWITCH_FILE', `{dir}/service.switch')dnl
define(`confTO_IDENT', `0s')dnl
define(`confDELIVERY_MODE', `interactive')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confMAX_MESSAGE_SIZE', `{max_size}')dnl
define(`confDEF_USER_ID', `65534:65534')dnl
define(`confLOG_LEVEL', `9')dnl
define(`SMART_HOST', `relay:[127.0.0.1]')dnl
define(`RELAY_MAILER_ARGS', `TCP $h {next_hop}')dnl
define(`ESMTP_MAILER_ARGS', `TCP $h {next_hop}')dnl
FEATURE(`nocanonify')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`accept_unqualified_senders')dnl
FEATURE(`promiscuous_relay')dnl
DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={port}')dnl
{snippet}
MAILER(`smtp')dnl
"""

# What an administrator is told to add, with another socket.
SNIPPET = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sendmail", "schoolgate.mc.snippet")
SOCKET = "unix:/run/schoolgate-milter/milter.sock"


class PrivateSendmail:
    def __init__(self, directory, smtp_port, milter, next_hop_port, package_dir=None, max_size=20000000):
        self.dir = os.path.abspath(directory)
        self.pkg = package_dir or os.path.join(self.dir, "package")
        self.port = smtp_port
        self.daemon = None
        with open(SNIPPET) as f:
            snippet = f.read().strip()
        if SOCKET not in snippet:
            raise ValueError("%s no longer names %s" % (SNIPPET, SOCKET))
        self.values = dict(dir=self.dir, port=smtp_port, snippet=snippet.replace(SOCKET, milter), next_hop=next_hop_port,
                           max_size=max_size)

    def prepare(self):
        unpack(PACKAGES, self.pkg)
        # a setgid program would ignore the library path, and root needs no setgid
        os.chmod(os.path.join(self.pkg, "usr/libexec/sendmail/sendmail"), 0o755)
        for command in ("m4", "unshare"):
            if not shutil.which(command):
                raise Unavailable("needs %s" % command)
        os.makedirs(os.path.join(self.dir, "queue"), mode=0o700, exist_ok=True)
        # Sendmail trusts no directory that others may write to
        os.chmod(self.dir, 0o755)
        with open(os.path.join(self.dir, "service.switch"), "w") as f:
            f.write("hosts files\naliases files\n")
        with open(os.path.join(self.dir, "hosts"), "w") as f:
            f.write("127.0.0.1 localhost\n127.0.0.1 mx.hillview.example mx\n")
        open(os.path.join(self.dir, "statistics"), "w").close()
        mc = os.path.join(self.dir, "sendmail.mc")
        with open(mc, "w") as f:
            f.write(SENDMAIL_MC.format(**self.values))
        cf = self.pkg + "/usr/share/sendmail/cf/"
        r = subprocess.run(["m4", "-D_CF_DIR_=" + cf, cf + "m4/cf.m4", mc], capture_output=True, text=True)
        if r.returncode != 0 or not r.stdout:
            raise RuntimeError("m4: " + r.stderr)
        with open(os.path.join(self.dir, "sendmail.cf"), "w") as f:
            f.write(r.stdout)

    @property
    def environment(self):
        libraries = {os.path.dirname(p) for p in glob.glob(self.pkg + "/**/*.so.*", recursive=True)}
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(sorted(libraries))}

    def inside(self, *command):
        script = 'hostname mx.hillview.example && mount --bind "$0/hosts" /etc/hosts && exec "$@"'
        return ["unshare", "-u", "-m", "--propagation", "private", "sh", "-c", script, self.dir,
                self.pkg + "/usr/libexec/sendmail/sendmail", "-C" + self.dir + "/sendmail.cf", *command]

    def start(self):
        if not os.path.exists(os.path.join(self.dir, "sendmail.cf")):
            self.prepare()
        with open(os.path.join(self.dir, "err"), "w") as err:
            self.daemon = subprocess.Popen(self.inside("-bD", "-q2s", "-X", self.dir + "/traffic"), env=self.environment,
                                           stdin=subprocess.DEVNULL, stdout=err, stderr=err, start_new_session=True)
        end = time.monotonic() + 30
        while time.monotonic() < end and self.daemon.poll() is None:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("Sendmail did not start: " + self.log()[-2000:])

    def queued(self):
        return len(glob.glob(self.dir + "/queue/[qh]f*"))

    def log(self):
        text = ""
        for name in ("err", "traffic"):
            try:
                with open(os.path.join(self.dir, name), errors="replace") as f:
                    text += f.read()
            except OSError:
                pass
        return text

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            try:
                self.daemon.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.daemon.pid, signal.SIGKILL)
                self.daemon.wait()

    def remove(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)
