#!/usr/bin/python3
# Mail through a real Sendmail, with the real milter and scanner, to a sink behind it.
# fails-if: Sendmail understands one of our edits otherwise than we mean it (a held copy arrives,
#           a forged field stays, a body changes), or mail passes while we are away
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import mta  # noqa: E402
from private_sendmail import PrivateSendmail  # noqa: E402

mta.run(lambda directory, smtp, milter, sink: PrivateSendmail(
    directory + "/sendmail", smtp_port=smtp, milter="inet:%d@127.0.0.1" % milter, next_hop_port=sink))
