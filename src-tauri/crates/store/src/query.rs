//! A person's own question in SQL: one statement that reads, and never the credential.

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;

use crate::error::StoreError;
use crate::portal_store::PortalStore;

/// Virtual machine steps after which a question is given up: some tens of seconds of work.
const MOST_STEPS_IN_MILLIONS: u32 = 5_000;

/// One value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes, of which only the number is told.
    Blob(usize),
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryRows {
    /// The columns' names.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Whether more rows were there than the limit allowed.
    pub truncated: bool,
}

impl PortalStore {
    /// Answers one reading statement with at most `limit` rows. The connection is opened for the
    /// question and closed after it, so that nothing of it stays behind.
    ///
    /// # Errors
    /// [`StoreError::QueryRefused`] for anything but one reading statement, for the credential,
    /// and for a question that takes too long; failures of the database.
    pub fn read_only_query(&self, sql: &str, limit: usize) -> Result<QueryRows, StoreError> {
        let connection = self.open_reader()?;
        // No second file, and no statement that takes minutes to compile.
        connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000)?;
        connection.authorizer(Some(allow_reading))?;
        let mut millions = 0;
        connection.progress_handler(
            1_000_000,
            Some(move || {
                millions += 1;
                millions > MOST_STEPS_IN_MILLIONS
            }),
        )?;
        answer(&connection, sql, limit).map_err(refusal)
    }
}

fn answer(
    connection: &rusqlite::Connection,
    sql: &str,
    limit: usize,
) -> rusqlite::Result<QueryRows> {
    let mut batch = rusqlite::Batch::new(connection, sql);
    let Some(mut statement) = batch.next()? else {
        return Err(rusqlite::Error::InvalidQuery);
    };
    if batch.next()?.is_some() {
        return Err(rusqlite::Error::MultipleStatement);
    }
    let columns: Vec<String> = statement
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut answer = QueryRows {
        columns,
        rows: Vec::new(),
        truncated: false,
    };
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if answer.rows.len() == limit {
            answer.truncated = true;
            break;
        }
        let cells = (0..answer.columns.len()).map(|column| row.get_ref(column).map(cell));
        answer.rows.push(cells.collect::<rusqlite::Result<_>>()?);
    }
    Ok(answer)
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Cell::Blob(bytes.len()),
    }
}

/// Allows reading, and nothing else: what is not on the list is refused.
#[allow(clippy::needless_pass_by_value, reason = "the hook's signature")]
fn allow_reading(context: AuthContext<'_>) -> Authorization {
    let allowed = match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Read { table_name, .. } => !table_name.eq_ignore_ascii_case("credential"),
        AuthAction::Function { function_name } => {
            !function_name.eq_ignore_ascii_case("load_extension")
                && !function_name.to_ascii_lowercase().starts_with("sqlcipher")
        }
        _ => false,
    };
    if allowed {
        Authorization::Allow
    } else {
        Authorization::Deny
    }
}

/// Says in a person's words what SQLite refused. The person wrote the statement, so SQLite's words
/// about it may be quoted.
fn refusal(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;

    let words = match &error {
        rusqlite::Error::MultipleStatement => "one statement at a time".to_owned(),
        rusqlite::Error::InvalidQuery => "there is no statement".to_owned(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(failure, message) => match failure.code {
            ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly => {
                "only reading is allowed, and never the credential".to_owned()
            }
            ErrorCode::OperationInterrupted => "the question takes too long".to_owned(),
            ErrorCode::Unknown | ErrorCode::TooBig | ErrorCode::TypeMismatch => {
                message.clone().unwrap_or_else(|| failure.to_string())
            }
            _ => return error.into(),
        },
        _ => return error.into(),
    };
    StoreError::QueryRefused(words)
}
