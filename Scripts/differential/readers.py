"""The other readers: each takes bytes and gives the tree that Scripts/differential/read.swift prints, or an error's words.

A list is ["seq", items...], a mapping ["map", [key, value]...], a scalar [kind, text]. A float is its text as written.
"""

import io

import ruamel.yaml
import yaml


class Unreadable(Exception):
    """A reader stopped, or gave what is no plain data."""


def pyyaml(loader_class):
    def read(document):
        loader = loader_class(document)
        try:
            return tree(loader.get_single_node(), loader)
        finally:
            loader.dispose()

    return read


def ruamel_yaml(document):
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    return tree(reader.compose(io.BytesIO(document)), reader.constructor)


def tree(node, constructor):
    name = type(node).__name__
    if node is None:
        raise Unreadable("there is no document")
    if name == "SequenceNode":
        return ["seq"] + [tree(item, constructor) for item in node.value]
    if name == "MappingNode":
        return ["map"] + [[tree(key, constructor), tree(value, constructor)] for key, value in node.value]
    kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
    # Made into a value even where the text is compared: some readers fail only then.
    value = constructor.construct_object(node)
    if kind == "null":
        return ["null", ""]
    if kind == "bool":
        return ["bool", "true" if value else "false"]
    if kind == "int":
        return ["int", str(value)]
    if kind == "float":
        return ["float", node.value]
    if kind == "str" and value == node.value:
        return ["str", node.value]
    return [kind, repr(value)]


READERS = {"PyYAML": pyyaml(yaml.SafeLoader), "ruamel.yaml": ruamel_yaml}
if yaml.__with_libyaml__:
    READERS["PyYAML on libyaml"] = pyyaml(yaml.CSafeLoader)


def read(name, document):
    """The tree, or ["error", words]."""
    try:
        return READERS[name](document)
    except Exception as error:  # these readers fail in many ways, some of them not meant to
        words = " ".join(str(error).split())[:160]
        return ["error", f"{type(error).__name__}: {words}"]


def versions():
    return f"PyYAML {yaml.__version__}, ruamel.yaml {ruamel.yaml.__version__}"
