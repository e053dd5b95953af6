"""Asks DuckDB what the timeline was asked: which deals were open at a moment, and the sum of their amounts.

Arguments: the folder with `versions.csv` and `question.json`. Prints figures, one a line: seconds
to load the table, seconds of the fastest of ten answers, and whether the answer is the timeline's own.
"""

import json
import sys
import time
from decimal import Decimal
from pathlib import Path

import duckdb

OPEN = """
WITH said AS (
    SELECT record_id, property, arg_max(value, since) AS value
    FROM version
    WHERE since <= $at AND property IN ('dealstage', 'amount')
    GROUP BY record_id, property
),
stage AS (SELECT record_id, value FROM said WHERE property = 'dealstage'),
amount AS (SELECT record_id, value FROM said WHERE property = 'amount')
SELECT count(*), sum(CAST(amount.value AS DECIMAL(18, 2)))
FROM stage
LEFT JOIN amount USING (record_id)
WHERE stage.value NOT IN ('won', 'lost')
"""


def main() -> None:
    folder = Path(sys.argv[1])
    question = json.loads((folder / "question.json").read_text())
    connection = duckdb.connect()
    began = time.perf_counter()
    connection.execute(
        # The first versions of a large table are all amounts, from which it would guess a number.
        "CREATE TABLE version AS SELECT * FROM read_csv(?, types = {'value': 'VARCHAR'})",
        [str(folder / "versions.csv")],
    )
    loaded = time.perf_counter() - began
    fastest, answer = None, None
    for _ in range(10):
        began = time.perf_counter()
        answer = connection.execute(OPEN, {"at": question["at"]}).fetchone()
        took = time.perf_counter() - began
        fastest = took if fastest is None else min(fastest, took)
    same = answer[0] == question["open"] and Decimal(answer[1]) == Decimal(question["amount"])
    print("load_seconds", loaded)
    print("as_of_seconds", fastest)
    print("same_answer", int(same))


main()
