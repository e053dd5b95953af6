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
    if make_private(&folder).is_err() {
        return;
    }
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("plumbline")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(&folder);
    if let Ok(file) = file {
        // The appender has made today's file by now, with whatever rights the session gives.
        let _ = make_private(&folder);
        let log = tracing_subscriber::fmt()
            .json()
            .with_env_filter(EnvFilter::new(WHO_MAY_SPEAK))
            .with_writer(std::sync::Mutex::new(file));
        // A second start in one process, as in tests, keeps the first log.
        drop(log.try_init());
    }
}

/// Makes the folder for its owner alone. Its files are closed to others by it: whatever they are
/// created with, nobody else gets to them.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    // One that an earlier version made is closed as well, with what is in it.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    /// The only test that begins the log: a process has one.
    #[test]
    fn the_log_is_its_owners_alone() {
        let data = tempfile::tempdir().unwrap();
        super::begin(data.path());
        let folder = data.path().join("log");
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
        assert!(!files.is_empty());
        for file in files {
            assert_eq!(mode(&file.unwrap().path()), 0o600);
        }
    }
}
