"""Finds somebody who is in a set of patients, or that there is nobody.

Formulas become clauses, each formula a variable of its own (Tseitin 1968,
doi:10.1007/978-3-642-81955-1_28), and MiniSat searches them (Een and Soerensson 2003,
doi:10.1007/978-3-540-24605-3_37).
"""

from collections.abc import Iterable
from typing import Any
from weakref import finalize

from dmadvisor.problems import UsageError
from dmadvisor.verify.formulas import ALL, NONE, Formulas, Set

INSTALL = "install it with: pip install 'dmadvisor[verify]'"


class Solver:
    """Searches the formulas of one content; what it learns in one search serves the next.

    Raises UsageError where the package for it is not installed.
    """

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self._clauses = Clauses(formulas)
        self._nobody: set[tuple[Set, ...]] = set()

    def is_somebody(self, sets: Iterable[Set]) -> bool:
        """Whether somebody is in all of some sets."""
        wanted = tuple(dict.fromkeys(sets))
        if NONE in wanted or wanted in self._nobody:
            return False
        if self._clauses.meet(wanted):
            return True
        self._nobody.add(wanted)
        return False

    def somebody(self, sets: Iterable[Set]) -> list[int] | None:
        """The values of somebody in all of some sets; None when nobody is.

        The same for the same sets, whatever was searched before.
        """
        wanted = tuple(dict.fromkeys(sets))
        if not self.is_somebody(wanted):
            return None
        alone = Clauses(self.formulas)
        alone.meet(wanted)
        return alone.values()


class Clauses:
    """Formulas as MiniSat knows them."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self._search = _minisat()
        # Not left to the end of the program, when what it needs to let go is gone.
        finalize(self, self._search.delete)
        self._variables: dict[Set, int] = {}
        self._search.append_formula([list(map(self._literal, law)) for law in formulas.laws])

    def meet(self, wanted: Iterable[Set]) -> bool:
        """Whether somebody meets all of some formulas, of which none is ``NONE``."""
        literals = [self._literal(each) for each in wanted if each != ALL]
        return bool(self._search.solve(assumptions=literals))

    def values(self) -> list[int]:
        """The values of whoever was found last."""
        found = [0] * len(self.formulas.sizes)
        model = self._search.get_model()
        for formula, variable in self._variables.items():
            atom = self.formulas.atom(formula)
            if atom is not None and variable <= len(model) and model[variable - 1] > 0:
                found[atom.variable] = atom.value
        return found

    def _literal(self, formula: Set) -> int:
        even = formula & ~1
        variable = self._variables.get(even)
        if variable is None:
            parts = [self._literal(part) for part in self.formulas.parts(even)]
            variable = self._variables[even] = len(self._variables) + 1
            if parts:
                self._search.add_clause([variable, *(-part for part in parts)])
                for part in parts:
                    self._search.add_clause([-variable, part])
        return -variable if formula & 1 else variable


def _minisat() -> Any:
    try:
        from pysat.solvers import Minisat22
    except ImportError as error:
        raise UsageError("verify: the package python-sat is not installed", INSTALL) from error
    return Minisat22()
