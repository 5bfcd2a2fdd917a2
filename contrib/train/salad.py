#!/usr/bin/env python3
"""salad - harmless lines that say nothing, for trainmodel: the same ones every time.

  salad.py WORDS CORPORA LEXICON [--held]

Words thrown together, single words, pairs and names, sentences of mail with their words in another
order, lists of codes, and entries of dictionaries and manuals.  They teach every head that words it
does not know, and pieces of words, are no evidence.  WORDS is the directory rules/words.

One word of twenty is never used, so that there is something to be judged by: --held makes lines of
those words alone.
"""
import argparse
import json
import os
import re
import zlib

from compose import Chance, expand
from prepare import FOLDS, NONE

BENIGN = ["mail_sa_easy_ham_2", "school_mail", "uk_education"]
ROUGH = {"slur", "swear", "sexual", "insult", "beast", "bad", "harm", "die", "hate"}
SYLLABLES = "ba be bo ca co da de di do fe fi ga go ha hi jo ka la le lo ma me mo na ne no pa pe po ra re ri ro sa se so ta te to va vi wa xi yo zu".split()
CODES = {
    "up": "A|B|C|D|E|F|G|H|J|K|L|M|N|P|Q|R|S|T|U|V|W|X|Y|Z", "d": "0|1|2|3|4|5|6|7|8|9", "hex": "0|1|2|3|4|5|6|7|8|9|a|b|c|d|e|f",
    "key": "id|name|size|type|path|user|host|port|key|val|idx|len|src|dst|tmp|buf|ctx|node|page|list|item|opt|cfg|log|err|num|row|col",
    "verb": "get|set|read|write|open|close|init|free|copy|move|find|sort|parse|print|load|save|send|recv|lock|wait|kill|abort|fork|exec|dump|strip|mount",
    "ext": "c|h|py|txt|pdf|docx|xlsx|html|conf|sh|tar.gz|log|xml|jpg", "month": "Jan|Feb|March|Apr|May|June|Jul|Aug|Sept|Oct|Nov|Dec",
    "code": "<up><up><d><d>|<up><d> <d><up><up>|<d><d><d>-<d><d><d>|<hex><hex><hex><hex><hex><hex>|0x<hex><hex>|<d><d>/<d><d>/20<d><d>|<d> <month> 20<d><d>|<key>_<verb>|<verb>_<key>|"
            "<verb><key>()|--<key>=<d>|-<up>|$<key>|<key>.<ext>|/usr/<key>/<key>.<ext>|<key>[<d>]|v<d>.<d>.<d>|<d><d>:<d><d>|<d><d>.<d>%|<up><up><up>-<d><d><d><d>|<up><up>|<up>/<up>|#<d><d><d><d>",
}
MANUAL = """The <w> <w> is (used|meant|needed|allowed) to <verb> the <w> of (a|the) <w>.
<w>: (a|an|the) (kind|sort|part|piece|name) of <w>, (as|used|found|often) in <w> and <w>.
<w> /<w>/ n. [(from|after|probably from) <w>] (A|The) <w> that (has|holds|makes|shows) (no|a|its|many) <w>. See also {<w>}, {<w>}.
If the <w> (is not|cannot be|has been) <verb>, the <w> (fails|returns <d>|is ignored|waits|exits with <d>).
Set <key> to <d><d> to (turn on|turn off|limit|raise) the <w>; the default is <d>.
Usage: <verb> [-<up>] [--<key>=<w>] <w>...
See <verb><key>(<d>), <verb>(<d>) and the <w> (section|chapter|page) <d><d>.
(Originally|Formerly|Also|Compare|Contrast) <w>. (1.|2.|3.) (To|A|The|Of a) <w> <w> (in|of|for|with) <w>.
Press <up> and then <w> to <verb> the <w>. Do not <verb> the <w> (twice|while it is hot|without the <w>|alone).
The (author|speaker|writer|child|user|programmer) (may|must|should|cannot) <verb> (his|her|its|their|your) own <w> (before|after|instead of) the <w>.
(You|We|They|Users) (can|may|must not|should) <verb> (you|your|our|their) <w> with (a|the|your) <w>.
In <d><d><d><d> the <w> of <w> (was|were|became) <w> by the <w>, (who|which) <verb> all <w>.
<w> (is to|and) <w> (as|or|not) <w> (is to|and) <w>
(Name|Date|Year|Class|Room|Set|Band|Group|Team|House): <w> <d>
<w>, <w>, <w> and <w>; <w>; <w> (<d><d>), <w>
<n>: <w> <w>
<n> <n>, <n> <n> and <n> <n>
(Miss|Mr|Mrs|Dr) <n> (will|has|does not|cannot) <verb> the <w> (on|before|after) <w>.
The <w> <w> (killed|destroyed|broke|locked|removed|hid|exposed|touched|cut) the <w> <w>.
(A|The) <w> <w> (dies|hangs|is dead|is killed|crashes|is stripped|is secret|is private) (when|until|after) the <w> <w>."""


