//! Writing the rows of a page, by what they are.

use rusqlite::Transaction;
use store::StoreError;

use super::{Page, Rows};

pub(super) fn apply(tx: &Transaction<'_>, page: &Page) -> Result<(), StoreError> {
    let generation = page.cursor.generation;
    match &page.rows {
        Rows::Nothing => Ok(()),
        Rows::Account(info) => store::save_portal_info(tx, info),
        Rows::Owners(rows) => store::replace_owners(tx, rows),
        Rows::Pipelines(object, rows) => store::replace_pipelines(tx, object, rows),
        Rows::Properties(object, rows) => store::replace_property_definitions(tx, object, rows),
        Rows::Records(object, rows) => {
            store::apply_page(tx, object, rows, generation)?;
            if page.cursor.done {
                store::mark_unseen_archived(tx, object, generation, page.at)?;
            }
            Ok(())
        }
        Rows::Associations {
            from,
            to,
            asked,
            found,
        } => store::replace_associations(tx, from, to, asked, found, generation),
    }
}
