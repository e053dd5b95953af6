//! Runs of the sync, and how far every stream has come.

use crm::Moment;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::error::StoreError;

/// How a run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// The first run of a pass that reads everything.
    Full,
    /// A run that went on where another one stopped.
    Resumed,
    /// The first run of a pass that reads what changed since the last one.
    Changes,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOutcome {
    /// Everything that can be read was read.
    Done,
    /// The user stopped it.
    Cancelled,
    /// An error stopped it.
    Failed,
}

/// One run of the sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRun {
    /// Its number on this portal.
    pub id: i64,
    /// How it began.
    pub kind: RunKind,
    /// The pass over the portal that it belongs to.
    pub generation: u64,
    /// When it began.
    pub started_at: Moment,
    /// When it ended; `None` for one that runs, or whose process died.
    pub finished_at: Option<Moment>,
    /// How it ended.
    pub outcome: Option<RunOutcome>,
    /// A stable word for the error that ended it.
    pub error_code: Option<String>,
    /// Rows it stored.
    pub records: u64,
    /// Requests it made.
    pub calls: u64,
}

/// Where a stream stands within a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The stream, such as `records/deals`.
    pub stream: String,
    /// The pass it belongs to.
    pub generation: u64,
    /// What asks for the next page; `None` at the start.
    pub after: Option<String>,
    /// Whether nothing is left to read.
    pub done: bool,
    /// A stable word for why the stream cannot be read, such as `forbidden`.
    pub unavailable: Option<String>,
    /// Rows read so far.
    pub rows_seen: u64,
    /// What HubSpot counted and what was read, where the two could not be brought together.
    pub unproven: Option<String>,
}

const LOAD_RUNS: &str = include_str!("../../../../sql/store/load_runs.sql");
const LOAD_LAST_FINISHED: &str = include_str!("../../../../sql/store/load_last_finished_run.sql");
const LOAD_CALLS_OF_FULL_PASS: &str =
    include_str!("../../../../sql/store/load_calls_of_full_pass.sql");
const LOAD_PASS: &str = include_str!("../../../../sql/store/load_pass.sql");
const LOAD_PASS_BEGAN: &str = include_str!("../../../../sql/store/load_pass_began.sql");
const FINISH_RUN: &str = include_str!("../../../../sql/store/finish_run.sql");
const LOAD_CURSORS: &str = include_str!("../../../../sql/store/load_cursors.sql");
const SAVE_CURSOR: &str = include_str!("../../../../sql/store/save_cursor.sql");

/// A pass that began longer ago than this is not gone on with: a copy whose parts are further apart
/// in time would say that things are so which never were so together.
const LONGEST_PASS: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// A pass over a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass {
    /// Its number.
    pub generation: u64,
    /// How the run that works on it now begins.
    pub kind: RunKind,
    /// Whether it reads everything, rather than what changed.
    pub whole: bool,
    /// When its first run began: what it reads is complete as of then.
    pub began: Moment,
}

/// The pass that a run beginning `at` has to work on: an unfinished one is gone on with for a day.
/// Where the portal was never read whole, or where `full` asks for it, all of it is read; otherwise
/// what changed.
///
/// # Errors
/// Failures of the database.
pub fn open_pass(connection: &Connection, at: Moment, full: bool) -> Result<Pass, StoreError> {
    let latest = connection.query_row(LOAD_PASS, [], |row| {
        let began = Moment::from_millis(row.get(1)?);
        let pass = Pass {
            generation: row.get(0)?,
            kind: RunKind::Resumed,
            whole: row.get::<_, String>(2)? != "changes",
            began,
        };
        Ok((pass, row.get::<_, bool>(3)?, row.get::<_, bool>(4)?))
    });
    let (generation, whole) = match latest.optional()? {
        None => (1, true),
        Some((pass, false, _)) if !full && at.since(pass.began) <= LONGEST_PASS => {
            return Ok(pass);
        }
        Some((pass, _, copied)) => (pass.generation + 1, full || !copied),
    };
    Ok(Pass {
        generation,
        kind: if whole {
            RunKind::Full
        } else {
            RunKind::Changes
        },
        whole,
        began: at,
    })
}

/// Writes down that runs without an end died with their process: for whoever holds
/// [`PortalWork::Run`](crate::PortalWork::Run), as nobody else is at one then.
///
/// # Errors
/// Failures of the database.
pub fn end_lost_runs(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sync_run SET outcome = 'failed', error_code = 'interrupted' WHERE outcome IS NULL",
        [],
    )?;
    Ok(())
}

