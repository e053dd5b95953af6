//! The second row of steps, which runs while the first one has the terminal.
//!
//! Each of its steps is a process of its own, so that what it prints can be kept apart and shown in one
//! piece when it has ended.

use crate::steps::{Lane, Outcome, Step};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

/// The front steps that have ended, and who waits for one of them.
#[derive(Default)]
pub(crate) struct Ended {
    names: Mutex<BTreeSet<&'static str>>,
    changed: Condvar,
}

impl Ended {
    /// Says that the front step `name` has ended, whether well or not.
    pub(crate) fn say(&self, name: &'static str) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(name);
        self.changed.notify_all();
    }

    fn wait_for(&self, name: &str) {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        while !names.contains(name) {
            names = self
                .changed
                .wait(names)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Runs `steps` one after the other, each as soon as what it needs has `ended`, and tells `done` of
/// each: when it began, how it ended, and where what it printed lies.
pub(crate) fn run(
    steps: &[&Step],
    ended: &Ended,
    mut done: impl FnMut(&'static str, Instant, Result<Outcome, String>, PathBuf),
) {
    // Asked now: once cargo has written this program anew, the system calls its old file deleted.
    let this = std::env::current_exe().map_err(|error| format!("this program: {error}"));
    for step in steps {
        if let Lane::Beside { after } = step.lane {
            ended.wait_for(after);
        }
        let begun = Instant::now();
        let printed = crate::root()
            .join("target/xtask/steps")
            .join(format!("{}.txt", step.name));
        let outcome = this
            .clone()
            .and_then(|this| in_its_own_process(&this, step.name, &printed));
        done(step.name, begun, outcome, printed);
    }
}

fn in_its_own_process(this: &Path, name: &str, printed: &Path) -> Result<Outcome, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", printed.display());
    if let Some(folder) = printed.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let out = File::create(printed).map_err(failed)?;
    let also = out.try_clone().map_err(failed)?;
    let status = Command::new(this)
        .args(["step", name])
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(also)
        .status()
        .map_err(|error| format!("the step could not be started: {error}"))?;
    if status.success() {
        Ok(Outcome::Passed)
    } else {
        Err("its output, above, says why".to_owned())
    }
}
