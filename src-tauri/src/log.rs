//! The log: one file a day beside the portals, kept for a week.

use std::path::Path;

use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

/// Only what our own crates say, since we know that it holds ids and counts and never a name or a
/// token. What other crates might say is not ours to promise.
const WHO_MAY_SPEAK: &str =
    "off,app=info,hubspot=info,store=info,sync=info,timeline=info,writeback=info";

/// Days that a log is kept.
const DAYS: usize = 7;

/// Begins to write the log in `data_dir`. Without a log everything else works, so a folder that
/// cannot be written to is left for the use cases to complain about.
pub(crate) fn begin(data_dir: &Path) {
    let folder = data_dir.join("log");
    if std::fs::create_dir_all(&folder).is_err() {
        return;
    }
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("plumbline")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder);
    if let Ok(file) = file {
        let log = tracing_subscriber::fmt()
            .json()
            .with_env_filter(EnvFilter::new(WHO_MAY_SPEAK))
            .with_writer(std::sync::Mutex::new(file));
        // A second start in one process, as in tests, keeps the first log.
        drop(log.try_init());
    }
}
