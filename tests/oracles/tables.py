"""Fourfold tables, alone and in strata, and many p-values at once: SciPy and statsmodels.

Writes tables.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib

import numpy as np
import scipy.stats as st
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2
from statsmodels.stats.multitest import multipletests


def single():
    cases = []
    for a, b, c, d in [
        (8, 2, 1, 5), (3, 0, 1, 4), (12, 28, 20, 110), (1, 30, 400, 9000), (30, 10, 30, 10),
        (600, 1400, 900, 2300), (0, 12, 7, 5), (40, 2, 3, 60),
    ]:
        table = [[a, b], [c, d]]
        case = {"table": [a, b, c, d]}
        for side in ("two-sided", "greater", "less"):
            case[side] = float(st.fisher_exact(table, alternative=side).pvalue)
        if min(a, b, c, d) > 0:
            ratios = Table2x2(np.array(table), shift_zeros=False)
            for name, value, interval in (
                ("odds", ratios.oddsratio, ratios.oddsratio_confint(0.1)),
                ("risk", ratios.riskratio, ratios.riskratio_confint(0.1)),
            ):
                case[name] = [float(value), *map(float, interval)]
        cases.append(case)
    return cases


def strata():
    cases = []
    rng = np.random.default_rng(6)
    drawn = [
        [tuple(int(x) for x in rng.integers(1, most, 4)) for _ in range(count)]
        for count, most in [(3, 20), (8, 60), (25, 8)]
    ]
    for tables in [[(81, 6, 234, 36), (192, 71, 55, 25)], [(2, 5, 1, 9), (0, 7, 3, 3)], *drawn]:
        pooled = StratifiedTable([np.array(t).reshape(2, 2) for t in tables])
        log_low, log_high = pooled.logodds_pooled_confint(0.05)
        case = {
            "strata": tables,
            "odds": float(pooled.oddsratio_pooled),
            "odds_interval": [float(np.exp(log_low)), float(np.exp(log_high))],
            "log_error": float(pooled.logodds_pooled_se),
            "risk": float(pooled.riskratio_pooled),
            "risk_log_error": greenland_robins(tables),
        }
        for name, test in (
            ("association", pooled.test_null_odds()),
            ("association_corrected", pooled.test_null_odds(correction=True)),
            ("homogeneity", pooled.test_equal_odds()),
            ("homogeneity_adjusted", pooled.test_equal_odds(adjust=True)),
        ):
            case[name] = [float(test.statistic), float(test.pvalue)]
        # statsmodels squares a difference that its correction has turned round; nothing is left of it.
        a, b, c, d = np.array(tables, float).T
        if abs(np.sum(a - (a + b) * (a + c) / (a + b + c + d))) < 0.5:
            case["association_corrected"] = [0.0, 1.0]
        cases.append(case)
    return cases


def greenland_robins(tables):
    """Their formula (8), which statsmodels lacks: Biometrics 41 (1985), 55-68."""
    a, b, c, d = np.array(tables, float).T
    n1, n0, m1, n = a + b, c + d, a + c, a + b + c + d
    spread = np.sum((n1 * n0 * m1 - a * c * n) / n**2)
    return float(np.sqrt(spread / (np.sum(a * n0 / n) * np.sum(c * n1 / n))))


def exact():
    """The stratified exact test with Lancaster's mid-p. Given its margins, each first cell is
    hypergeometric; the sum over strata is their convolution. SciPy has the parts."""
    cases = []
    rng = np.random.default_rng(8)
    drawn = [
        [tuple(int(x) for x in rng.integers(0, most, 4)) for _ in range(count)]
        for count, most in [(1, 12), (3, 20), (8, 60), (32, 8), (40, 4)]
    ]
    by_hand = [
        [(8, 2, 1, 5)], [(2, 5, 1, 9), (0, 7, 3, 3)], [(81, 6, 234, 36), (192, 71, 55, 25)],
        [(8, 2, 1, 5), (0, 5, 0, 9), (4, 0, 3, 0), (0, 0, 3, 4)],
    ]
    for tables in [*by_hand, *drawn]:
        lowest, sums = 0, np.ones(1)
        for a, b, c, d in tables:
            first = max(0, (a + b) + (a + c) - (a + b + c + d))
            last = min(a + b, a + c)
            cells = st.hypergeom(a + b + c + d, a + c, a + b).pmf(np.arange(first, last + 1))
            lowest, sums = lowest + first, np.convolve(sums, cells)
        here = sum(table[0] for table in tables) - lowest
        own = sums[here] / 2
        smaller = min(sums[:here].sum() + own, sums[here + 1:].sum() + own)
        cases.append({"strata": tables, "mid_p": float(min(1, 2 * smaller))})
    return cases


def weighted_families():
    """Genovese, Roeder and Wasserman: Benjamini and Hochberg's on p over weights of mean 1."""
    cases = []
    rng = np.random.default_rng(9)
    for p, weights in (
        ([0.001, 0.008, 0.039, 0.041, 0.06], [4.0, 1.0, 1.0, 1.0, 1.0]),
        ([0.02, 0.9, 0.7], [0.25, 1.0, 1.0]),
        ([float(x) for x in rng.random(60) ** 3], [float(x) for x in rng.choice([1.0, 0.25], 60)]),
    ):
        shared = np.minimum(1, np.array(p) * np.mean(weights) / np.array(weights))
        adjusted = multipletests(shared, method="fdr_bh")[1].tolist()
        cases.append({"p": p, "weights": weights, "hochberg": adjusted})
    return cases


def families():
    cases = []
    rng = np.random.default_rng(7)
    for p in ([0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216],
              [0.5], [0.03, 0.03, 1.0, 0.0, 0.03],
              [float(x) for x in rng.random(60) ** 3]):
        cases.append(
            {
                "p": p,
                "hochberg": multipletests(p, method="fdr_bh")[1].tolist(),
                "yekutieli": multipletests(p, method="fdr_by")[1].tolist(),
            }
        )
    return cases


def chi_squared():
    return [
        {"x": x, "degrees": k, "tail": float(st.chi2.sf(x, k))}
        for x in (0.01, 0.5, 3.84, 12.0, 80.0)
        for k in (1, 2, 5, 24)
    ]


if __name__ == "__main__":
    answers = {
        "single": single(),
        "strata": strata(),
        "exact": exact(),
        "families": families(),
        "weighted_families": weighted_families(),
        "chi_squared": chi_squared(),
    }
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
