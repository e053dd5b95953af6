//! Comparing what HubSpot holds with what we would write. Pure.

use std::collections::BTreeMap;

use crm::{RecordId, parse_amount};

/// What writing `wanted` over `live` would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// (record, value now, value to write), in the order of the records.
    pub changes: Vec<(RecordId, Option<String>, String)>,
    /// Records that hold the value already.
    pub unchanged: u32,
    /// Records that HubSpot no longer has.
    pub gone: u32,
}

/// Whether two raw texts are the same value. HubSpot rewrites numbers (`31.40` comes back as
/// `31.4`), so numbers are compared as numbers.
#[must_use]
pub fn same_value(a: &str, b: &str) -> bool {
    a == b
        || match (parse_amount(a), parse_amount(b)) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        }
}

/// Whether what HubSpot holds (`None` when empty) is `value` (empty text when cleared).
#[must_use]
pub(crate) fn holds(live: Option<&str>, value: &str) -> bool {
    same_value(live.unwrap_or_default(), value)
}

/// Leaves of `wanted` what is not already so. A record that is missing from `live` is gone.
#[must_use]
pub fn differences(
    live: &BTreeMap<RecordId, Option<String>>,
    wanted: &BTreeMap<RecordId, String>,
) -> Differences {
    let mut found = Differences::default();
    for (record, new) in wanted {
        match live.get(record) {
            None => found.gone += 1,
            Some(old) if holds(old.as_deref(), new) => found.unchanged += 1,
            Some(old) => found.changes.push((*record, old.clone(), new.clone())),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_compared_as_numbers() {
        for (a, b, same) in [
            ("31.4", "31.40", true),
            ("31.4", "31.5", false),
            ("", "0", false),
            ("a", "a", true),
            ("a", "A", false),
            ("1e2", "100", true),
        ] {
            assert_eq!(same_value(a, b), same, "{a:?} and {b:?}");
        }
    }

    fn values() -> impl Strategy<Value = BTreeMap<RecordId, Option<String>>> {
        let value = proptest::option::of("[0-9]{1,2}(\\.[0-9])?");
        proptest::collection::btree_map((0_u64..40).prop_map(RecordId::new), value, 0..30)
    }

    proptest! {
        /// Writing the differences makes every record that still exists hold what was wanted, and
        /// doing it again changes nothing.
        #[test]
        fn a_second_run_writes_nothing(live in values(), wanted in values()) {
            let wanted: BTreeMap<RecordId, String> =
                wanted.into_iter().map(|(id, value)| (id, value.unwrap_or_default())).collect();
            let first = differences(&live, &wanted);
            prop_assert_eq!(
                first.changes.len() + (first.unchanged + first.gone) as usize,
                wanted.len()
            );
            let mut after = live;
            for (record, _, new) in &first.changes {
                after.insert(*record, Some(new.clone()).filter(|text| !text.is_empty()));
            }
            prop_assert!(differences(&after, &wanted).changes.is_empty());
        }
    }
}
