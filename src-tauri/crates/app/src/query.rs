//! The analyst's door: one read-only question in SQL.

use serde::Serialize;
use store::Cell;

use crate::app::App;
use crate::views::{CopyId, SnapshotMark};
use crate::wire::WireError;

/// The most rows that a question answers; more are cut, and the answer says so.
const MOST_ROWS: usize = 10_000;

/// The answer to a question in SQL.
#[derive(Debug, Clone, Serialize)]
pub struct QueryAnswer {
    /// Present where a snapshot answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotMark>,
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows, each value as JSON has it.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// Whether there were more rows than are given.
    pub cut: bool,
}

impl App {
    /// Asks a portal's copy, or a snapshot, a question in SQL. Reads only, one statement only, and never the
    /// tokens.
    ///
    /// # Errors
    /// When the portal is unknown, or the statement is not a single readable question.
    pub async fn query(&self, copy: CopyId, sql: String) -> Result<QueryAnswer, WireError> {
        let portal = self.copy(copy).await?;
        let snapshot = portal.snapshot();
        portal
            .with_store(move |store| {
                let answer = store.read_only_query(&sql, MOST_ROWS)?;
                Ok(QueryAnswer {
                    snapshot,
                    columns: answer.columns,
                    rows: answer
                        .rows
                        .into_iter()
                        .map(|row| row.into_iter().map(as_json).collect())
                        .collect(),
                    cut: answer.truncated,
                })
            })
            .await
    }
}

fn as_json(cell: Cell) -> serde_json::Value {
    match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Integer(number) => number.into(),
        Cell::Real(number) => number.into(),
        Cell::Text(text) => text.into(),
        Cell::Blob(bytes) => format!("({bytes} bytes)").into(),
    }
}
