"""Documents to read: made by hand, generated from a seed, and changed a little."""

import random

# Where readers are known, or were once found, to part. A broken bar stands between two documents.
HAND_MADE = r"""
[a?b]¦{a: b?c}¦[ ?a]¦[a ?b, c?]¦{? a : b}¦[? a : b]¦[a?]¦[http://x/?a=b]¦{"a?": 'b?'}¦a: b?c¦a: ?b¦? a¦?a: b¦[?a]
a: >-#x\n  b¦a: |#x\n  b¦a: >- #x\n  b¦a: |2#\n   b¦a: |+#\n  b¦- >1-#\n  b¦a: "¦#"¦a: >#\n  b
>\n# c\n¦>\n a\n# c\n¦>\n# c\n a¦--- >\n a\n# c\n¦--- |\n# a\n b\n¦a: >\n# c\n  b¦a: >\n  b\n# c\nd: e¦- |\n a\n# b\n- c¦>\n a\n #b\n¦>\n...\n¦|+\n\n... # c\n¦>\n a\n...\n
+_¦-_¦._¦0x_¦a: +__¦a: -._¦a: ._e3¦a: ._e+3¦a: 0o_¦a: 0b_¦a: -0x_¦a: _¦a: _._¦a: +_.¦a: 1_.¦a: +_1¦a: __¦a: 0_¦a: -_.5¦a: +._5
a: 1.e+3¦a: 1.e3¦a: .5e-1¦a: .e+1¦a: 0.¦a: -0.0¦a: +.inf¦a: .InF¦a: 1__0¦a: 1e_3¦a: 0x¦a: -0¦a: 08.5¦a: 1.2.3¦a: 1:2¦a: 1:60¦a: -1:20.5
a: ::¦a: b: c¦a:b¦a :b¦a : b¦"a":b¦{"a":b}¦{a:b}¦{a: b, c}¦{a, b: }¦[a: b, c: d]¦["a":b]¦['a' :]¦['a': ]¦['a' :b]¦[a :]¦['a':\n b]¦[&x 'a':b]¦[a:b]¦{a: [b, c], }¦[a, ]¦[, a]¦[a,, b]¦{a: , b: }
-a¦- - a¦-  - a\n   - b¦- a: b\n  c: d¦- ? a\n  : b¦? a\n: b\n? c¦a:\n- b\n-c¦a:\n - b\n- c¦- - - a\n\n  - b¦-\n a¦-\n\n- a¦- # c\n  a
a: 'b\n  c'¦a: 'b\n\n  c'¦a: "b\\\n   c"¦a: "b \n \n c"¦a: "\\x41\\u00e9\\U0001F600\\/\\_\\N\\L\\P\\e\\a"¦a: 'b''c'¦a: "b\n--- c"¦a: "\\\n  b"
a: b\n  c\n\n  d¦a: b # c\n  d¦a: b#c¦a: b #c¦a: #b¦a:#b¦#a: b\nc: d¦a: b\n# c\n  d¦a: b\n c: d¦a\nb: c¦a b: c d¦a: b\n\n\n c
a: |\n  b\n   c\n  d\n¦a: |-\n\n\n  b\n\n¦a: >\n  b\n  c\n\n   d\n\n  e\n¦a: >+\n  b\n\n\n¦a: |1\n  b¦a: |\n\n   \n  b¦a: >\n\n  b\n   c\n\n\n  d¦a: |9\n         b
a: |\nb: c¦a: >\n\n\nb: c¦a: |+\n\n\nb: c¦- |\n- >\n- a¦a: |\n  b\n c: d¦a: |\n b\n  \n¦a: >-\n  b\n    \n  c¦a: |\n    \n  b¦a: >\n   b\n  c
&a b¦a: &x b\nc: *x¦[&x a, *x]¦{&x a: *x}¦a: &x\nb: *x¦a: &x [b]\nc: *x¦a: &x\n  b: c\nd: *x¦a: & b¦a: &x-y_1 b\nc: *x-y_1¦a: &x: b¦a: &é b¦*a¦[*a]¦a: &x &y b
a: &x,y b¦[&x, *x]¦a: *x\n¦&x a: b\nc: *x¦a: &x *y¦a: &x\n- b¦a: &x |\n  b¦- &x a\n- *x¦a: &x.y b\nc: *x.y¦{a: &x b, c: *x}¦{a: &x b,c: *x,d: e}¦{*x : a}
---\na: b¦--- a¦---a¦--- # c\na: b¦a: b\n...¦a: b\n... # c¦---\n---¦--- |\n a¦a: b\n---¦...¦---\n...\n¦a\n...\n# c¦--- 'a'¦--- {a: b}¦--- a: b¦a: b\n...\n...¦...\na: b
a: @b¦a: `b¦a: %b¦%a: b¦a: !b¦a: !¦a: ,b¦a: ]¦a: }¦a: b]c¦a: b,c¦a: b{c}¦a: -¦a: - b¦a: -b¦a: ?¦a: ? b¦a: :¦a: :b¦a: "b" c¦a: 'b'c¦a: [b]c¦a: {b}c
[a, [b, {c: d}]]¦{a: {b: [c]}}¦[\n  a,\n  b\n]¦{a:\n  b}¦[a\n  b]¦{a\n b: c}¦[a #c\n, b]¦[a,#c\n b]¦{ "a" : b }¦{ 'a'\n: b }¦[-]¦[-a]¦[- a]¦[:a]¦[a:]¦[::]¦{:a}¦{a: :b}¦{a::b}
[a]\nb¦{a: b}\n# c¦[\n]¦{\n}¦[]¦{}¦a: []\nb: {}¦a: [\nb]¦a: [\n b\n]¦a: {\n b: c\n}¦a: {\n b: c\n  }¦a:\n  [b,\n  c]¦a: [b\n\n, c]¦{a: 'b\n c'}¦["a\n b": c]¦[a\n: b]
é: ü¦漢字: [漢, 字]¦a: 😀¦"\\ud83d\\ude00"¦a: \u00a0b¦a: b\u00a0¦\u3000a: b¦a:\u00a0b¦a: \u200bb¦a: \u00adb¦a: \ufffd¦a: \U0010ffff¦a: \ue000¦a: \ufdd0¦a: \u0300b¦[\u00a0]
true: a¦a: True¦a: TRUE¦a: tRue¦a: yes¦a: Null¦a: ~¦a: ~a¦~¦''¦""¦a: ''¦a: ""¦a: null¦a: nULL¦a: =¦a: ==¦a: <<¦<<: a¦a: .¦a: ..¦a: .a¦a: 0o7¦a: 0O7¦a: 0X1¦a: 0B1¦a: 0xg
a: 2020-01-01¦a: 2020-1-1¦a: 2020-13-45¦a: 20-01-01¦a: 2020-01-01x¦a: 2020-01-01 1:2:3¦a: 2020-01-01T1:2¦a: 9999-99-99¦a: 0000-00-00¦a: 2001-12-14 21:59:43.10 -5¦a: 2020-01
a: 9223372036854775807¦a: 9223372036854775808¦a: -9223372036854775808¦a: 0x7fffffffffffffff¦a: 1e400¦a: 1.0e+400¦a: 123456789012345678901.5¦a: 00¦a: 0¦a: +0¦a: 0.0e+0¦a: 00.5¦a: 0_0
1: a\n"1": b¦1: a¦a: 1¦1.5: a¦'': a¦: a¦:¦? ¦?¦- |-¦? a¦? a\n? b¦? - a\n: b¦? |\n  a\n: b¦"a b" : c¦'a': b\n"c": d¦a: b\n'a': c¦[a]: b¦{a: b}: c¦0: a¦01: a¦0x1: a¦-1: a¦+1: a
  a: b¦  a: b\n  c: d¦  a: b\n c: d¦ - a\n - b¦a:\n    b:\n  c: d¦a:\n  b: c\n   d: e¦a:\n  - b\n - c¦a:\n   - b\n   -  c\n¦\n\n\na: b\n\n\n¦ # c\na: b¦a:  b  \n¦a: b   # c  \n¦ a
a: b  c¦a:   'b'  ¦a: " b "¦a: ' b\n   c '¦a: "b\\tc"¦a: b\\tc¦a: 'b\\tc'¦a: "\\""¦a: \\¦a: "a\\ b"¦a: "\\q"¦a: "\\x4"¦a: b\\¦a: "a\\\n\n b"¦a: 'a\n\n\n b'¦a: "a  \n  b"
a: >\n  - b\n  - c¦a: >\n  b: c\n  d¦a: >\n  b # c\n  d¦a: |\n  # b\n  c¦a: |\n  --- b\n¦a: |\n  b\n---¦a: |\n  b\n...¦a: >-\n  b\n\n  # c¦a: >\n b\n c\n   d\n   e\n f¦a: >2\n    b\n   c
&x:1 y¦- &y:6o¦[&x a, *x]¦a: &x ?b¦a: &x?b¦a: |\n \n  b¦a: |\n \n \n b: c¦- |\n  \n¦a: b\n# ...\n...¦a: >\n\n\n  b¦a: >2-\n   b¦a: >-2\n   b¦a: >0\n b¦a: >10\n b¦a: |-+\n b¦a: ¦ b\n c¦a: ¦  # c\n b¦a: >-  \n b¦a: >- b¦a: >¦a: |¦a: |-¦- >¦[>a]¦[¦a]¦[a >b]¦[a ¦b]¦{a: ¦b}
""".strip("\n")


