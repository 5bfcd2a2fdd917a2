#!/usr/bin/python3
# Mail through a real Postfix, with the real milter and scanner, to a sink behind it.
# fails-if: Postfix understands one of our edits otherwise than we mean it (a held copy arrives,
#           a forged field stays, a body changes), or mail passes while we are away
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import mta  # noqa: E402
from private_postfix import PrivatePostfix  # noqa: E402

mta.run(lambda directory, smtp, milter, sink: PrivatePostfix(
    directory + "/postfix", smtp_port=smtp, milter="inet:127.0.0.1:%d" % milter, next_hop_port=sink))
