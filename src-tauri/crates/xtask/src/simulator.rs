//! A HubSpot on this machine, in a process of its own, until it is dropped.

use crate::command::command;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

pub(crate) struct Simulator {
    child: Child,
    /// What it printed at its start: where it is and how to get in, as JSON. Not for arguments or
    /// logs: it holds a token.
    pub(crate) line: String,
}

impl Simulator {
    /// Starts `plumbline sim serve` with further arguments.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> Result<Simulator, String> {
        let failed = |error: std::io::Error| format!("the simulator did not start: {error}");
        let all = [&["sim", "serve", "--port", "0"], arguments].concat();
        let mut child = command(&program.to_string_lossy(), &all, "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut line)
                .map_err(failed)?;
        }
        let simulator = Simulator { child, line };
        if simulator.line.trim().is_empty() {
            return Err("the simulator ended before it said where it is".to_owned());
        }
        Ok(simulator)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It ends when its input does; whether it had ended already does not matter any more.
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
