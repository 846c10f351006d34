"""The YAML 1.2 specification's examples, and what each says, out of yaml-cpp's tests: constants of C++ and the calls that
its parser must make for them. Nothing of yaml-cpp is run.
"""

import ast
import pathlib
import re

TEXT = r'"(?:[^"\\]|\\.)*"'
CONSTANT = re.compile(rf"const char \*(\w+)\s*=\s*((?:{TEXT}\s*)+);")
# Those that yaml-cpp itself does not pass are disabled there; what they want counts here all the same.
TEST = re.compile(r"TEST_F\(HandlerSpecTest,\s*\w*Ex\w+\)\s*\{(.*?)\}\n", re.DOTALL)
CALL = re.compile(rf"On(\w+)\(((?:[^()\"]|{TEXT})*)\)")
# Version 1.2.2 of the specification corrected this result (github.com/yaml/yaml-spec/pull/175).
CORRECTED = {"ex8_5": ['OnScalar(_, "!", 0, "# text\\n"));\n  EXPECT_CALL(handler, OnMapEnd',
                       'OnScalar(_, "!", 0, "# text\\n\\n"));\n  EXPECT_CALL(handler, OnMapEnd']}
BLANK = {"", "~", "null", "Null", "NULL"}


def text_of(literals):
    """The text of adjacent literals. In C++ a `\\x` escape gives a byte, and the bytes are UTF-8 or meant as Latin-1."""
    parts = b"".join(ast.literal_eval("b" + part) if part.isascii() else ast.literal_eval(part).encode()
                     for part in re.findall(TEXT, literals))
    return parts


def read(folder):
    """Name, document and expected tree of each example. The tree is None where a parser must refuse the document, where
    it holds no document or several, and where the tests name what C++ has no literal for."""
    folder = pathlib.Path(folder)
    documents = {name: text_of(text) for name, text in CONSTANT.findall((folder / "specexamples.h").read_text())}
    for name, same in re.findall(r"const char \*(\w+) = (\w+);", (folder / "specexamples.h").read_text()):
        documents[name] = documents[same]
    found = []
    for body in TEST.findall((folder / "handler_spec_test.cpp").read_text()):
        used = re.search(r"Parse\((ex\w+)\)", body)
        if used is None:
            raise SystemExit(f"a test of yaml-cpp has another form than expected: {body}")
        events = CALL.findall(body.replace(*CORRECTED.get(used.group(1), ("", ""))))
        try:
            tree = None if "THROW" in body else expected(events)
        except UnicodeDecodeError:
            tree = None
        found.append((used.group(1)[2:].replace("_", "."), documents[used.group(1)], tree))
    return found


def expected(events):
    """The tree of the only document. Scalars are ["plain", text] or ["quoted", text]; aliases stand for what they name."""
    if [name for name, _ in events].count("DocumentStart") != 1:
        return None
    anchors, stack = {}, [["root"]]

    def add(node, anchor):
        if anchor:
            anchors[anchor] = node
        stack[-1].append(node)

    for name, text in events:
        if name in ("SequenceStart", "MapStart"):
            node = ["seq" if name == "SequenceStart" else "map"]
            add(node, int(re.match(rf"_,\s*{TEXT},\s*(\d+)", text).group(1)))
            stack.append(node)
        elif name in ("SequenceEnd", "MapEnd"):
            node = stack.pop()
            if node[0] == "map":
                node[1:] = [list(pair) for pair in zip(node[1::2], node[2::2])]
        elif name == "Scalar":
            tag, anchor, value = re.match(rf"_,\s*({TEXT}),\s*(\d+),\s*(.*)", text, re.DOTALL).groups()
            add(["plain" if tag == '"?"' else "quoted", text_of(value).decode()], int(anchor))
        elif name == "Null":
            add(["plain", ""], int(text.split(",")[1]))
        elif name == "Alias":
            stack[-1].append(anchors[int(text.split(",")[1])])
    return stack[0][1] if len(stack[0]) == 2 else None


def agrees(tree, wanted):
    """Whether a tree of YAMLDocument, in which plain scalars are values, is the wanted one."""
    if tree[0] in ("seq", "map") or wanted[0] in ("seq", "map"):
        if tree[0] != wanted[0] or len(tree) != len(wanted):
            return False
        if tree[0] == "seq":
            return all(agrees(*pair) for pair in zip(tree[1:], wanted[1:]))
        return all(agrees(a, x) and agrees(b, y) for (a, b), (x, y) in zip(tree[1:], wanted[1:]))
    style, text = wanted
    if style == "quoted" or tree[0] in ("str", "float"):
        return tree[0] in ("str", "float") and tree[1] == text
    if tree[0] == "null":
        return text in BLANK
    if tree[0] == "bool":
        return text.lower() == tree[1]
    return tree[0] == "int" and int(text, 0) == int(tree[1])
