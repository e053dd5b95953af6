//! The log that somebody asked for: one file, for finding out what went wrong.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Only what our own crates say, at every level: we know that it holds ids and counts and never a
/// name or a token. What other crates might say is not ours to promise.
const WHO_MAY_SPEAK: &str = "off,plumbline=trace,app=trace,hubspot=trace,store=trace,sync=trace,\
                             timeline=trace,analyses=trace,writeback=trace";

/// Begins to append to a log, a line of JSON an event. Only its owner can read a new file.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn begin(path: &Path) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|error| {
        let kind = error.kind();
        Failure::usage(&format!("The log file cannot be written: {kind}."))
    })?;
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(WHO_MAY_SPEAK))
        .with_writer(Mutex::new(file))
        .init();
    Ok(())
}