def hand_made():
    """Each document as it is, and below a key."""
    alone = [unescape(text) for line in HAND_MADE.split("\n") for text in line.split("¦")]
    return alone + ["x:\n" + "".join("  " + line for line in text.splitlines(True)) for text in alone]


def unescape(text):
    out, index = "", 0
    while index < len(text):
        if text.startswith("\\\\", index):
            out, index = out + "\\", index + 2
        elif text.startswith("\\n", index):
            out, index = out + "\n", index + 2
        elif text.startswith("\\u", index) and index + 6 <= len(text):
            out, index = out + chr(int(text[index + 2 : index + 6], 16)), index + 6
        elif text.startswith("\\U", index):
            out, index = out + chr(int(text[index + 2 : index + 10], 16)), index + 10
        else:
            out, index = out + text[index], index + 1
    return out


WORDS = """a b c key name web-1 x.y a/b /usr/local http://h:80/p?q=1 50% a@b é 漢字 😀 yes no on null ~ true False TRUE y N = <<
1 0 -1 +1 42 007 08 0x1F 0o17 0b1 1_000 1.5 6.10 .5 -.5 1. 1e3 1.5e+3 1.5e3 .inf -.INF .nan 1:30 1:30:00 2026-11-22 10.1.0.1
-_ +_ ._ 0x_ 0_ -a .a ..a a:b a::b :a a#b #a a? ?a a?b a,b a]b a}b a{b {{a}} $x ${x} *.log &c !x @x `x %x |x >x 'x "x x' x" \\n a\\ -
-- --- ... .. . + ? : , - [ ] { } () ; = == => <= -> a=b 12:30 99:99 0:0 00 1-2 1.2.3 v1.2 5s 10M 1e 1e+ e3 0.0 -0 -0.0 9999999999999999999
\u00a0 \u00e4 \u200b \u3000""".split()
MARKS = list(" \n\n  ::--,[]{}#?&*!|>'\"%@`~\\+_.01aexX=<\t") + ["\n ", "\n  ", ": ", " #", "- ", "\n- ", "\n#", "\n\n", "? ", "é", "\n---\n", "\n...\n"]


