//! Fourfold tables and families of p-values. Closed forms and sums: 1e-10.

use crate::{cases, check, number, numbers};
use serde_json::Value;
use stats::{
    Table, Test, benjamini_hochberg, benjamini_yekutieli, chi_squared_tail, fisher_exact, mid_p,
    odds_ratio, risk_ratio, stratified, weighted_benjamini_hochberg,
};

const TOLERANCE: f64 = 1e-10;

fn answers(section: &str) -> Vec<Value> {
    cases(
        include_str!("../../../../../tests/oracles/tables.json"),
        section,
    )
}

fn table(cells: &Value) -> Table {
    let cells: Vec<u32> = numbers(cells).iter().map(|&cell| cell as u32).collect();
    Table {
        a: cells[0],
        b: cells[1],
        c: cells[2],
        d: cells[3],
    }
}

fn tables(case: &Value) -> Vec<Table> {
    let strata = case["strata"].as_array().unwrap();
    strata.iter().map(table).collect()
}

#[test]
fn single_tables() {
    for case in answers("single") {
        let table = table(&case["table"]);
        let fisher = fisher_exact(&table);
        check(fisher.two_sided, &case["two-sided"], TOLERANCE, &case);
        check(fisher.greater, &case["greater"], TOLERANCE, &case);
        check(fisher.less, &case["less"], TOLERANCE, &case);
        for (name, ratio) in [
            ("odds", odds_ratio(&table, 0.9)),
            ("risk", risk_ratio(&table, 0.9)),
        ] {
            let Some(theirs) = case.get(name) else {
                continue;
            };
            let ratio = ratio.unwrap();
            check(ratio.value, &theirs[0], 1e-9, &case);
            check(ratio.low, &theirs[1], 1e-9, &case);
            check(ratio.high / number(&theirs[2]), &1.0.into(), 1e-9, &case);
        }
    }
}

#[test]
fn strata() {
    for case in answers("strata") {
        let tables = tables(&case);
        let ours = stratified(&tables, 0.95);
        let odds = ours.odds.unwrap();
        check(odds.value, &case["odds"], TOLERANCE, &case);
        check(odds.log_error, &case["log_error"], TOLERANCE, &case);
        check(odds.low, &case["odds_interval"][0], 1e-9, &case);
        check(odds.high, &case["odds_interval"][1], 1e-9, &case);
        let risk = ours.risk.unwrap();
        check(risk.value, &case["risk"], TOLERANCE, &case);
        check(risk.log_error, &case["risk_log_error"], TOLERANCE, &case);
        let tests: [(&str, Option<Test>); 4] = [
            ("association", ours.association),
            ("association_corrected", ours.association_corrected),
            ("homogeneity", ours.homogeneity),
            ("homogeneity_adjusted", ours.homogeneity_adjusted),
        ];
        for (name, test) in tests {
            let test = test.unwrap();
            check(test.statistic, &case[name][0], 1e-8, &case);
            check(test.p, &case[name][1], 1e-9, &case);
        }
    }
}

#[test]
fn families_of_p_values() {
    for case in answers("families") {
        let p = numbers(&case["p"]);
        for (name, ours) in [
            ("hochberg", benjamini_hochberg(&p)),
            ("yekutieli", benjamini_yekutieli(&p)),
        ] {
            for (i, q) in ours.unwrap().into_iter().enumerate() {
                check(q, &case[name][i], TOLERANCE, &case);
            }
        }
    }
}

#[test]
fn exact_tests_of_strata() {
    for case in answers("exact") {
        let ours = mid_p(&tables(&case)).unwrap();
        check(ours, &case["mid_p"], TOLERANCE, &case);
    }
}

#[test]
fn families_of_weighted_p_values() {
    for case in answers("weighted_families") {
        let (p, weights) = (numbers(&case["p"]), numbers(&case["weights"]));
        let ours = weighted_benjamini_hochberg(&p, &weights).unwrap();
        for (i, q) in ours.into_iter().enumerate() {
            check(q, &case["hochberg"][i], TOLERANCE, &case);
        }
    }
}

#[test]
fn chi_squared_tails() {
    for case in answers("chi_squared") {
        let ours = chi_squared_tail(number(&case["x"]), number(&case["degrees"]));
        check(ours, &case["tail"], 1e-9, &case);
    }
}
