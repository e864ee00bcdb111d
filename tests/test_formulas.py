"""Formulas and the search in them, against every patient of a small made-up content."""

from itertools import product
from random import Random

import pytest

from dmadvisor.verify.formulas import ALL, NONE, Formulas, Given, Set
from dmadvisor.verify.solver import Solver

SIZES = (2, 3, 2, 4, 2)
PATIENTS = list(product(*map(range, SIZES)))


def made(seed: int) -> tuple[Formulas, list[tuple[Set, frozenset[tuple[int, ...]]]]]:
    """Some formulas, each with the patients who are in it by the words that it was made by."""
    random, formulas = Random(seed), Formulas()
    for size in SIZES:
        formulas.variable(size)
    found: list[tuple[Set, frozenset[tuple[int, ...]]]] = [
        (NONE, frozenset()),
        (ALL, frozenset(PATIENTS)),
    ]
    for variable, size in enumerate(SIZES):
        values = random.sample(range(size), random.randint(1, size))
        who = frozenset(p for p in PATIENTS if p[variable] in values)
        found.append((formulas.where(variable, values), who))
    for _ in range(30):
        (a, one), (b, other) = random.choices(found, k=2)
        found += random.choice(
            (
                [(formulas.both(a, b), one & other), (formulas.either(a, b), one | other)],
                [(formulas.without(a, b), one - other)],
                [(formulas.other(a), frozenset(PATIENTS) - one)],
            )
        )
    return formulas, found


@pytest.mark.parametrize("seed", range(20))
def test_a_formula_holds_for_whom_it_was_made(seed: int) -> None:
    formulas, every = made(seed)
    for formula, who in every:
        assert {p for p in PATIENTS if formulas.has(formula, p)} == who


@pytest.mark.parametrize("seed", range(20))
def test_somebody_is_found_where_there_is_somebody(seed: int) -> None:
    formulas, every = made(seed)
    solver, random = Solver(formulas), Random(seed)
    for _ in range(60):
        some = random.choices(every, k=3)
        both = frozenset(PATIENTS).intersection(*(who for _, who in some))
        sets = [formula for formula, _ in some]
        found = solver.somebody(sets)
        assert solver.is_somebody(sets) == bool(both)
        assert tuple(found) in both if found is not None else not both
        assert found == Solver(formulas).somebody(sets)


@pytest.mark.parametrize("seed", range(20))
def test_given_is_who_would_be_in_it(seed: int) -> None:
    formulas, every = made(seed)
    given = Given(formulas, {1: 2, 3: 0})
    for formula, who in every:
        would = {p for p in PATIENTS if (p[0], 2, p[2], 0, p[4]) in who}
        assert {p for p in PATIENTS if formulas.has(given(formula), p)} == would
        assert formulas.looked_at(given(formula)).isdisjoint({1, 3})


def test_who_must_be_so_is_found_so() -> None:
    """A law holds for everybody whom a search finds."""
    formulas = Formulas()
    first, other = formulas.variable(2), formulas.variable(2)
    one, two = formulas.where(first, [1]), formulas.where(other, [1])
    formulas.laws.append((formulas.other(one), two))
    assert Solver(formulas).somebody([one]) == [1, 1]
    assert not Solver(formulas).is_somebody([one, formulas.other(two)])
