"""Intervals, clustered ratios, priors and counts of wins, as SciPy and statsmodels give them.

Writes rates.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib

import numpy as np
import pandas as pd
import scipy.optimize
import scipy.stats as st
import statsmodels.formula.api as smf
from statsmodels.stats.proportion import proportion_confint


def intervals():
    cases = []
    for k, n in [(1, 3), (8, 10), (3, 10), (30, 100), (1, 400), (299, 300), (700, 2000), (123_456, 500_000)]:
        for level in (0.8, 0.95):
            case = {"k": k, "n": n, "level": level}
            for method in ("wilson", "jeffreys", "beta"):
                low, high = proportion_confint(k, n, alpha=1 - level, method=method)
                case[method] = [float(low), float(high)]
            cases.append(case)
    return cases


def beta_quantiles():
    shapes = [(0.5, 0.5), (0.5, 5.5), (8.5, 2.5), (3.278, 8.5455), (120.25, 380.75), (0.1, 30.0),
              (4e3, 9e3), (1.6e5, 3.4e5), (3e5 + 0.5, 7e5 + 0.5), (2.0, 9e5)]
    return [
        {"alpha": a, "beta": b, "p": p, "x": float(st.beta.ppf(p, a, b))}
        for a, b in shapes
        for p in (0.025, 0.1, 0.5, 0.9, 0.975)
    ]


def normal():
    return [
        {"x": x, "cdf": float(st.norm.cdf(x))} for x in (-6.0, -2.5, -1.0, -0.01, 0.0, 0.7, 1.96, 5.0)
    ]


def clustered():
    """A share over rows of deals: ordinary least squares on a constant, clustered by deal."""
    cases = []
    rng = np.random.default_rng(20261121)
    for deals, most in [(12, 4), (60, 10), (300, 25)]:
        rows = []
        for deal in range(deals):
            chance = rng.beta(1.2, 2.5)
            rows += [(deal, int(rng.random() < chance)) for _ in range(rng.integers(1, most + 1))]
        frame = pd.DataFrame(rows, columns=["deal", "won"])
        fit = smf.ols("won ~ 1", frame).fit(
            cov_type="cluster", cov_kwds={"groups": frame["deal"], "use_correction": False}
        )
        correction = deals / (deals - 1)
        totals = frame.groupby("deal")["won"].agg(["sum", "count"])
        cases.append(
            {
                "clusters": [[int(y), int(m)] for y, m in totals.to_numpy()],
                "ratio": float(fit.params.iloc[0]),
                "variance": float(fit.cov_params().iloc[0, 0]) * correction,
            }
        )
    return cases


def priors():
    cases = []
    for groups in (
        [(3, 10), (30, 100), (5, 40), (12, 20), (1, 15), (44, 160)],
        [(2, 40), (9, 30), (20, 32), (70, 90)],
    ):
        def loss(point):
            alpha, beta = np.exp(point)
            return -sum(st.betabinom.logpmf(k, n, alpha, beta) for k, n in groups)

        best = scipy.optimize.minimize(
            loss, np.log([1.0, 1.0]), method="Nelder-Mead",
            options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 10_000},
        )
        alpha, beta = np.exp(best.x)
        table = np.array([[k, n - k] for k, n in groups])
        test = st.chi2_contingency(table, correction=False)
        cases.append(
            {
                "groups": groups,
                "alpha": float(alpha),
                "beta": float(beta),
                "rates": [
                    [float((k + alpha) / (n + alpha + beta)),
                     *map(float, st.beta.ppf([0.025, 0.975], k + alpha, n - k + beta))]
                    for k, n in groups
                ],
                "heterogeneity": [float(test.statistic), float(test.pvalue)],
            }
        )
    return cases


def wins():
    cases = []
    for probabilities in ([0.1, 0.2, 0.9], [0.05] * 20 + [0.6] * 5):
        pmf = np.array([1.0])
        for p in probabilities:
            pmf = np.convolve(pmf, [1 - p, p])
        # The same by the characteristic function, so that the oracle is itself checked.
        n = len(probabilities)
        turns = np.exp(2j * np.pi * np.arange(n + 1) / (n + 1))
        phi = np.prod([1 - p + p * turns for p in probabilities], axis=0)
        assert np.allclose(np.fft.fft(phi).real / (n + 1), pmf, atol=1e-12)
        cases.append({"probabilities": probabilities, "pmf": [float(x) for x in pmf]})
    return cases


if __name__ == "__main__":
    answers = {
        "intervals": intervals(),
        "beta_quantiles": beta_quantiles(),
        "normal": normal(),
        "clustered": clustered(),
        "priors": priors(),
        "wins": wins(),
    }
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers, indent=1) + "\n")
