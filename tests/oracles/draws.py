"""Intervals from draws, and how chains end: SciPy and NumPy.

Writes draws.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib

import numpy as np
import scipy.stats as st


def intervals():
    """The draws of SciPy's bootstrap go along, so that ours are asked the same question."""
    cases = []
    rng = np.random.default_rng(12)
    for n, draws, won_or_lost in [(25, 400, False), (60, 999, False), (30, 500, True)]:
        data = rng.lognormal(1.0, 0.8, n)
        if won_or_lost:
            # Shares of whole numbers: many draws are the estimate itself.
            data = (data > 3.5).astype(float)
        case = {"left_out": [float(np.delete(data, i).mean()) for i in range(n)], "level": 0.9}
        for method in ("percentile", "BCa"):
            result = st.bootstrap(
                (data,), np.mean, n_resamples=draws, confidence_level=0.9, method=method,
                rng=np.random.default_rng(13),
            )
            case[method] = [float(end) for end in result.confidence_interval]
        case["draws"] = result.bootstrap_distribution.tolist()
        case["estimate"] = float(data.mean())
        case["error"] = float(result.standard_error)
        cases.append(case)
    return cases


def chains():
    cases = []
    rng = np.random.default_rng(14)
    for states, endings in [(3, 2), (9, 3)]:
        rows = rng.dirichlet(np.full(states + endings, 0.7), states)
        rows[:, -1] += 1 - rows.sum(axis=1)
        within, out = rows[:, :states], rows[:, states:]
        whole = np.linalg.inv(np.eye(states) - within)
        cases.append(
            {
                "within": within.tolist(),
                "out": out.tolist(),
                "endings": (whole @ out).tolist(),
                "steps": whole.sum(axis=1).tolist(),
            }
        )
    return cases


if __name__ == "__main__":
    answers = {"intervals": intervals(), "chains": chains()}
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
