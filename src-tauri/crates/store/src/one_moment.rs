//! Two readers of one moment, for what one thread cannot read fast enough.

use rusqlite::Connection;

use crate::error::StoreError;
use crate::portal_store::PortalStore;

/// How often it is tried to begin both readers between two commits. A writer commits every few
/// milliseconds at most, and beginning takes a fraction of one.
const ATTEMPTS: usize = 20;

impl PortalStore {
    /// Like [`PortalStore::read`] twice, on two threads and at the same moment: what `first` sees,
    /// `second` sees too, whatever is written meanwhile. Blocks.
    ///
    /// # Errors
    /// Those of `first`, else those of `second`, and failures of the database.
    pub fn read_in_two<A, B: Send>(
        &self,
        first: impl FnOnce(&Connection) -> Result<A, StoreError>,
        second: impl FnOnce(&Connection) -> Result<B, StoreError> + Send,
    ) -> Result<(A, B), StoreError> {
        let watch = self.open_reader()?;
        for _ in 0..ATTEMPTS {
            let before = version(&watch)?;
            let (one, other) = (self.begin_reading()?, self.begin_reading()?);
            if version(&watch)? != before {
                // Somebody committed in between: the two may see different moments.
                continue;
            }
            return std::thread::scope(|scope| {
                let beside = scope.spawn(move || second(&other));
                let first = first(&one);
                let second = match beside.join() {
                    Ok(second) => second,
                    Err(panic) => std::panic::resume_unwind(panic),
                };
                Ok((first?, second?))
            });
        }
        // A writer that never rests: one after the other, in one transaction.
        let one = self.begin_reading()?;
        Ok((first(&one)?, second(&one)?))
    }

    /// A reader in a transaction that sees this moment, and ends with it. The first read is what takes
    /// the moment.
    fn begin_reading(&self) -> Result<Connection, StoreError> {
        let reader = self.open_reader()?;
        reader.execute_batch("BEGIN")?;
        reader.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(reader)
    }
}

/// Changes whenever another connection commits (<https://sqlite.org/pragma.html#pragma_data_version>).
fn version(watch: &Connection) -> Result<i64, StoreError> {
    Ok(watch.pragma_query_value(None, "data_version", |row| row.get(0))?)
}
