#!/usr/bin/env python3
"""compose - sentences from templates, as lines for trainmodel: the same ones every time.

  compose.py TEMPLATES... [--each N] [--check]

(a|b) is one of these, <name> one of a list ("name = a|b") of the same file.  "[+hate ?offence]"
before lines of templates: what they say to the heads; those that are not named: no.  Some lines
are also written with a slip of the keyboard, for both kinds alike.  "x5" in the brackets: so many
times as many of each.
"""
import argparse
import re
import sys
import zlib

from prepare import FOLDS, HEADS


class Chance:
    """A fixed sequence: the standard library's may change."""

    def __init__(self, seed):
        self.state = seed | 1

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n


def expand(text, lists, chance):
    while True:
        m = re.search(r"\(([^()<>]*)\)|<([a-z_A-Z]+)>", text)
        if m is None:
            m = re.search(r"\(([^()]*)\)", text)
            if m is None:
                return " ".join(text.split())
        options = (m.group(1) if m.group(1) is not None else lists[m.group(2)]).split("|")
        text = text[:m.start()] + options[chance.below(len(options))] + text[m.end():]


def slip(text, chance):
    """One slip: two letters exchanged, one left out, a blank left out or put in, a digit for a letter."""
    places = [i for i in range(1, len(text) - 1) if text[i].isascii() and text[i].isalpha() and text[i + 1].isalpha()]
    blanks = [i for i, c in enumerate(text) if c == " "]
    kind = chance.below(5)
    if kind == 3 and blanks:
        i = blanks[chance.below(len(blanks))]
        return text[:i] + text[i + 1:]
    if not places:
        return text
    i = places[chance.below(len(places))]
    if kind == 0:
        return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    if kind == 1:
        return text[:i] + text[i + 1:]
    if kind == 2:
        return text[:i] + " " + text[i:]
    return text.translate(str.maketrans("aeio", "4310")) if chance.below(3) == 0 else text


def head_signs(header):
    signs, times = dict.fromkeys(HEADS, "-"), 1
    for word in header.split():
        if word[1:] in signs:
            signs[word[1:]] = {"+": "+", "?": "0", "-": "-"}[word[0]]
        elif word[0] == "x":
            times = int(word[1:])
        elif word != "-":
            sys.exit("no such head: " + word)
    return "".join(signs[h] for h in HEADS), times


def sizes(line, lists):
    """How many different sentences a template has, roughly."""
    n = 1
    for m in re.finditer(r"\(([^()]*)\)|<([a-z_A-Z]+)>", line):
        n *= len((m.group(1) if m.group(1) is not None else lists[m.group(2)]).split("|"))
    return n


def write(path, each, fold_by_template):
    lists, signs, times = {}, None, 1
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.strip()
            if not line or line[0] == "#":
                continue
            if re.match(r"[a-z_A-Z]+ = ", line):
                key, value = line.split(" = ", 1)
                lists[key] = value
                continue
            if line[0] == "[":
                signs, times = head_signs(line.strip("[]"))
                continue
            chance = Chance(zlib.crc32(line.encode()) * 2 + 1)
            count = min(each, 2 * sizes(line, lists)) * times
            fold = zlib.crc32(line.encode()) % FOLDS
            for i in range(count):
                text = expand(line, lists, chance)
                if i % 5 == 4:
                    text = slip(text, chance)
                if i % 3 == 0 and text:
                    text = text[0].upper() + text[1:] + ("." if text[-1].isalnum() else "")
                sys.stdout.write("%s\t%.3g\t%d\t%s\n" % (signs, 1.0, fold if fold_by_template else i % FOLDS, text))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("templates", nargs="+")
    p.add_argument("--each", type=int, default=40)
    a = p.parse_args()
    for path in a.templates:
        write(path, a.each, True)


if __name__ == "__main__":
    main()
