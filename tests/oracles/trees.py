"""Gradient-boosted trees of scikit-learn on data without ties, and shap's exact values of them.

scikit-learn goes through the columns of each node in a random order, which decides between splits of
equal gain: two columns that part the rows of a small node alike. Data on which that never happens
is the first on which five random orders make the same trees.

Writes trees.json beside this file. Deterministic: same bytes.
"""

import itertools
import json
import pathlib

import numpy
import shap
from sklearn.ensemble import GradientBoostingClassifier


def draw(source, rows, columns):
    # Numbers of single precision, for that is what scikit-learn's trees see; none twice.
    return source.normal(size=(rows, columns)).astype(numpy.float32).astype(float)


def fitted(x, y, weights, settings, order):
    model = GradientBoostingClassifier(random_state=order, **settings)
    return model.fit(x, y, sample_weight=weights)


def thresholds(model):
    # In the order in which scikit-learn makes the nodes: a node, all on its left, all on its right.
    trees = [tree[0].tree_ for tree in model.estimators_]
    return [tree.threshold[tree.children_left >= 0].tolist() for tree in trees]


def case(name, rows, columns, weighted, **settings):
    for seed in itertools.count():
        source = numpy.random.Generator(numpy.random.PCG64(seed))
        x = draw(source, rows, columns)
        margin = 1.2 * x[:, 0] - x[:, 1] * x[:, columns - 1] + 0.3
        y = (source.uniform(size=rows) < 1 / (1 + numpy.exp(-margin))).astype(int)
        weights = source.choice([0.5, 1.0, 2.0], size=rows) if weighted else numpy.ones(rows)
        models = [fitted(x, y, weights, settings, order) for order in range(5)]
        if all(thresholds(model) == thresholds(models[0]) for model in models):
            break
    model, unseen = models[0], draw(source, 40, columns)
    explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
    return {
        "name": name,
        "settings": settings,
        "x": x.tolist(),
        "y": y.tolist(),
        "weights": weights.tolist(),
        "thresholds": thresholds(model),
        "unseen": unseen.tolist(),
        "probabilities": model.predict_proba(unseen)[:, 1].tolist(),
        "shap": explainer.shap_values(unseen, check_additivity=True).tolist(),
        "expected_value": float(numpy.ravel(explainer.expected_value)[0]),
    }


def main():
    usual = {"n_estimators": 20, "learning_rate": 0.1, "max_depth": 3, "min_samples_leaf": 10}
    cases = [
        case("one leaf a row", 100, 2, False, **{**usual, "min_samples_leaf": 1, "max_depth": 2}),
        case("one question a tree", 90, 3, False, **{**usual, "max_depth": 1, "min_samples_leaf": 1}),
        case("large leaves", 150, 4, False, **usual),
        case("deep and slow", 150, 4, False, **{**usual, "max_depth": 6, "learning_rate": 0.03}),
        case("weights", 150, 4, True, **usual),
    ]
    answers = {"cases": cases}
    file = pathlib.Path(__file__).with_suffix(".json")
    file.write_text(json.dumps(answers, separators=(",", ":")) + "\n")


main()
