//! Writing the rows of a page, by what they are.

use crm::ObjectType;
use rusqlite::Transaction;
use store::{Gone, StoreError};

use super::{Changed, Fate, Page, Rows};

pub(super) fn apply(tx: &Transaction<'_>, page: &Page) -> Result<(), StoreError> {
    let generation = page.cursor.generation;
    match &page.rows {
        Rows::Nothing => Ok(()),
        Rows::Account(info) => store::save_portal_info(tx, info),
        Rows::Owners(rows) => store::replace_owners(tx, rows),
        Rows::Pipelines(object, rows) => store::replace_pipelines(tx, object, rows),
        Rows::Properties(object, rows) => store::replace_property_definitions(tx, object, rows),
        Rows::Labels(from, to, rows) => store::replace_association_labels(tx, from, to, rows),
        Rows::Due(object, ids) => store::associations_are_due(tx, object, ids.iter().copied()),
        Rows::Records(object, rows) => {
            store::seen(tx, object, rows.iter().map(|row| row.id))?;
            store::apply_page(tx, object, rows, generation, page.at)
        }
        Rows::Changes(object, changed) => apply_changes(tx, object, changed, page),
        Rows::Associations {
            from,
            to,
            asked,
            found,
        } => store::replace_associations(tx, from, to, asked, found, generation),
    }
}

fn apply_changes(
    tx: &Transaction<'_>,
    object: &ObjectType,
    changed: &Changed,
    page: &Page,
) -> Result<(), StoreError> {
    store::apply_page(tx, object, &changed.found, page.cursor.generation, page.at)?;
    let ids = changed.found.iter().map(|row| row.id);
    store::associations_are_due(tx, object, ids)?;
    store::apply_values(tx, object, &changed.values)?;
    store::met(tx, object, changed.met.iter().copied())?;
    let told = changed.found.iter().map(|row| row.id);
    let told = told.chain(changed.met.iter().copied());
    let told = told.chain(changed.fates.iter().map(|(id, _)| *id));
    store::seen(tx, object, told)?;
    store::note_unseen(tx, object, &changed.unseen, page.at, changed.last_run)?;
    for (id, fate) in &changed.fates {
        match fate {
            Fate::Archived(since) => {
                store::bury(tx, object, *id, since.unwrap_or(page.at), Gone::Archived)?;
            }
            Fate::Merged(survivor) => store::merge_record(tx, object, *id, *survivor, page.at)?,
            Fate::Nowhere => {
                store::vanish(tx, object, *id, page.at)?;
            }
        }
    }
    Ok(())
}
