"""Other people's models on the rows and folds that `scores` wrote into a folder.

Prints a line a task: the set, the rows learnt from, the repeat, the model, the area and the log loss on
the rows judged. Categories are one column a level to those that know none; what is missing is the median
there, with a column that says so. Settings are the packages' own, but for the forest: 300 trees, five rows
a leaf.
"""

import sys
import warnings
from pathlib import Path

import numpy
from lightgbm import LGBMClassifier
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

warnings.filterwarnings("ignore")


def models(is_category, codes, is_whole):
    categories = [place for place, is_one in enumerate(is_category) if is_one]
    numbers = [place for place, is_one in enumerate(is_category) if not is_one]

    def told(scaled):
        known = [SimpleImputer(strategy="median", add_indicator=True)]
        known += [StandardScaler()] if scaled else []
        levels = make_pipeline(
            SimpleImputer(strategy="constant", fill_value=-1),
            OneHotEncoder(handle_unknown="ignore", max_categories=50, sparse_output=False),
        )
        return ColumnTransformer(
            [("numbers", make_pipeline(*known), numbers), ("categories", levels, categories)]
        )

    yield "GradientBoosting", make_pipeline(told(False), GradientBoostingClassifier(random_state=0)), False
    few = [is_one and count <= 254 for is_one, count in zip(is_category, codes)]
    yield "HistGradientBoosting", HistGradientBoostingClassifier(
        random_state=0, categorical_features=few
    ), False
    yield "LightGBM", LGBMClassifier(random_state=0, n_jobs=2, verbose=-1), True
    # On whole sets ours is held against boosting alone.
    if is_whole:
        return
    yield "LogisticRegressionCV", make_pipeline(
        told(True), LogisticRegressionCV(max_iter=1000, scoring="neg_log_loss", Cs=10, cv=5)
    ), False
    yield "RandomForest", make_pipeline(
        told(False),
        RandomForestClassifier(300, min_samples_leaf=5, random_state=0, n_jobs=2),
    ), False


def main() -> None:
    folder = Path(sys.argv[1])
    for columns in sorted(folder.glob("*.columns")):
        name = columns.stem
        is_category = [
            line.startswith("category ") for line in columns.read_text().splitlines()
        ]
        happened = numpy.fromfile(folder / f"{name}.y", dtype=numpy.uint8)
        records = numpy.fromfile(folder / f"{name}.x", dtype="<f8").reshape(len(happened), -1)
        codes = [numpy.nanmax(column, initial=0) for column in records.T]
        native = [place for place, is_one in enumerate(is_category) if is_one]
        for task in (folder / f"{name}.tasks").read_text().splitlines():
            kind, repeat, learnt, judged = task.split(" ")
            learnt = numpy.array(learnt.split(","), dtype=int)
            judged = numpy.array(judged.split(","), dtype=int)
            for model, fitted, takes_categories in models(is_category, codes, kind in ("all", "late")):
                more = {"categorical_feature": native} if takes_categories and native else {}
                fitted.fit(records[learnt], happened[learnt], **more)
                said = fitted.predict_proba(records[judged])[:, 1]
                area = roc_auc_score(happened[judged], said)
                loss = log_loss(happened[judged], said)
                print(name, kind, repeat, model, area, loss, 0, flush=True)


main()
