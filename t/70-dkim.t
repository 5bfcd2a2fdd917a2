#!/usr/bin/python3
# DKIM on both sides of us: Postfix, Schoolgate and then opendkim, as a school would have them.
# fails-if: a signature made after our text was added does not verify, or one made before us, on
#           mail that we leave alone, no longer does
import base64
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from sg import POLICY, Tap, free_port, skip_all, until  # noqa: E402
import mta  # noqa: E402
from private_postfix import PrivatePostfix, Unavailable  # noqa: E402

try:
    import dkim
except ImportError:
    skip_all("python3-dkim is not installed")
if not os.path.exists("/usr/sbin/opendkim") or os.geteuid() != 0:
    skip_all("opendkim is not installed, or this is not root")
words = tempfile.NamedTemporaryFile("w", suffix=".md", encoding="utf-8")
words.write("---\nViews are the writer\u2019s own \u2013 tell {school} when this came by mistake.\n")
words.flush()
ROWS = 'disclaimers = ( { id = "staff-out"; from = [ "staff" ]; to = [ "outside" ]; text = "%s"; } );\n' % words.name
signer = free_port()
road = None


class Signed(PrivatePostfix):
    """With opendkim behind Schoolgate, signing for the school."""

    def start(self):
        top = os.path.dirname(self.dir)
        key, table = top + "/dkim.key", top + "/opendkim.conf"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        with open(table, "w") as f:
            f.write("Syslog no\nMode s\nDomain hillview.example\nSelector s1\nKeyFile %s\n"
                    "Canonicalization relaxed/simple\nInternalHosts 127.0.0.0/8\nRequireSafeKeys no\n"
                    "OversignHeaders From\nBackground no\n" % key)
        self.opendkim = subprocess.Popen(["/usr/sbin/opendkim", "-f", "-x", table, "-p", "inet:%d@127.0.0.1" % signer])
        super().start()

    def remove(self):
        super().remove()
        self.opendkim.terminate()
        self.opendkim.wait()


def make(directory, smtp, milter, sink):
    return Signed(directory + "/postfix", smtp_port=smtp, next_hop_port=sink,
                  milter="inet:127.0.0.1:%d, inet:127.0.0.1:%d" % (milter, signer))


def public_key(name, timeout=5):
    key = os.path.join(os.path.dirname(road.mta.dir), "dkim.key")
    der = subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


def verifies(data, which=0):
    try:
        return dkim.DKIM(data).verify(idx=which, dnsfunc=public_key)
    except dkim.DKIMException as e:
        print("# %s" % e)
        return False


try:
    road = mta.Road(make, policy=POLICY + ROWS)
except Unavailable as e:
    skip_all(str(e))
tap = Tap()
try:
    code = road.send(mta.mail("one@x", "Caf\u00e9 at five."), [mta.OUT])
    got = road.got("one@x")
    tap.ok(code[0] == 250 and len(got) == 1 and "Views are" in got[0][1].decode("utf-8", "replace"), "mail that leaves carries the text", code, got)
    data = got[0][1] if got else b""
    tap.ok(len(mta.field(data, b"DKIM-Signature")) == 1 and verifies(data), "and the signature made behind us verifies", data)
    tap.ok(not verifies(data.replace(b"at five", b"at four")), "as it would not after a change", data)
    # the same again, as a relay of mail that somebody has signed
    code = road.send(data.replace(b"Schoolgate-Disclaimer", b"X-Was"), [mta.OUT])
    until(lambda: len(road.got("one@x")) == 2, 10)
    again = road.got("one@x")[-1][1] if len(road.got("one@x")) == 2 else b""
    tap.ok(again.count(b"Views are") == 1 and len(mta.field(again, b"DKIM-Signature")) == 2, "signed mail is left alone", code, again)
    tap.ok(any(verifies(again, i) for i in range(2)) and verifies(again, 1), "and its signature still verifies", again)
finally:
    road.close()
tap.done()
