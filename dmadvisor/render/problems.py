"""Problems in content, for people, editors, workflow annotations and programs."""

from collections.abc import Callable, Sequence

from dmadvisor.problems import Problem


def concise(problems: Sequence[Problem]) -> str:
    """One line a problem."""
    return "".join(
        f"{p.file}:{p.line}:{p.column}: {p.severity}[{p.code}] {p.message}; {p.help}\n"
        for p in problems
    )


def github(problems: Sequence[Problem]) -> str:
    """Workflow annotations."""
    return "".join(
        f"::{p.severity} file={p.file},line={p.line},col={p.column},title={p.code}::"
        f"{_escape(f'{p.message}; {p.help}')}\n"
        for p in problems
    )


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def text(problems: Sequence[Problem], row: Callable[[Problem], str]) -> str:
    """Each problem with the line it stands in; ``row`` gives that line."""
    return "\n".join(_framed(problem, row(problem)) for problem in problems)


def _framed(problem: Problem, row: str) -> str:
    gutter = " " * len(str(problem.line))
    lines = [
        f"{problem.severity}[{problem.code}]: {problem.message}",
        f"{gutter}--> {problem.file}:{problem.line}:{problem.column}",
    ]
    if row.strip():
        start, column = 0, problem.column - 1
        if column > 60:
            start, column = column - 40, 40
        shown = row[start : start + 76]
        marks = "^" * max(1, min(problem.length, len(shown) - column))
        lines += [f"{gutter} |", f"{problem.line} | {shown}", f"{gutter} | {' ' * column}{marks}"]
    lines.append(f"{gutter} = help: {problem.help}")
    return "\n".join(lines) + "\n"


def summary(problems: Sequence[Problem], files: int) -> str:
    """How many problems in how many files, and how to have one explained."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return f"no problems in {_count(files, 'file')}\n"
    counts = [_count(errors, "error"), _count(warnings, "warning")]
    found = " and ".join(count for count in counts if count)
    where = _count(files, "file")
    return f"{found} in {where}. Explain one: dmadvisor lint --explain {problems[0].code}\n"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""
