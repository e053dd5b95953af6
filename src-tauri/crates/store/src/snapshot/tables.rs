//! Which tables go into a snapshot. Every table of the schema is on one of the two lists, and a test
//! says so: what a report needs must not be missing, and a secret must not slip in.

/// What reports are made of, and how far the copy had come.
pub(super) const FROZEN: &[&str] = &[
    "portal",
    "record",
    "deal",
    "activity",
    "deal_activity",
    "property_version",
    "association",
    "association_label",
    "property_definition",
    "pipeline",
    "stage",
    "owner",
    "owner_team",
    "quota",
    "fiscal_year",
    "sync_run",
    "sync_cursor",
    "merged_record",
    "reconciliation",
    "reconciled_object",
    "reconciled_month",
    "reconciled_sample",
    "competitor_dictionary",
    "activity_texts",
    "declared_icp",
    "score_model",
    "score_champion",
    "score",
    "score_overrule",
    "score_properties",
];

/// What stays behind; in a snapshot these tables are there and empty. The credential opens HubSpot;
/// the journal says what was, or is about to be, written there and by whom; and a frozen portal spends
/// no calls, follows no changes and is refused nothing.
#[cfg(test)]
const LEFT_OUT: &[&str] = &[
    "api_day",
    "association_cursor",
    "association_due",
    "change_cursor",
    "credential",
    "met_record",
    "plan",
    "plan_definition",
    "plan_change",
    "refusal",
    "unseen_record",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use rusqlite::Connection;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_is_either_frozen_or_left_out() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, schema::PORTAL).unwrap();
        let mut statement = connection
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            )
            .unwrap();
        let found: BTreeSet<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let listed: BTreeSet<String> = FROZEN
            .iter()
            .chain(LEFT_OUT)
            .map(|name| (*name).to_owned())
            .collect();
        assert_eq!(
            listed, found,
            "put a new table on one of the lists: is it needed for reports, and is it no secret?"
        );
        assert!(FROZEN.iter().all(|name| !LEFT_OUT.contains(name)));
    }
}
