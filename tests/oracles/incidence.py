"""Cumulative incidence and restricted means: lifelines, and exact fractions where lifelines jitters.

Writes incidence.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib
import warnings
from fractions import Fraction

import numpy as np
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

# lifelines reads the logarithm of a share of 0 before the first event.
warnings.filterwarnings("ignore", category=RuntimeWarning)


def draw(rng, n, late):
    """Lifetimes without ties: won, lost or open; with late entries where `late`."""
    won, lost = rng.exponential(60, n), rng.exponential(40, n)
    follow = rng.uniform(5, 150, n)
    exits = np.round(np.minimum(np.minimum(won, lost), follow), 6) + 1e-7 * np.arange(n)
    causes = np.where(follow < np.minimum(won, lost), 0, np.where(won < lost, 1, 2))
    entries = np.where(rng.random(n) < 0.4, np.round(rng.uniform(0, 30, n), 3), 0.0)
    entries = entries if late else np.zeros(n)
    seen = entries < exits
    return entries[seen], exits[seen], causes[seen]


def curves():
    cases = []
    rng = np.random.default_rng(20261121)
    for n, late in [(12, False), (80, False), (400, False), (60, True), (500, True)]:
        entries, exits, causes = draw(rng, n, late)
        case = {
            "entry": entries.tolist() if late else None,
            "exit": exits.tolist(),
            "cause": causes.tolist(),
            "points": [],
        }
        fits = [
            AalenJohansenFitter(seed=1).fit(
                exits, causes, event_of_interest=cause, entry=entries if late else None
            )
            for cause in (1, 2)
        ]
        whole = KaplanMeierFitter().fit(exits, causes > 0, entry=entries if late else None)
        table = fits[0].event_table
        last = table.index[table["at_risk"] > table["observed"]].max()
        for time in (8.0, 15.0, 30.0, 45.0, 60.0, 90.0):
            if time > last:
                continue
            point = {"time": time, "open": float(whole.predict(time))}
            point["mean_open"] = float(restricted_mean_survival_time(whole, t=time))
            point["mean_error"] = restricted_mean_error(table, whole, time)
            for name, fit in zip(("event", "competing"), fits):
                row = table.index[table.index <= time].max()
                low, high = fit.confidence_interval_.loc[row].sort_values()
                share = float(fit.cumulative_density_.loc[row].iloc[0])
                point[name] = {
                    "share": share,
                    "variance": float(fit.variance_.loc[row]),
                    "low": float(low) if share > 0 else None,
                    "high": float(high) if share > 0 else None,
                }
            case["points"].append(point)
        cases.append(case)
    return cases


def restricted_mean_error(table, curve, limit):
    """Klein and Moeschberger, section 4.5: areas of lifelines' curve, summed the long way."""
    survival = curve.survival_function_.iloc[:, 0]
    total = 0.0
    for time, row in table[table["observed"] > 0].iterrows():
        if time > limit:
            break
        ends = [t for t in survival.index if time < t < limit] + [limit]
        area, start = 0.0, time
        for end in ends:
            area += (end - start) * survival.loc[start]
            start = end
        n, d = row["at_risk"], row["observed"]
        total += area**2 * d / (n * (n - d))
    return float(np.sqrt(total))


def ties():
    """Whole days, both causes on one day, late entries: by the definition, in exact fractions."""
    cases = []
    rng = np.random.default_rng(4)
    for n, days, late in [(9, 4, False), (40, 12, False), (40, 12, True), (150, 30, True)]:
        exits = rng.integers(0 if not late else 1, days + 1, n)
        causes = rng.choice([0, 1, 2], n, p=[0.3, 0.3, 0.4])
        entries = rng.integers(0, days, n) if late else np.zeros(n, int)
        entries = np.where(entries < exits, entries, 0)
        rows = [tuple(map(int, row)) for row in zip(entries, exits, causes)]
        survival, shares = Fraction(1), {1: Fraction(0), 2: Fraction(0)}
        moments, points = [], []
        for day in range(days + 1):
            at_risk = sum((e < day or e == 0) and x >= day for e, x, _ in rows)
            ended = {c: sum(x == day and cause == c for _, x, cause in rows) for c in (1, 2)}
            d = ended[1] + ended[2]
            if d == 0:
                continue
            for c in (1, 2):
                shares[c] += survival * Fraction(ended[c], at_risk)
            moments.append((at_risk, d, dict(ended), survival, dict(shares)))
            survival *= 1 - Fraction(d, at_risk)
            point = {"time": day, "open": float(survival)}
            for c, name in ((1, "event"), (2, "competing")):
                point[name] = {
                    "share": float(shares[c]),
                    "variance": float(variance(moments, shares[c], c)),
                }
            points.append(point)
            if survival == 0:
                break
        cases.append(
            {
                "entry": [row[0] for row in rows] if late else None,
                "exit": [row[1] for row in rows],
                "cause": [row[2] for row in rows],
                "points": points,
            }
        )
    return cases


def variance(moments, share, cause):
    total = Fraction(0)
    for n, d, ended, before, shares in moments:
        gap = share - shares[cause]
        if gap:
            total += gap**2 * Fraction(d, n * (n - d))
        total += before**2 * Fraction(ended[cause] * (n - ended[cause]), n**3)
        total -= 2 * gap * before * Fraction(ended[cause], n**2)
    return total


if __name__ == "__main__":
    answers = {"curves": curves(), "ties": ties()}
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
