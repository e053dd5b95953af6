"""Quantiles, means, power and the loss of forecasts: NumPy, SciPy, statsmodels, scikit-learn.

Writes amounts.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib

import numpy as np
import scipy.stats as st
import statsmodels.api as sm
from sklearn.metrics import mean_pinball_loss
from statsmodels.stats.meta_analysis import effectsize_smd
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize


def quantiles():
    cases = []
    rng = np.random.default_rng(21)
    for n in (9, 40, 400):
        amounts = np.round(rng.lognormal(8, 1.2, n), 2)
        weights = rng.integers(0, 4, n) + (np.arange(n) == 0)
        ordered = np.sort(amounts)
        case = {"amounts": amounts.tolist(), "weights": weights.tolist(), "at": []}
        for q in (0.1, 0.5, 0.9, 0.99):
            ends = st.quantile_test(ordered, q=0, p=q).confidence_interval(0.9)
            cap = np.quantile(amounts, q)
            case["at"].append(
                {
                    "q": q,
                    "plain": float(cap),
                    "weighted": float(
                        np.quantile(amounts, q, weights=weights, method="inverted_cdf")
                    ),
                    "interval": [None if np.isnan(end) else float(end) for end in ends],
                    "winsorised_mean": float(np.minimum(amounts, cap).mean()),
                }
            )
        fit = sm.WLS(amounts, np.ones(n), weights=weights).fit(cov_type="HC0")
        used = int((weights > 0).sum())
        case["mean"] = float(fit.params[0])
        case["mean_error"] = float(fit.bse[0] * np.sqrt(used / (used - 1)))
        cases.append(case)
    return cases


def differences():
    cases = []
    rng = np.random.default_rng(22)
    for n, others in [(20, 30), (200, 45)]:
        a, b = rng.normal(1.0, 2.0, n), rng.normal(0.6, 1.5, others)
        spread = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
        # statsmodels pools by size; with both sizes told alike and no small sample factor it is ours.
        pooled, _ = effectsize_smd(a.mean(), a.std(ddof=1), 10**9, b.mean(), b.std(ddof=1), 10**9)
        assert abs(pooled - (a.mean() - b.mean()) / spread) < 1e-7
        cases.append(
            {"group": a.tolist(), "others": b.tolist(), "smd": float((a.mean() - b.mean()) / spread)}
        )
    return cases


def power():
    cases = []
    test = NormalIndPower()
    for p, other, n, others in [(0.3, 0.4, 150, 150), (0.05, 0.02, 80, 900), (0.6, 0.62, 40, 40)]:
        effect = proportion_effectsize(p, other)
        needed = test.solve_power(effect, power=0.8, alpha=0.05, ratio=1.0)
        found = test.solve_power(None, nobs1=n, alpha=0.05, power=0.8, ratio=others / n)
        angle = np.arcsin(np.sqrt(p))
        cases.append(
            {
                "p": p,
                "other": other,
                "n": n,
                "others": others,
                "power": float(test.power(effect, n, 0.05, ratio=others / n)),
                "needed": float(np.ceil(needed)),
                "above": float(np.sin(angle + found / 2) ** 2),
                "below": float(np.sin(angle - found / 2) ** 2) if angle > found / 2 else None,
            }
        )
    return cases


def pinball():
    cases = []
    rng = np.random.default_rng(23)
    actual = rng.lognormal(4, 0.5, 30)
    for tau in (0.1, 0.5, 0.9):
        forecast = actual * rng.lognormal(0, 0.3, 30)
        cases.append(
            {
                "pairs": np.column_stack([forecast, actual]).tolist(),
                "tau": tau,
                "loss": float(mean_pinball_loss(actual, forecast, alpha=tau)),
            }
        )
    return cases


if __name__ == "__main__":
    answers = {
        "quantiles": quantiles(), "differences": differences(), "power": power(), "pinball": pinball()
    }
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
