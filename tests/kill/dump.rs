//! Everything that a portal's database says, row for row.

use std::collections::BTreeSet;
use std::path::Path;

use crm::PortalId;
use rusqlite::types::ValueRef;
use store::{DataDir, PortalStore, StoreError, testing};

use crate::child::VAULT;

/// The history of the runs differs by nature: a killed sync is two runs.
const BOOKKEEPING: &[&str] = &["sync_run"];

/// All rows of all tables but the bookkeeping, as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dump(BTreeSet<String>);

impl Dump {
    /// Reads the copy in a folder, and checks the file on the way.
    pub(crate) fn of(folder: &Path, portal: PortalId) -> Self {
        let dir = DataDir::open(folder).unwrap();
        let store = PortalStore::open(&dir, &testing::vault(VAULT), portal).unwrap();
        store.verify_file().unwrap();
        Self(store.read(rows).unwrap())
    }

    /// Without what the last check found: one after a kill finds less, because the one before it has
    /// repaired something already.
    pub(crate) fn without_findings(mut self) -> Self {
        self.0.retain(|row| !row.starts_with("reconcil"));
        self
    }

    pub(crate) fn rows(&self) -> usize {
        self.0.len()
    }

    /// The rows that only one of the two has: those missing in `other` first.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let missing = self
            .0
            .difference(&other.0)
            .map(|row| format!("missing {row}"));
        let extra = other
            .0
            .difference(&self.0)
            .map(|row| format!("extra {row}"));
        missing.chain(extra).take(20).collect()
    }
}

fn rows(connection: &rusqlite::Connection) -> Result<BTreeSet<String>, StoreError> {
    let mut tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?;
    let tables: Vec<String> = tables.collect::<Result<_, _>>()?;
    let mut all = BTreeSet::new();
    for table in tables {
        if BOOKKEEPING.contains(&table.as_str()) {
            continue;
        }
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut text = table.clone();
            for column in 0..columns {
                text.push('|');
                match row.get_ref(column)? {
                    ValueRef::Null => text.push('~'),
                    ValueRef::Integer(number) => text.push_str(&number.to_string()),
                    ValueRef::Real(number) => text.push_str(&number.to_string()),
                    ValueRef::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
                    ValueRef::Blob(bytes) => text.push_str(&format!("{bytes:?}")),
                }
            }
            assert!(all.insert(text), "no table has a row twice");
        }
    }
    Ok(all)
}