def words_of(folder):
    """(ordinary words, names)"""
    def lines(name):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            return [x.split("#")[0].split() for x in f if x.strip() and x[0] not in "#["]
    names = sorted({x[0] for n in ("first-names.txt", "name.txt", "ordinary-names.txt") for x in lines(n) if x and x[0].isalpha()})
    return sorted({x[0] for x in lines("ordinary.txt") if x and x[0].isalpha()}), names


def rough(lexicon):
    out, name = set(), ""
    with open(lexicon, encoding="utf-8") as f:
        for line in f:
            if ":" in line and line[0] not in " #":
                name, line = line.split(":", 1)
            if name in ROUGH and line[0] != "#":
                out |= set(line.split())
    return out


def sentences(corpora):
    out = []
    for name in BENIGN:
        with open(os.path.join(corpora, "benign", name + ".dev.jsonl"), encoding="utf-8") as f:
            for line in f:
                out += [x.split() for x in re.split(r"[.!?\n]+", json.loads(line)["text"]) if 4 <= len(x.split()) <= 40]
    return out


def held(word):
    return zlib.crc32(word.lower().encode()) % 20 == 7


class Maker:
    def __init__(self, pools, names, mail, seed):
        self.pools, self.names, self.mail, self.chance, self.n = pools, names, mail, Chance(seed), 0

    def one(self, of):
        return of[self.chance.below(len(of))]

    def word(self):
        return self.one(self.one(self.pools))

    def say(self, text, weight, signs=NONE):
        self.n += 1
        if self.chance.below(3) == 0:
            text = text[:1].upper() + text[1:]
        print("%s\t%g\t%d\t%s" % (signs, weight, self.n % FOLDS, " ".join(text.split())))

    def fill(self, text):
        while "<w>" in text:
            text = text.replace("<w>", self.word(), 1)
        while "<n>" in text:
            text = text.replace("<n>", self.one(self.names), 1)
        return expand(text, CODES, self.chance)

    def salads(self, count):
        for _ in range(count):
            pools = self.pools if self.chance.below(2) else [self.one(self.pools)]
            self.say(" ".join(self.one(self.one(pools)) for _ in range(1 + self.chance.below(40))), 1.5)

    def few(self, count):
        for _ in range(count):
            kind = self.chance.below(6)
            text = [self.word(), self.word() + " " + self.word(), self.one(self.names), self.one(self.names) + " " + self.one(self.names),
                    self.word() + " " + self.word() + " " + self.word(), self.one(self.names) + " " + self.word()][kind]
            self.say(text, 1)

    def shuffled(self, count):
        for _ in range(count):
            s = list(self.one(self.mail))
            for i in range(len(s) - 1, 0, -1):
                k = self.chance.below(i + 1)
                s[i], s[k] = s[k], s[i]
            self.say(" ".join(s), 1)

    def codes(self, count):
        for _ in range(count):
            parts = []
            for _ in range(1 + self.chance.below(25)):
                kind = self.chance.below(6)
                parts.append(self.one(SYLLABLES) + self.one(SYLLABLES) + self.one(SYLLABLES) if kind == 0 else
                             self.word() if kind == 1 else self.fill(CODES["code"].split("|")[self.chance.below(23)]))
            self.say(self.one([" ", ", ", "\t", " | ", "; "]).join(parts), 1)

    def manuals(self, each):
        for line in MANUAL.split("\n"):
            for _ in range(each):
                self.say(self.fill(line), 1)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("words")
    p.add_argument("corpora")
    p.add_argument("lexicon")
    p.add_argument("--held", action="store_true")
    a = p.parse_args()
    bad = rough(a.lexicon)
    ordinary, names = words_of(a.words)
    mail = sentences(a.corpora)
    count = {}
    for s in mail:
        for w in s:
            if w.isascii() and w.isalpha():
                count[w] = count.get(w, 0) + 1
    common = sorted(w for w in count if count[w] >= 5)
    pools = [[w for w in pool if w.lower() not in bad and held(w) == a.held] for pool in (ordinary, sorted(count), common, common)]
    m = Maker(pools, [n for n in names if held(n) == a.held], mail, 20261130 + a.held)
    if a.held:
        m.salads(2000)
        m.few(2000)
        m.codes(1000)
        m.manuals(50)
        return
    m.salads(14000)
    m.few(14000)
    m.shuffled(5000)
    m.codes(4000)
    m.manuals(300)


if __name__ == "__main__":
    main()
