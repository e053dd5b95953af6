//! A process that may be killed: this same test program, started again with orders.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdout, Command, Stdio};

use serde_json::Value;

/// Carries the orders of the parent to the child.
const ORDERS: &str = "PLUMBLINE_KILL_ORDERS";

/// A running child.
pub(crate) struct Process {
    process: std::process::Child,
    lines: BufReader<ChildStdout>,
}

impl Process {
    /// Starts this program again, at the one test that does what `orders` say.
    pub(crate) fn start(test: &str, orders: &Value) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(ORDERS, orders.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        Self { process, lines }
    }

    /// Waits until the child has said this many lines that begin so, or has ended.
    pub(crate) fn wait_for(&mut self, beginning: &str, times: usize) {
        let mut seen = 0;
        while seen < times {
            match self.next_line() {
                Some(line) => seen += usize::from(line.starts_with(beginning)),
                None => return,
            }
        }
    }

    /// Waits for the end and tells how many lines began so.
    pub(crate) fn count_until_the_end(&mut self, beginning: &str) -> usize {
        std::iter::from_fn(|| self.next_line())
            .filter(|line| line.starts_with(beginning))
            .count()
    }

    /// Kills the child with SIGKILL; tells whether it was still alive.
    pub(crate) fn kill(&mut self) -> bool {
        let alive = self.process.try_wait().unwrap().is_none();
        // Between the question and the kill it may end by itself: killing the dead does no harm.
        let _ = self.process.kill();
        let status = self.process.wait().unwrap();
        alive && !status.success()
    }

    pub(crate) fn ended_well(&mut self) -> bool {
        self.process.wait().unwrap().success()
    }

    fn next_line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line),
        }
    }
}

/// What this process was started to do; nothing, unless a parent of this test started it.
pub(crate) fn orders() -> Option<Value> {
    let orders = std::env::var(ORDERS).ok()?;
    Some(serde_json::from_str(&orders).unwrap())
}

/// Tells the parent a line. One write, so that a line is never torn and never waits in a buffer.
pub(crate) fn say(line: &str) {
    std::io::stdout()
        .write_all(format!("{line}\n").as_bytes())
        .unwrap();
    std::io::stdout().flush().unwrap();
}