class Generator:
    """Documents by a grammar that is a little wider than YAML, so that some are wrong."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.anchors = []

    def document(self):
        self.anchors = []
        chance = self.random.random()
        head = self.random.choice(["", "", "", "", "---\n", "# é\n", "\n", "--- # c\n"])
        text = head + (self.scalar(0) + "\n" if chance < 0.08 else self.block(0, 0))
        if self.random.random() < 0.05:
            text += self.random.choice(["...\n", "# end", "\n\n", "... # c\n"])
        if self.random.random() < 0.1:
            text = text.rstrip("\n")
        return self.mutated(text) if self.random.random() < 0.45 else text

    def mutated(self, text):
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            at = self.random.randint(0, len(text))
            end = min(len(text), at + self.random.randint(1, 3))
            what = self.random.randrange(5)
            if what == 0:
                text = text[:at] + text[end:]
            elif what == 1:
                text = text[:at] + self.random.choice(MARKS) + text[at:]
            elif what == 2:
                text = text[:at] + self.random.choice(MARKS) + text[end:]
            elif what == 3:
                text = text[:at] + self.random.choice(WORDS) + text[at:]
            else:
                begin = self.random.randint(0, len(text))
                text = text[:at] + text[begin : begin + self.random.randint(1, 12)] + text[at:]
        return text

    def word(self):
        if self.random.random() < 0.15:
            return "".join(self.random.choice("0123456789_.:+-exobEaT") for _ in range(self.random.randint(1, 7)))
        return self.random.choice(WORDS)

    def words(self):
        return " ".join(self.word() for _ in range(self.random.choice([1, 1, 1, 1, 2, 3])))

    def end(self):
        return self.random.choice(["", "", "", "", "", " # c", " #", "  ", "\n", " # 'é: ["]) + "\n"

    def properties(self):
        if self.random.random() < 0.05:
            name = self.random.choice(["x", "y-1", "z_", "x1"]) + str(len(self.anchors))
            self.anchors.append(name)
            return f"&{name} "
        return ""

    def scalar(self, indent, flow=False):
        chance = self.random.random()
        if self.anchors and chance < 0.06:
            return "*" + self.random.choice(self.anchors) + " "
        if chance < 0.55:
            text = self.words()
            if self.random.random() < 0.1:
                text += self.random.choice(["\n", "\n\n", "  \n"]) + " " * (indent + self.random.randint(0, 2)) + self.words()
            return text
        if chance < 0.65 or flow and chance < 0.82:
            return "'" + self.folded(indent).replace("'", "''") + "'"
        if chance < 0.78 or flow:
            text = self.folded(indent).replace("\\", "\\\\").replace('"', '\\"')
            return '"' + text + self.random.choice(["", "", "\\n", "\\x41", "\\u00e9", "\\/", "\\\n  ", "\\ "]) + '"'
        return self.block_scalar(indent)

    def folded(self, indent):
        pieces = [self.words() for _ in range(self.random.choice([1, 1, 2, 3]))]
        return self.random.choice([" ", "\n" + " " * max(1, indent), "\n\n" + " " * max(1, indent), "  \n   "]).join(pieces)

    def block_scalar(self, indent):
        header = self.random.choice("|>") + self.random.choice(["", "", "", "-", "+", "2", "1-", "+1", "-2"])
        header += self.random.choice(["", "", "", "", " # c", "  ", "#c"])
        margin = " " * max(0, indent + self.random.choice([0, 0, 0, 0, 1, 2, -1]))
        lines = []
        for _ in range(self.random.randint(0, 5)):
            kind = self.random.random()
            if kind < 0.2:
                lines.append(self.random.choice(["", "", margin, margin + "  ", " "]))
            else:
                lines.append(margin + self.random.choice(["", "", "", " ", "  ", "# ", "- "]) + self.words())
        return header + "\n" + "\n".join(lines)

    def key(self):
        chance = self.random.random()
        name = self.random.choice(["a", "b", "c", "d", "name", "port", "é"]) + str(self.random.randrange(100))
        if chance < 0.8:
            return name
        if chance < 0.86:
            return f"'{name}'"
        if chance < 0.92:
            return f'"{name} x"'
        return self.words()

    def block(self, indent, depth):
        margin = " " * indent
        is_list = self.random.random() < 0.4
        text = ""
        for _ in range(self.random.choice([1, 1, 2, 2, 3, 4])):
            if self.random.random() < 0.08:
                text += self.random.choice(["# c\n", "\n", margin + "# 'x\n", "   \n", " " * (indent + 3) + "# y\n"])
            if is_list:
                text += margin + "-" + self.random.choice([" ", " ", " ", "  ", "   "]) + self.inline_value(indent + 2, depth)
            elif self.random.random() < 0.06:
                text += margin + "? " + self.key() + "\n" + margin + ": " + self.value(indent + 2, depth)
            else:
                text += margin + self.properties() + self.key() + self.random.choice([":", ":", ":", " :"]) + self.value(indent, depth)
        return text

    def inline_value(self, indent, depth):
        chance = self.random.random()
        if depth < 3 and chance < 0.15:  # a mapping that begins behind the dash
            return self.block(indent, depth + 1).removeprefix(" " * indent)
        return self.properties() + (self.flow(depth) if chance < 0.3 else self.scalar(indent)) + self.end()

    def value(self, indent, depth):
        chance = self.random.random()
        if depth < 3 and chance < 0.25:
            deeper = indent + self.random.choice([2, 2, 2, 1, 4, 0])
            return " " * self.random.randint(0, 1) + self.properties() + self.end() + self.block(deeper, depth + 1)
        if chance < 0.4:
            return " " + self.properties() + self.flow(depth) + self.end()
        if chance < 0.45:
            return self.end()
        return self.random.choice([" ", " ", " ", "  ", "\n" + " " * (indent + 2)]) + self.properties() + self.scalar(indent + 2) + self.end()

    def flow(self, depth):
        gap = lambda: self.random.choice(["", "", "", " ", " ", "\n   ", " # c\n  "])
        if self.random.random() < 0.5:
            items = [self.flow_item(depth) for _ in range(self.random.randint(0, 3))]
            return "[" + gap() + ("," + self.random.choice([" ", " ", "", "\n  "])).join(items) + gap() + self.random.choice(["", "", "", "", ","]) + "]"
        entries = []
        for _ in range(self.random.randint(0, 3)):
            key = self.random.choice(["", "", "", "", "? "]) + self.key()
            entries.append(key + self.random.choice([": ", ": ", ": ", ":", " : ", ":\n  "]) + self.flow_item(depth))
        return "{" + gap() + ("," + self.random.choice([" ", " ", ""])).join(entries) + gap() + self.random.choice(["", "", "", "", ","]) + "}"

    def flow_item(self, depth):
        chance = self.random.random()
        if depth < 3 and chance < 0.2:
            return self.flow(depth + 1)
        if chance < 0.27:
            return self.key() + ": " + self.scalar(4, flow=True)
        return self.properties() + self.scalar(4, flow=True)
