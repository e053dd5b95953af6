//! How a page reaches the store: its rows and its cursor in one transaction.

use crm::{Moment, ObjectType, RecordId};
use rows::apply;
use store::{
    AssociationLabelRow, AssociationRow, ChangeCursor, Cursor, OwnerRow, PipelineRow, PortalInfo,
    PortalStore, PropertyDefinitionRow, RecordRow, RecordValues, StoreError,
};

mod rows;

/// A page of a stream, ready to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What was read.
    pub rows: Rows,
    /// Where the stream stands once they are stored.
    pub cursor: Cursor,
    /// What is known to be complete once they are stored.
    pub milestone: Option<Milestone>,
    /// When it was read.
    pub at: Moment,
}

/// What is complete with a page, beyond its own stream: later runs build on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Milestone {
    /// A type's changes are followed up to here.
    Changes(ChangeCursor),
    /// The ids of a type were compared.
    Reconciled(ChangeCursor),
    /// A pair's associations were read whole at a moment; `None`: they have to be.
    Pair(ObjectType, ObjectType, Option<Moment>),
}

/// The rows of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// None: the stream cannot be read, or there is nothing to read in it.
    Nothing,
    /// What the account says about itself.
    Account(PortalInfo),
    /// All owners.
    Owners(Vec<OwnerRow>),
    /// All pipelines of a type.
    Pipelines(ObjectType, Vec<PipelineRow>),
    /// All property definitions of a type.
    Properties(ObjectType, Vec<PropertyDefinitionRow>),
    /// All kinds of association between two types.
    Labels(ObjectType, ObjectType, Vec<AssociationLabelRow>),
    /// Records of a type whose associations are to be read again.
    Due(ObjectType, Vec<RecordId>),
    /// Records of a type, from a list of all.
    Records(ObjectType, Vec<RecordRow>),
    /// What became of records of a type.
    Changes(ObjectType, Changed),
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

/// What became of records of a type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Those that are live, as they are now. Their associations are due.
    pub found: Vec<RecordRow>,
    /// Those that are not.
    pub fates: Vec<(RecordId, Fate)>,
    /// Single properties of those that did not change otherwise.
    pub values: Vec<RecordValues>,
    /// Ids that a comparison of all ids has met.
    pub met: Vec<RecordId>,
    /// Those that HubSpot shows no more, and that are kept for a while.
    pub unseen: Vec<RecordId>,
    /// The last run that read everything, which still saw them.
    pub last_run: Option<i64>,
}

/// Why a record is no longer live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It lies in the recycle bin, since when HubSpot says.
    Archived(Option<Moment>),
    /// It was merged into this one.
    Merged(RecordId),
    /// HubSpot has it neither live nor in the recycle bin.
    Nowhere,
}

impl Rows {
    /// How many values these are: what a page weighs in memory.
    pub(crate) fn values(&self) -> usize {
        let of_records = |rows: &[RecordRow]| -> usize {
            let versions = rows.iter().flat_map(|row| row.histories.values());
            let values = rows.iter().map(|row| row.properties.len());
            values.sum::<usize>() + versions.map(Vec::len).sum::<usize>()
        };
        match self {
            Self::Records(_, rows) => of_records(rows),
            Self::Changes(_, changed) => of_records(&changed.found) + changed.met.len(),
            Self::Associations { asked, found, .. } => asked.len() + found.len(),
            Self::Due(_, ids) => ids.len(),
            Self::Nothing
            | Self::Account(_)
            | Self::Owners(_)
            | Self::Pipelines(..)
            | Self::Properties(..)
            | Self::Labels(..) => 0,
        }
    }
}

impl Page {
    /// Writes the rows.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn write_rows(&self, tx: &rusqlite::Transaction<'_>) -> Result<(), StoreError> {
        apply(tx, self)
    }

    /// Writes the cursor, and what is complete with it.
    ///
    /// # Errors
    /// Failures of the database.
    pub fn write_cursor(&self, tx: &rusqlite::Transaction<'_>) -> Result<(), StoreError> {
        store::save_cursor(tx, &self.cursor, self.at)?;
        match &self.milestone {
            None => Ok(()),
            Some(Milestone::Changes(cursor)) => store::save_change_cursor(tx, cursor),
            Some(Milestone::Reconciled(cursor)) => {
                store::forget_met(tx, &cursor.object)?;
                store::save_change_cursor(tx, cursor)
            }
            Some(Milestone::Pair(from, to, at)) => {
                store::save_association_cursor(tx, from, to, *at)
            }
        }
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

    /// Stores pages of one stream that came while others were being stored, in their order. Blocks.
    ///
    /// # Errors
    /// Failures of the database; then some pages at the beginning may be stored, and none that
    /// follows one that is not.
    fn land_all(&self, store: &PortalStore, pages: &[Page]) -> Result<(), StoreError> {
        pages.iter().try_for_each(|page| self.land(store, page))
    }
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

    /// All of them together: what they share, such as the inner pages of an index, is written once.
    fn land_all(&self, store: &PortalStore, pages: &[Page]) -> Result<(), StoreError> {
        store.write(|tx| {
            pages.iter().try_for_each(|page| {
                page.write_rows(tx)?;
                page.write_cursor(tx)
            })
        })
    }
}
