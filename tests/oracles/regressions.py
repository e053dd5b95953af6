"""Logistic regressions with clustered errors, ridges and competing endings: statsmodels, scikit-learn.

Writes regressions.json beside this file. Deterministic: same versions, same bytes.
"""

import json
import pathlib

import numpy as np
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression


def columns(rng, rows, clusters):
    cluster = rng.integers(0, clusters, rows)
    shared = rng.normal(0, 0.7, clusters)[cluster]
    x = np.column_stack(
        [rng.normal(0, 1, rows), rng.integers(0, 2, rows), rng.lognormal(3, 1, rows)]
    )
    return cluster, shared, x


def logistic():
    cases = []
    rng = np.random.default_rng(15)
    for rows, clusters in [(60, 12), (300, 40)]:
        cluster, shared, x = columns(rng, rows, clusters)
        eta = -0.5 + 0.8 * x[:, 0] - 0.6 * x[:, 1] + 0.004 * x[:, 2] + shared
        y = (rng.random(rows) < 1 / (1 + np.exp(-eta))).astype(int)
        design = sm.add_constant(x)
        plain = sm.Logit(y, design).fit(disp=0, method="newton", tol=1e-12, maxiter=100)
        robust = sm.Logit(y, design).fit(
            disp=0, method="newton", tol=1e-12, maxiter=100,
            cov_type="cluster", cov_kwds={"groups": cluster},
        )
        case = {
            "columns": x.T.tolist(),
            "happened": y.tolist(),
            "clusters": cluster.tolist(),
            "coefficients": plain.params.tolist(),
            "errors": plain.bse.tolist(),
            "clustered_errors": robust.bse.tolist(),
            "p": robust.pvalues.tolist(),
            "log_likelihood": float(plain.llf),
            "ridges": [],
        }
        # The change of the mean chance by one more of column 1, and its error by the delta method.
        raised = design.copy()
        raised[:, 1] += 1
        p0, p1 = robust.predict(design), robust.predict(raised)
        slope = ((p1 * (1 - p1))[:, None] * raised - (p0 * (1 - p0))[:, None] * design).mean(axis=0)
        case["effect"] = [
            float((p1 - p0).mean()), float(np.sqrt(slope @ robust.cov_params() @ slope))
        ]
        for ridge in (0.5, 8.0):
            fit = LogisticRegression(
                C=1 / ridge, solver="newton-cholesky", tol=1e-12, max_iter=1000
            ).fit(x, y)
            case["ridges"].append(
                {"ridge": ridge, "coefficients": [float(fit.intercept_[0]), *fit.coef_[0].tolist()]}
            )
        cases.append(case)
    return cases


def hazard():
    cases = []
    rng = np.random.default_rng(16)
    for rows, clusters in [(400, 60), (900, 80)]:
        cluster, shared, x = columns(rng, rows, clusters)
        x = x[:, :2]
        won = np.exp(-1.6 + 0.7 * x[:, 0] + shared)
        lost = np.exp(-1.1 - 0.3 * x[:, 0] + 0.5 * x[:, 1])
        draw = rng.random(rows) * (1 + won + lost)
        outcome = np.where(draw < won, 1, np.where(draw < won + lost, 2, 0))
        design = sm.add_constant(x)
        plain = sm.MNLogit(outcome, design).fit(disp=0, method="newton", tol=1e-12, maxiter=100)
        case = {
            "columns": x.T.tolist(),
            "outcome": outcome.tolist(),
            "clusters": cluster.tolist(),
            "coefficients": np.asarray(plain.params).T.tolist(),
            "errors": np.asarray(plain.bse).T.tolist(),
            "clustered_errors": clustered(plain, design, outcome, cluster).tolist(),
            "log_likelihood": float(plain.llf),
        }
        path = design[:6]
        case["path"] = path[:, 1:].T.tolist()
        case["incidence"], case["incidence_error"] = incidence(plain, path)
        cases.append(case)
    return cases


def clustered(fit, design, outcome, cluster):
    """The sandwich of statsmodels' own scores and curvature, with its usual correction."""
    chance = np.asarray(fit.predict(design))
    scores = np.hstack([((outcome == k) - chance[:, k])[:, None] * design for k in (1, 2)])
    sums = np.array([scores[cluster == g].sum(axis=0) for g in np.unique(cluster)])
    curvature = np.linalg.inv(-fit.model.hessian(np.asarray(fit.params).ravel(order="F")))
    groups, rows, size = len(sums), len(design), scores.shape[1]
    correction = groups / (groups - 1) * (rows - 1) / (rows - size)
    covariance = correction * curvature @ sums.T @ sums @ curvature
    return np.sqrt(np.diag(covariance)).reshape(2, -1)


def incidence(fit, path):
    """The shares over the path; the error of the first by differences of each coefficient."""
    def shares(params):
        chance = np.exp(np.column_stack([np.zeros(len(path)), path @ params.reshape(2, -1).T]))
        chance /= chance.sum(axis=1, keepdims=True)
        still, total = 1.0, np.zeros(2)
        for row in chance:
            total += still * row[1:]
            still *= row[0]
        return total

    best = np.asarray(fit.params).T.ravel()
    slope = []
    for j in range(len(best)):
        step = np.zeros(len(best))
        step[j] = 1e-5
        slope.append((shares(best + step)[0] - shares(best - step)[0]) / 2e-5)
    slope = np.array(slope)
    covariance = np.asarray(fit.cov_params())
    return shares(best).tolist(), float(np.sqrt(slope @ covariance @ slope))


if __name__ == "__main__":
    answers = {"logistic": logistic(), "hazard": hazard()}
    target = pathlib.Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(answers) + "\n")
