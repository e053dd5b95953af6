"""Rows to grow trees on, and LightGBM grown on them.

`world FOLDER ROWS` writes train.x, train.y (ROWS) and test.x, test.y (100,000): 13 numbers of which
some are missing, and not by chance, and 7 columns of category codes, which both sides take as numbers.
`lightgbm FOLDER THREADS` grows a hundred trees and prints figures, one a line.
"""

import sys
import time
from pathlib import Path

import numpy

COLUMNS = 20


def world(folder: Path, rows: int) -> None:
    source = numpy.random.Generator(numpy.random.PCG64(7))
    slopes = source.normal(scale=0.5, size=13)
    effects = [source.normal(scale=0.6, size=count) for count in (3, 5, 8, 12, 20, 40, 200)]
    for name, count in (("train", rows), ("test", 100_000)):
        numbers = source.normal(size=(count, 13))
        margin = numpy.tanh(numbers) @ slopes + 0.6 * numbers[:, 0] * (numbers[:, 1] > 0) - 0.8
        codes = []
        for effect in effects:
            # Codes by how common they are.
            code = (source.uniform(size=count) ** 2 * len(effect)).astype(int)
            margin += effect[code]
            codes.append(code)
        for column in (2, 5, 8):
            missing = source.uniform(size=count) < 0.1 + 0.2 * (margin > 0)
            numbers[missing, column] = numpy.nan
        happened = source.uniform(size=count) < 1 / (1 + numpy.exp(-margin))
        records = numpy.column_stack([numbers, *codes]).astype("<f8")
        (folder / f"{name}.x").write_bytes(numpy.ascontiguousarray(records).tobytes())
        (folder / f"{name}.y").write_bytes(happened.astype(numpy.uint8).tobytes())


def read(folder: Path, name: str):
    records = numpy.fromfile(folder / f"{name}.x", dtype="<f8").reshape(-1, COLUMNS)
    return records, numpy.fromfile(folder / f"{name}.y", dtype=numpy.uint8)


def with_lightgbm(folder: Path, threads: int) -> None:
    import lightgbm

    records, happened = read(folder, "train")
    settings = {
        "objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "num_threads": threads,
        "verbose": -1,
    }
    began = time.perf_counter()
    model = lightgbm.train(settings, lightgbm.Dataset(records, happened), num_boost_round=100)
    print("fit_seconds", time.perf_counter() - began)
    records, happened = read(folder, "test")
    fastest, probability = float("inf"), None
    for _ in range(5):
        began = time.perf_counter()
        probability = model.predict(records, num_threads=threads)
        fastest = min(fastest, time.perf_counter() - began)
    print("predict_seconds", fastest)
    loss = -numpy.where(happened == 1, numpy.log(probability), numpy.log1p(-probability)).mean()
    print("log_loss", loss)
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = [float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")]
    print("peak_mib", peak[0] if peak else float("nan"))


def main() -> None:
    verb, folder, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    {"world": world, "lightgbm": with_lightgbm}[verb](folder, number)


main()
