"""Takes the census of the project's regular expressions, each with its name, its place and its uses."""

import ast
import dataclasses
import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from diffs.claims.fields.words import field_words
from diffs.language import PACKS
from diffs.language.words import words_of

# Modules whose functions make patterns of a language's words: what they make is put to the test instead.
MAKERS = {field_words.__module__, words_of.__module__}
ROOT = Path(__file__).parents[2]
SOURCES = sorted((*ROOT.glob("crawler/**/*.py"), *ROOT.glob("diffs/**/*.py")))
ANCHORED = {"match", "fullmatch"}
WAYS = {*ANCHORED, "search", "finditer", "findall", "sub", "subn", "split"}
NOT_PATTERNS = {"escape", "purge", "Pattern", "Match", "RegexFlag", "error", *re.RegexFlag.__members__}
OTHER_ENGINES = {"regex", "re2", "fnmatch", "sre_compile", "sre_parse", "sre_constants", "hyperscan"}


@dataclass(frozen=True, kw_only=True)
class Used:
    """One pattern in one place.

    Attributes:
        name: The module, and the pattern's name or the function that it stands in.
        pattern: The pattern, compiled.
        ways: `scan` where every place of a text may be tried, else `match` or `fullmatch`.
    """

    name: str
    pattern: re.Pattern
    ways: frozenset[str]


@dataclass
class Census:
    """What was found; `unreadable` names the places whose pattern nobody can put to the test."""

    used: list[Used] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Call:
    module: str
    node: ast.Call
    function: str
    assigned: str | None  # the name, at the module's level, of what the call is a part of

    @property
    def attr(self) -> str:
        return self.node.func.attr


def census() -> Census:
    """Read the sources for calls of `re`, then import those modules to get the patterns themselves.

    The syntax tree is what cannot be evaded: a pattern enters a program by a call of `re`, so each call is
    found however rarely it runs, with the way it is used, which neither a recorder of `re.compile` during
    import (blind to what functions call, and to patterns already in the cache of `re`) nor a walk over the
    live objects (blind to names and to what functions hold) can say. Its one blind spot is an expression
    that only the running program knows. At a module's level its value is there to be looked into, so
    patterns made in a loop or from a file are found by what holds them; inside a function it is
    unreadable, and the test asks for a name at the module's level.
    """
    found = Census()
    trees = {_module(path): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    calls = [call for module, tree in trees.items() for call in _calls(module, tree)]
    found.unreadable += [place for module, tree in trees.items() for place in _evasions(module, tree)]
    patterns: dict[tuple[str, str], re.Pattern] = {}
    ways: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    numbers: Counter[tuple[str, str]] = Counter()
    for call in calls:
        module = importlib.import_module(call.module)
        if call.attr == "compile" and call.assigned is not None:
            held = list(_held(getattr(module, call.assigned), call.assigned))
            patterns |= {(call.module, name): pattern for name, pattern in held}
            if not held:
                found.unreadable.append(_place(call))
            continue
        if call.module in MAKERS:
            continue
        pattern = _evaluated(call.node, module)
        if pattern is None:
            found.unreadable.append(_place(call))
            continue
        name = f"{call.function}.{call.attr}"
        numbers[call.module, name] += 1
        if (number := numbers[call.module, name]) > 1:
            name += str(number)
        patterns[call.module, name] = pattern
        ways[call.module, name].add(call.attr if call.attr in ANCHORED else "scan")
    patterns |= {(module, name): pattern for module, name, pattern in _made()}
    for module, tree in trees.items():
        for key, way in _uses(module, tree, patterns):
            ways[key].add(way)
    found.used = [
        Used(name=f"{module}:{name}", pattern=pattern, ways=frozenset(ways[module, name] or {"scan"}))
        for (module, name), pattern in sorted(patterns.items())
    ]
    return found


def _made() -> Iterator[tuple[str, str, re.Pattern]]:
    """Yield the patterns that languages' words make, of every language."""
    for tag in sorted(PACKS):
        for name, pattern in _held(field_words(tag), tag):
            yield field_words.__module__, name, pattern
    words = words_of("en")
    for table, keys in words.patterns.items():
        for key in keys:
            yield words_of.__module__, f"{table}.{key}", words.pattern(f"{table}.{key}")


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _place(call: _Call) -> str:
    return f"{call.module}, line {call.node.lineno}: {ast.unparse(call.node)}"


def _calls(module: str, tree: ast.Module) -> Iterator[_Call]:
    def within(node: ast.AST, function: str, assigned: str | None) -> Iterator[_Call]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            function, assigned = node.name, None
        if _is_re(node) and node.func.attr not in NOT_PATTERNS:
            yield _Call(module=module, node=node, function=function, assigned=assigned)
        for child in ast.iter_child_nodes(node):
            yield from within(child, function, assigned)

    for statement in tree.body:
        targets = (
            statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        )
        name = next((target.id for target in targets if isinstance(target, ast.Name)), None)
        yield from within(statement, "<module>", name)


def _is_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    )


