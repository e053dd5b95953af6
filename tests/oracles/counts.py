"""Rate ratios of Poisson counts, and charts of them drawn many times: SciPy and NumPy.

Writes counts.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib
import warnings

import numpy as np
import scipy.stats as st
from statsmodels.stats.rates import test_poisson_2indep

# statsmodels divides by a count of 0 for a ratio that nobody asked for.
warnings.filterwarnings("ignore", category=RuntimeWarning)


def rate_ratios():
    cases = []
    for x, e1, y, e2 in [
        (6, 30.0, 6, 180.0), (3, 30.0, 0, 180.0), (0, 4.0, 5, 26.0), (12, 55.0, 40, 210.5),
        (250, 900.0, 1300, 5000.0), (1, 1.0, 1, 1.0),
    ]:
        share = e1 / (e1 + e2)
        exact = {side: st.binomtest(x, x + y, share, side) for side in ("greater", "less")}
        greater, less = (float(exact[side].pvalue) for side in ("greater", "less"))
        interval = st.binomtest(x, x + y).proportion_ci(0.9, "exact")
        odds = [p / (1 - p) * e2 / e1 if p < 1 else None for p in interval]
        mid = test_poisson_2indep(x, e1, y, e2, method="cond-midp", alternative="larger")
        cases.append(
            {
                "counts": [x, e1, y, e2],
                "greater": greater,
                "less": less,
                "mid": float(mid.pvalue),
                "interval": [None if end is None else float(end) for end in odds],
            }
        )
    return cases


def charts():
    """Average run lengths of 40,000 charts each, with their standard errors."""
    cases = []
    rng = np.random.default_rng(9)
    for usual, times, threshold in [(2.0, 1.0, 6.0), (2.0, 2.0, 6.0), (0.4, 1.0, 3.2), (8.0, 1.0, 6.5)]:
        reference = usual / np.log(2)
        charts = 40_000
        sums, looks = np.zeros(charts), np.zeros(charts)
        running = np.arange(charts)
        while running.size:
            counts = rng.poisson(usual * times, running.size)
            sums[running] = np.maximum(0, sums[running] + counts - reference)
            looks[running] += 1
            running = running[sums[running] < threshold]
        cases.append(
            {
                "usual": usual,
                "times": times,
                "threshold": threshold,
                "looks": float(looks.mean()),
                "error": float(looks.std(ddof=1) / np.sqrt(charts)),
            }
        )
    return cases


if __name__ == "__main__":
    answers = {"rate_ratios": rate_ratios(), "charts": charts()}
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
