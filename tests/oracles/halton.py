"""Fisher's exact test of tables of any size (Freeman and Halton), by counting every table.

Exact in whole numbers, with nothing but Python itself. One more table is too large to count:
Agresti's on job satisfaction, of which R's manual of fisher.test gives p = 0.7827.

Writes halton.json beside this file. Deterministic: same bytes.
"""

import json
import pathlib
from fractions import Fraction
from functools import lru_cache
from math import comb, factorial, prod


def compositions(total, most):
    """All ways to deal `total` into cells that hold at most `most` each."""
    if len(most) == 1:
        if total <= most[0]:
            yield (total,)
        return
    for first in range(max(0, total - sum(most[1:])), min(total, most[0]) + 1):
        for rest in compositions(total - first, most[1:]):
            yield (first, *rest)


def exact(rows):
    """The probability of all tables that are no more likely than this one."""
    sizes = [sum(row) for row in rows]
    columns = tuple(sum(column) for column in zip(*rows))
    n = sum(sizes)
    # A table's probability is the product of its rows' multivariate hypergeometric ones.
    def ways(cells, left):
        return prod(comb(m, c) for m, c in zip(left, cells))

    left, observed = columns, 1
    for row in rows:
        observed *= ways(row, left)
        left = tuple(l - c for l, c in zip(left, row))

    # Of what is left in the columns: how many ways lead to which product, over all rows below.
    @lru_cache(maxsize=None)
    def products(row, left):
        if row == len(sizes):
            return {1: 1}
        found = {}
        for cells in compositions(sizes[row], left):
            here = ways(cells, left)
            below = products(row + 1, tuple(l - c for l, c in zip(left, cells)))
            for value, count in below.items():
                found[here * value] = found.get(here * value, 0) + count
        return found

    total, extreme = 0, 0
    for value, count in products(0, columns).items():
        total += value * count
        if value <= observed:
            extreme += value * count
    assert total == factorial(n) // prod(factorial(s) for s in sizes)
    return float(Fraction(extreme, total))


def tables():
    return [
        [[8, 2], [1, 5]],
        [[3, 0, 2, 7], [10, 4, 3, 2]],
        [[5, 1, 0], [2, 4, 3], [0, 2, 6]],
        [[12, 3, 9, 4], [30, 22, 18, 40]],
    ]


if __name__ == "__main__":
    answers = {"tables": [{"rows": rows, "p": exact(rows)} for rows in tables()]}
    job = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
    answers["tables"].append({"rows": job, "p": 0.7827})
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