def _evasions(module: str, tree: ast.Module) -> Iterator[str]:
    """Yield the ways to a pattern that the reader of calls would not see."""
    called = {id(node.func) for node in ast.walk(tree) if _is_re(node)}
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [
                one.name
                for one in node.names
                if one.name in OTHER_ENGINES or (one.name == "re" and one.asname not in {None, "re"})
            ]
        elif isinstance(node, ast.ImportFrom) and node.module in {"re", *OTHER_ENGINES}:
            names = [one.name for one in node.names if one.name not in NOT_PATTERNS]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "re":
            names = [] if id(node) in called or node.attr in NOT_PATTERNS else [node.attr]
        for name in names:
            yield f"{module}, line {node.lineno}: {name} is reached without a plain call of re"


def _evaluated(node: ast.Call, module: ModuleType) -> re.Pattern | None:
    """Compile a call's pattern as the module would, None where names of a function take part in it."""
    keywords = [word for word in node.keywords if word.arg in {"pattern", "flags"}]
    place = 1 if node.func.attr == "compile" else {"sub": 4, "subn": 4, "split": 3}.get(node.func.attr, 2)
    words = [*node.args[:1], *node.args[place : place + 1]]
    call = ast.Call(func=node.func, args=words, keywords=keywords)
    call.func = ast.Attribute(value=node.func.value, attr="compile", ctx=ast.Load())
    expression = ast.fix_missing_locations(ast.Expression(call))
    try:
        return eval(compile(expression, module.__name__, "eval"), vars(module))
    except NameError:
        return None


def _held(value: object, name: str) -> Iterator[tuple[str, re.Pattern]]:
    """Yield the patterns that a value is or holds, each with the way to it."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _held(one, f"{name}[{key}]")
            yield from _held(key, f"{name}[{key}]")
    elif isinstance(value, tuple | list | set | frozenset):
        for index, one in enumerate(value):
            yield from _held(one, f"{name}[{index}]")
    elif dataclasses.is_dataclass(value):
        for one in dataclasses.fields(value):
            yield from _held(getattr(value, one.name), f"{name}.{one.name}")


def _uses(module: str, tree: ast.Module, patterns: Mapping) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield how a module uses named patterns, its own and those that it imports."""
    known = {name: (module, name) for owner, name in patterns if owner == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            known |= {
                one.asname or one.name: (node.module or "", one.name)
                for one in node.names
                if (node.module, one.name) in patterns
            }
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in known:
            member = parents[id(node)]
            call = parents[id(member)]
            plain = isinstance(member, ast.Attribute) and isinstance(call, ast.Call) and call.func is member
            alone = plain and member.attr in ANCHORED and len(call.args) + len(call.keywords) == 1
            yield known[node.id], member.attr if alone else "scan"
        elif isinstance(node, ast.Attribute):
            yield from ((key, "scan") for key in patterns if key[1] == node.attr)
