//! Planted faults: the model finds each of them, or it is blind.

use std::sync::Arc;

use store::{PortalStore, StoreError};
use sync::{Fate, Landing, OneTransaction, Page, Rows};

use crate::search;

/// Cases after which a fault that was not found means that the model is blind.
const CASES_TO_FIND: u32 = 150;

fn check(about: &str, landing: impl Fn() -> Arc<dyn Landing>) {
    let found = search(CASES_TO_FIND, 7, landing, false);
    let Some((cases, why)) = found else {
        panic!("{about}: {CASES_TO_FIND} cases saw nothing wrong");
    };
    println!(
        "{about}: found after {cases} cases: {}",
        why.lines().take(2).collect::<Vec<_>>().join(" ")
    );
}

struct Spoiling(fn(&PortalStore, &mut Page) -> Result<(), StoreError>);

impl Landing for Spoiling {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        let mut page = page.clone();
        (self.0)(store, &mut page)?;
        OneTransaction.land(store, &page)
    }
}

/// Associations are added and never taken away.
#[test]
fn a_removed_association_that_is_ignored_is_found() {
    check("association removals ignored", || {
        Arc::new(Spoiling(|store, page| {
            if let Rows::Associations {
                from,
                to,
                asked,
                found,
            } = &mut page.rows
            {
                for id in asked {
                    let held = store.read(|c| store::associations_of(c, from, *id, to))?;
                    found.extend(held);
                }
            }
            Ok(())
        }))
    });
}

/// Stores pages, and no id that leads to another.
struct Unmerging;

impl Landing for Unmerging {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        store.write(|tx| {
            page.write_rows(tx)?;
            page.write_cursor(tx)?;
            Ok(tx.execute("DELETE FROM merged_record", [])?)
        })?;
        Ok(())
    }
}

#[test]
fn a_merged_id_that_is_dropped_is_found() {
    check("merged id dropped", || Arc::new(Unmerging));
}

/// The cursor is moved past what was read: what changed in the last minute before a run is left to a
/// next one that never looks again.
#[test]
fn a_cursor_that_is_moved_early_is_found() {
    check("cursor moved early", || {
        Arc::new(Spoiling(|_, page| {
            let minute_ago = page.at.plus(-jiff::SignedDuration::from_mins(1));
            if let Rows::Changes(_, changed) = &mut page.rows {
                changed
                    .found
                    .retain(|row| row.updated_at.is_none_or(|at| at < minute_ago));
            }
            Ok(())
        }))
    });
}

/// What HubSpot has nowhere is kept.
#[test]
fn a_purge_that_is_ignored_is_found() {
    check("purges ignored", || {
        Arc::new(Spoiling(|_, page| {
            if let Rows::Changes(_, changed) = &mut page.rows {
                changed
                    .fates
                    .retain(|(_, fate)| !matches!(fate, Fate::Nowhere));
            }
            Ok(())
        }))
    });
}
