//! How a page reaches the store: its rows and its cursor in one transaction.

use crm::{Moment, ObjectType, RecordId};
use rows::apply;
use store::{
    AssociationRow, Cursor, OwnerRow, PipelineRow, PortalInfo, PortalStore, PropertyDefinitionRow,
    RecordRow, StoreError,
};

mod rows;

/// A page of a stream, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What was read.
    pub rows: Rows,
    /// Where the stream stands once they are stored.
    pub cursor: Cursor,
    /// When it was read.
    pub at: Moment,
}

/// The rows of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// None: the stream cannot be read.
    Nothing,
    /// What the account says about itself.
    Account(PortalInfo),
    /// All owners.
    Owners(Vec<OwnerRow>),
    /// All pipelines of a type.
    Pipelines(ObjectType, Vec<PipelineRow>),
    /// All property definitions of a type.
    Properties(ObjectType, Vec<PropertyDefinitionRow>),
    /// Records of a type.
    Records(ObjectType, Vec<RecordRow>),
    /// All associations of some records to records of another type.
    Associations {
        /// The type they start from.
        from: ObjectType,
        /// The type they lead to.
        to: ObjectType,
        /// The records that were asked about.
        asked: Vec<RecordId>,
        /// What they are associated with.
        found: Vec<AssociationRow>,
    },
}

impl Page {
    /// Writes the rows and, with the last page of a type's records, marks archived what the pass
    /// has not met.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn write_rows(&self, tx: &rusqlite::Transaction<'_>) -> Result<(), StoreError> {
        apply(tx, self)
    }

    /// Writes the cursor.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn write_cursor(&self, tx: &rusqlite::Transaction<'_>) -> Result<(), StoreError> {
        store::save_cursor(tx, &self.cursor, self.at)
    }
}

/// How pages are stored. There is one right way, [`OneTransaction`]; the crash harness has wrong
/// ones, to show that it would notice.
pub trait Landing: Send + Sync {
    /// Stores a page. Blocks.
    ///
    /// # Errors
    /// Failures of the database.
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError>;
}

/// The rows and the cursor happen together or not at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct OneTransaction;

impl Landing for OneTransaction {
    fn land(&self, store: &PortalStore, page: &Page) -> Result<(), StoreError> {
        store.write(|tx| {
            page.write_rows(tx)?;
            page.write_cursor(tx)
        })
    }
}
