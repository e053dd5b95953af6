//! What the copy has to say once it is quiet: what a copy says that was made from nothing, and of the
//! records that are gone what became of them.

use std::collections::{BTreeMap, BTreeSet};

use store::Reconciliation;

use crate::doing::Past;
use crate::portal::Copy;

/// Rows by what names them.
type Rows = BTreeMap<Vec<String>, Vec<String>>;

/// The rows of a question; its first columns name the row.
fn rows(copy: &Copy, named_by: usize, sql: &str) -> Rows {
    let split = |mut row: Vec<String>| {
        let rest = row.split_off(named_by);
        (row, rest)
    };
    copy.rows(sql).into_iter().map(split).collect()
}

const LIVE: &str = "SELECT 1 FROM record r WHERE r.archived = 0 AND r.object_type =";

/// Questions that both copies answer alike, with the number of columns that name a row.
fn same_answers() -> Vec<(usize, String)> {
    let fixed = [
        (
            2,
            "SELECT object_type, record_id, created_at, updated_at, gone FROM record WHERE archived = 0",
        ),
        (1, "SELECT record_id, * FROM deal WHERE archived = 0"),
        (
            2,
            "SELECT object_type, name, label, type, field_type, group_name, hubspot_defined, calculated, \
             read_only, details FROM property_definition WHERE archived = 0",
        ),
        (
            2,
            "SELECT object_type, pipeline_id, label, display_order FROM pipeline WHERE archived = 0",
        ),
        (
            3,
            "SELECT object_type, pipeline_id, stage_id, label, display_order, probability, closed FROM stage \
             WHERE archived = 0",
        ),
        (
            1,
            "SELECT owner_id, user_id, email, first_name, last_name, archived FROM owner",
        ),
        (
            2,
            "SELECT owner_id, team_id, team_name, is_primary FROM owner_team",
        ),
    ];
    let of_live = [
        (
            2,
            format!(
                "SELECT * FROM activity WHERE EXISTS ({LIVE} object_type AND r.record_id = activity.record_id)"
            ),
        ),
        (
            6,
            format!(
                "SELECT from_type, from_id, to_type, to_id, type_id, category, label FROM association a \
                 WHERE EXISTS ({LIVE} a.from_type AND r.record_id = a.from_id)"
            ),
        ),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(named_by, sql)| (named_by, sql.to_owned()));
    fixed.chain(of_live).collect()
}

fn properties(copy: &Copy) -> BTreeMap<Vec<String>, BTreeMap<String, serde_json::Value>> {
    let sql = "SELECT object_type, record_id, properties FROM record WHERE archived = 0";
    let rows = copy.rows(sql).into_iter();
    rows.map(|mut row| {
        let properties = serde_json::from_str(&row.pop().unwrap()).unwrap();
        (row, properties)
    })
    .collect()
}

fn versions(copy: &Copy) -> BTreeSet<Vec<String>> {
    let sql = format!(
        "SELECT object_type, record_id, property, at, value FROM property_version v \
         WHERE EXISTS ({LIVE} v.object_type AND r.record_id = v.record_id)"
    );
    copy.rows(&sql).into_iter().collect()
}

/// What is wrong with our copy beside a fresh one, in words.
pub(crate) fn unlike(ours: &Copy, fresh: &Copy) -> Vec<String> {
    let mut wrong = Vec::new();
    for (named_by, sql) in same_answers() {
        let (mine, theirs) = (rows(ours, named_by, &sql), rows(fresh, named_by, &sql));
        let names: BTreeSet<_> = mine.keys().chain(theirs.keys()).collect();
        for name in names {
            let (mine, theirs) = (mine.get(name), theirs.get(name));
            if mine != theirs {
                let question = sql.split("FROM ").nth(1).unwrap_or_default();
                let table = question.split(' ').next().unwrap_or_default();
                wrong.push(format!(
                    "{table} {name:?}: {mine:?}, and should be {theirs:?}"
                ));
            }
        }
    }
    let mine = properties(ours);
    for (name, should) in properties(fresh) {
        for (property, value) in should {
            let is = mine.get(&name).and_then(|all| all.get(&property));
            // Values of properties that are no longer defined stay as they were.
            if is != Some(&value) {
                wrong.push(format!(
                    "{name:?} {property}: {is:?}, and should be {value}"
                ));
            }
        }
    }
    let mine = versions(ours);
    let lacking = versions(fresh)
        .into_iter()
        .filter(|version| !mine.contains(version));
    wrong.extend(lacking.map(|version| format!("no version {version:?}")));
    wrong
}

/// What is wrong with what the copy says of records that are gone.
pub(crate) fn misremembered(ours: &Copy, past: &Past) -> Vec<String> {
    let mut wrong = Vec::new();
    let known = rows(
        ours,
        2,
        "SELECT object_type, record_id, archived, gone FROM record",
    );
    let state = |(kind, id): &(&'static str, String)| {
        let row = known.get(&vec![(*kind).to_owned(), id.clone()]);
        row.map(|row| row[1].as_str())
    };
    let leads_to = rows(
        ours,
        2,
        "SELECT object_type, record_id, survivor_id FROM merged_record",
    );
    for name in &past.archived {
        if !matches!(state(name), None | Some("archived")) {
            wrong.push(format!(
                "{name:?} is {:?} and lies in the recycle bin",
                state(name)
            ));
        }
    }
    for name @ (kind, id) in past.merged.keys() {
        let survivor = past.resolve(kind, id);
        let survives = !past.purged.contains(&(*kind, survivor.clone()));
        let Some(state) = state(name).filter(|_| survives) else {
            continue;
        };
        let mut at = vec![(*kind).to_owned(), id.clone()];
        while let Some(next) = leads_to.get(&at) {
            at[1].clone_from(&next[0]);
        }
        if state != "merged" || at[1] != survivor {
            wrong.push(format!(
                "{name:?} is {state:?} and leads to {}, not {survivor}",
                at[1]
            ));
        }
    }
    for name in &past.purged {
        if state(name) == Some("") {
            wrong.push(format!("{name:?} is live and was purged"));
        }
    }
    let everything = [
        "SELECT object_type, record_id FROM record",
        "SELECT object_type, record_id FROM property_version",
        "SELECT from_type, from_id FROM association",
        "SELECT to_type, to_id FROM association",
        "SELECT object_type, record_id FROM merged_record",
        "SELECT object_type, survivor_id FROM merged_record",
    ];
    for sql in everything {
        let left: BTreeSet<_> = ours.rows(sql).into_iter().collect();
        for (kind, id) in &past.forgotten {
            if left.contains(&vec![(*kind).to_owned(), id.clone()]) {
                wrong.push(format!("{kind} {id} was to be forgotten: {sql}"));
            }
        }
    }
    let disagree = "SELECT d.record_id FROM deal d LEFT JOIN record r ON r.object_type = 'deals' \
                    AND r.record_id = d.record_id WHERE r.archived IS NOT d.archived";
    wrong.extend(
        ours.rows(disagree)
            .iter()
            .map(|row| format!("deal and record {row:?}")),
    );
    wrong
}

/// What is wrong with a check that should find nothing.
pub(crate) fn unclean(found: &Reconciliation) -> Vec<String> {
    let mut wrong = Vec::new();
    if !found.is_clean() || !found.differences.is_empty() {
        wrong.push(format!(
            "verify: {:?} {:?}",
            found.not_checked, found.differences
        ));
    }
    let differ = found
        .samples
        .iter()
        .filter(|sample| sample.missing + sample.surplus > 0);
    wrong.extend(differ.map(|sample| format!("verify: {sample:?}")));
    wrong
}
