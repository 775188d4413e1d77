#!/usr/bin/env python3
"""Checks sizes: at most 600 lines in a file, 80 lines in the body of a C++ or Python function."""

import ast
import re
import sys

import common

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 80
CODE = {".cpp", ".h", ".py", ".sh", ".ac", ".am", ".inc", ".m4"}

_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)
_ELSE_BRANCH = re.compile(r"^[ \t]*#[ \t]*(?:else|elif)\b.*?(?=^[ \t]*#[ \t]*endif\b)", re.MULTILINE | re.DOTALL)
_CALL_LIKE = re.compile(r"\b(?:requires|alignas|__attribute__|noexcept|decltype|explicit|[A-Z][A-Z0-9_]+)\s*\(")
_SCOPE_START = re.compile(
    r"(?:(?:inline|export|static|constexpr|const|typedef|final)\s+)*(?:namespace|class|struct|union|enum)\b|extern\s*\"")


def _wipe(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def _drop_balanced(text, start, opening, closing):
    """Text without the balanced group that opens at index start."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == opening) - (text[i] == closing)
        if depth == 0:
            return text[:start] + " " + text[i + 1:]
    return text[:start]


def plain_head(head):
    """A declaration's head without attributes, template parameter lists and macro calls."""
    head = re.sub(r"\[\[.*?\]\]", " ", head, flags=re.DOTALL)
    while True:
        template = re.search(r"\btemplate\s*<", head)
        if not template:
            break
        cut = _drop_balanced(head, template.end() - 1, "<", ">")
        head = cut[:template.start()] + " " + cut[template.start() + len("template"):]
    return head


def is_scope(head):
    """True for namespaces, classes, enums and linkage blocks, whose bodies hold declarations."""
    text = plain_head(head)
    while True:
        macro = _CALL_LIKE.search(text)
        if not macro:
            break
        cut = _drop_balanced(text, macro.end() - 1, "(", ")")
        text = cut[:macro.start()] + " " + cut[macro.end() - 1:]
    return bool(_SCOPE_START.match(text.strip()))


def is_function(head):
    """True when the brace after head opens a function body rather than an initialiser."""
    text = head.strip()
    if not text or text.endswith("="):
        return False
    return "(" in plain_head(text)


def function_name(head):
    names = re.findall(r"(operator\s*\S+|[~\w:]+)\s*\(", plain_head(head))
    return names[0] if names else "function"


def cpp_text(path):
    text = common.blank(common.read(path))
    whole = _PREPROCESSOR.sub(_wipe, text)
    if whole.count("{") != whole.count("}"):
        whole = _PREPROCESSOR.sub(_wipe, _ELSE_BRANCH.sub(_wipe, text))
    return whole


def continues(text, index):
    """True when the declaration goes on after the closing brace at index (constructor initialisers)."""
    rest = text[index + 1:index + 400].lstrip()
    return rest[:1] in (",", "{", ")", ".", "(", "?", ":")


def cpp_functions(text):
    """Yields (line, name, lines between the braces) of every function body."""
    head_start, i, line, scopes = 0, 0, 1, 0
    while i < len(text):
        char = text[i]
        if char == "\n":
            line += 1
        elif char == ";" and text.count("(", head_start, i) == text.count(")", head_start, i):
            head_start = i + 1
        elif char == "}":
            scopes -= 1
            head_start = i + 1
        elif char == "{":
            head = text[head_start:i]
            if is_scope(head):
                scopes += 1
                head_start = i + 1
            else:
                end = matching_brace(text, i)
                inside = text.count("\n", i, end)
                if is_function(head):
                    yield line, function_name(head), inside - 1
                line += inside
                i = end
                if not continues(text, end):
                    head_start = end + 1
        i += 1


def matching_brace(text, start):
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "{") - (text[i] == "}")
        if depth == 0:
            return i
    return len(text) - 1


def python_functions(path):
    tree = ast.parse(common.read(path), filename=str(path))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.name, node.end_lineno - node.lineno


def self_test():
    """The counter on code that is hard to count."""
    sample = '''
    namespace a { struct [[nodiscard]] B : C<int> { B(int x) : m_a{x}, m_b{ {1}, 2 }
    {
        Do("}{");
    }
    const char* text = R"x( } } )x"; };
    constexpr int TABLE[] = {
        1, 2 };
    template <typename T> requires (sizeof(T) > 1) class EMC_CAP("}") D { int F() const noexcept { return '{'; } };
    }'''
    found = [(name, size) for _, name, size in cpp_functions(common.blank(sample))]
    if found != [("B", -1), ("B", -1), ("B", 1), ("F", -1)]:
        print(f"sizes: the counter is broken: {found}")
        sys.exit(1)


def main():
    self_test()
    problems = []
    for path in common.all_files():
        if path.suffix not in CODE or "corpora" in path.parts:
            continue
        lines = common.read(path).count("\n")
        if lines > MAX_FILE_LINES:
            problems.append(f"{path}:{lines}: {lines} lines; split it, at most {MAX_FILE_LINES}")
        if path.suffix in (".cpp", ".h"):
            functions = cpp_functions(cpp_text(path))
        elif path.suffix == ".py":
            functions = python_functions(path)
        else:
            continue
        for line, name, size in functions:
            if size > MAX_FUNCTION_LINES:
                problems.append(f"{path}:{line}: {name}: {size} lines; split it, at most {MAX_FUNCTION_LINES}")
    common.finish("sizes", problems)


if __name__ == "__main__":
    main()
