"""Scores judged: by scikit-learn, statsmodels, and DeLong's sums over all pairs of rows.

Writes scores.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib

import numpy as np
import statsmodels.api as sm
from sklearn.calibration import _sigmoid_calibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score


def rows(seed, n, ties):
    source = np.random.Generator(np.random.PCG64(seed))
    truth = source.normal(size=n)
    happened = source.uniform(size=n) < 1 / (1 + np.exp(-(truth - 0.5)))
    said = [0.8 * truth + source.normal(size=n) * noise for noise in (0.7, 1.4)]
    if ties:
        said = [np.round(score, 1) for score in said]
    weights = source.choice([0.25, 0.5, 1.0, 3.0], size=n)
    return said, happened, weights


def placements(score, happened):
    won, lost = score[happened], score[~happened]
    pairs = (won[:, None] > lost[None, :]) + 0.5 * (won[:, None] == lost[None, :])
    return pairs.mean(axis=1), pairs.mean(axis=0), pairs.mean()


def variance(won, lost):
    return won.var(ddof=1) / len(won) + lost.var(ddof=1) / len(lost)


def judged(seed, n, ties):
    (first, second), happened, weights = rows(seed, n, ties)
    p = 1 / (1 + np.exp(-first))
    a, b = placements(first, happened), placements(second, happened)
    assert abs(a[2] - roc_auc_score(happened, first)) < 1e-12
    line = sm.Logit(happened.astype(float), sm.add_constant(first)).fit(disp=0, tol=1e-12)
    slope, offset = _sigmoid_calibration(first, happened, weights)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(first, happened, weights)
    asked = np.linspace(first.min() - 1, first.max() + 1, 15)
    curve = calibration_curve(happened, p, strategy="quantile", n_bins=8)
    return {
        "first": first.tolist(), "second": second.tolist(), "happened": happened.tolist(),
        "weights": weights.tolist(),
        "auc": a[2], "auc_error": variance(a[0], a[1]) ** 0.5,
        "difference": a[2] - b[2],
        "difference_error": variance(a[0] - b[0], a[1] - b[1]) ** 0.5,
        "weighted_auc": roc_auc_score(happened, first, sample_weight=weights),
        "average_precision": average_precision_score(happened, first),
        "log_loss": log_loss(happened, p, sample_weight=weights),
        "brier": brier_score_loss(happened, p, sample_weight=weights),
        "platt": [-float(offset), -float(slope)],
        "isotonic": {"asked": asked.tolist(), "told": isotonic.predict(asked).tolist()},
        "line": [line.params.tolist(), line.bse.tolist()],
        "curve": [curve[0].tolist(), curve[1].tolist()],
    }


def main():
    answers = {"judged": [judged(1, 60, False), judged(2, 250, True), judged(3, 500, False)]}
    file = pathlib.Path(__file__).with_suffix(".json")
    file.write_text(json.dumps(answers) + "\n")


main()