/// Records that a run begins, and tells its number. Runs that never came to an end died with their
/// process; that is written down too.
///
/// # Errors
/// Failures of the database.
pub fn start_run(
    tx: &Transaction<'_>,
    kind: RunKind,
    generation: u64,
    at: Moment,
) -> Result<i64, StoreError> {
    end_lost_runs(tx)?;
    let kind = match kind {
        RunKind::Full => "full",
        RunKind::Resumed => "resumed",
        RunKind::Changes => "changes",
    };
    tx.execute(
        "INSERT INTO sync_run (kind, generation, started_at) VALUES (?1, ?2, ?3)",
        params![kind, generation, at.millis()],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Records HubSpot's own time as of the beginning of a run.
///
/// # Errors
/// Failures of the database.
pub fn note_hubspot_time(tx: &Transaction<'_>, run: i64, at: Moment) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sync_run SET hubspot_at = ?2 WHERE run_id = ?1",
        params![run, at.millis()],
    )?;
    Ok(())
}

/// When a pass began by HubSpot's own time; `None` where no run of it ever got an answer.
///
/// # Errors
/// Failures of the database.
pub fn pass_began(connection: &Connection, generation: u64) -> Result<Option<Moment>, StoreError> {
    let began = connection.query_row(LOAD_PASS_BEGAN, [generation], |row| row.get(0));
    Ok(began.optional()?.map(Moment::from_millis))
}

/// Records how a run ended: the counts, the outcome and the moment are taken from `run`.
///
/// # Errors
/// Failures of the database.
pub fn finish_run(tx: &Transaction<'_>, run: &SyncRun) -> Result<(), StoreError> {
    let outcome = run.outcome.map(|outcome| match outcome {
        RunOutcome::Done => "done",
        RunOutcome::Cancelled => "cancelled",
        RunOutcome::Failed => "failed",
    });
    tx.execute(
        FINISH_RUN,
        params![
            run.id,
            run.finished_at.map(Moment::millis),
            outcome,
            run.error_code,
            run.records,
            run.calls,
        ],
    )?;
    Ok(())
}

/// The latest runs, newest first.
///
/// # Errors
/// Failures of the database.
pub fn recent_runs(connection: &Connection, limit: u32) -> Result<Vec<SyncRun>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_RUNS)?;
    let runs = statement.query_map([limit], run_of)?;
    Ok(runs.collect::<Result<_, _>>()?)
}

/// The latest run that read everything: how fresh the copy is.
///
/// # Errors
/// Failures of the database.
pub fn last_finished_run(connection: &Connection) -> Result<Option<SyncRun>, StoreError> {
    let run = connection.query_row(LOAD_LAST_FINISHED, [], run_of);
    Ok(run.optional()?)
}

/// The calls that the latest finished pass over everything cost, over all its runs. `None` where
/// there was no such pass, or a run of it died and took its count along.
///
/// # Errors
/// Failures of the database.
pub fn calls_of_full_pass(connection: &Connection) -> Result<Option<u64>, StoreError> {
    let calls = connection.query_row(LOAD_CALLS_OF_FULL_PASS, [], |row| row.get(0));
    Ok(calls.optional()?.flatten())
}

fn run_of(row: &Row<'_>) -> rusqlite::Result<SyncRun> {
    let kind: String = row.get(1)?;
    let outcome: Option<String> = row.get(5)?;
    Ok(SyncRun {
        id: row.get(0)?,
        kind: match kind.as_str() {
            "resumed" => RunKind::Resumed,
            "changes" => RunKind::Changes,
            _ => RunKind::Full,
        },
        generation: row.get(2)?,
        started_at: Moment::from_millis(row.get(3)?),
        finished_at: row.get::<_, Option<i64>>(4)?.map(Moment::from_millis),
        outcome: outcome.map(|outcome| match outcome.as_str() {
            "done" => RunOutcome::Done,
            "cancelled" => RunOutcome::Cancelled,
            _ => RunOutcome::Failed,
        }),
        error_code: row.get(6)?,
        records: row.get(7)?,
        calls: row.get(8)?,
    })
}

/// Where every stream stands within a generation.
///
/// # Errors
/// Failures of the database.
pub fn cursors(connection: &Connection, generation: u64) -> Result<Vec<Cursor>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_CURSORS)?;
    let cursors = statement.query_map([generation], |row| {
        Ok(Cursor {
            stream: row.get(0)?,
            generation: row.get(1)?,
            after: row.get(2)?,
            done: row.get(3)?,
            unavailable: row.get(4)?,
            rows_seen: row.get(5)?,
            unproven: row.get(6)?,
        })
    })?;
    Ok(cursors.collect::<Result<_, _>>()?)
}

/// Keeps where a stream stands. Belongs into the transaction of the rows it speaks of.
///
/// # Errors
/// Failures of the database.
pub fn save_cursor(tx: &Transaction<'_>, cursor: &Cursor, at: Moment) -> Result<(), StoreError> {
    tx.prepare_cached(SAVE_CURSOR)?.execute(params![
        cursor.stream,
        cursor.generation,
        cursor.after,
        cursor.done,
        cursor.unavailable,
        cursor.rows_seen,
        at.millis(),
        cursor.unproven,
    ])?;
    Ok(())
}
