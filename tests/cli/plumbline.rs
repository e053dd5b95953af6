//! One user of the program: a home of its own, and the ways to start the program in it.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::simulator::Simulator;

/// The longest that any one command may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

/// The passphrase of every user here.
pub(crate) const PASSPHRASE: &str = "a long passphrase of nobody in particular";

/// The program, as cargo built it for this test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_plumbline");

/// The turn to ask for consent: HubSpot may answer to three fixed ports of a machine, which tests
/// that run at the same time would take from one another.
pub(crate) fn consent() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A user whose home, temporary folder and data folder begin empty. Nothing of the environment of
/// the test reaches the program; no keychain answers.
pub(crate) struct User {
    home: tempfile::TempDir,
}

impl User {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        for folder in ["home", "tmp"] {
            std::fs::create_dir(home.path().join(folder)).unwrap();
        }
        Self { home }
    }

    /// Where everything of this user lies.
    pub(crate) fn root(&self) -> &Path {
        self.home.path()
    }

    /// The data folder that the program is told to use.
    pub(crate) fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    /// What the program logs, at every level.
    pub(crate) fn log(&self) -> PathBuf {
        self.root().join("log.jsonl")
    }

    /// The program with these arguments, in this user's world, without `--data-dir`.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        self.place(&mut command);
        command.args(arguments);
        command
    }

    /// Gives a command this user's environment and nothing else.
    pub(crate) fn place(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.root().join("home"))
            .env("TMPDIR", self.root().join("tmp"))
            .env("USER", "tester")
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("PLUMBLINE_PASSPHRASE", PASSPHRASE)
            .env("PLUMBLINE_LOG", self.log())
            .env("PLUMBLINE_SIM_LIMITS", "off")
            .current_dir(self.root());
    }

    /// The program with these arguments on this user's data folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare(arguments);
        command.arg("--data-dir").arg(self.data());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Running::start(self.command(arguments), "").end()
    }

    /// Runs the program to its end and reads the JSON that it printed.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut command = self.command(arguments);
        command.arg("--json");
        Running::start(command, "").end().json()
    }

    /// Runs the program to its end, which must be an error.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str]) -> Refusal {
        let mut command = self.command(arguments);
        command.arg("--json");
        Running::start(command, "").end().refusal()
    }

    /// Connects to a simulator by its token. Gives the portal's id.
    #[track_caller]
    pub(crate) fn connect(&self, sim: &Simulator) -> String {
        let arguments = [
            "connect",
            "--token-stdin",
            "--api-base",
            &sim.base,
            "--json",
        ];
        let portal = Running::start(self.command(&arguments), &sim.token)
            .end()
            .json();
        portal["id"].as_str().unwrap().to_owned()
    }

    /// Connects to a simulator over OAuth. Gives the portal.
    #[track_caller]
    pub(crate) fn connect_over_oauth(&self, sim: &Simulator) -> Value {
        let _one_at_a_time = consent();
        let arguments = [
            "connect",
            "--client-id",
            &sim.client_id,
            "--client-secret-stdin",
            "--follow-consent",
            "--api-base",
            &sim.base,
            "--json",
        ];
        Running::start(self.command(&arguments), &sim.client_secret)
            .end()
            .json()
    }

    /// Every file below the user's folders, sorted.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.root().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.path());
                }
            }
        }
        found.sort();
        found
    }
}

/// A program under way. It is killed when the test gives it up.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    seen: [String; 2],
}

impl Running {
    /// Starts a command with this much on its standard input, which then ends.
    pub(crate) fn start(command: Command, input: &str) -> Self {
        let mut running = Self::start_open(command);
        // A program that ended before it read anything is no fault of the test.
        let _ = running.stdin.take().unwrap().write_all(input.as_bytes());
        running
    }

    /// Starts a command whose standard input stays open.
    pub(crate) fn start_open(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        Self {
            child,
            stdin,
            stdout,
            stderr,
            seen: Default::default(),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line of standard output.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        let line = self
            .stdout
            .recv_timeout(PATIENCE)
            .expect("a line of output");
        self.seen[0].push_str(&line);
        line
    }

    /// Waits for a line of standard error with these words.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, words: &str) {
        loop {
            let line = self
                .stderr
                .recv_timeout(PATIENCE)
                .expect("a line of progress");
            self.seen[1].push_str(&line);
            if line.contains(words) {
                return;
            }
        }
    }

    /// Looks again and again whether something outside has come true, while the program runs.
    #[track_caller]
    pub(crate) fn runs_until(&mut self, mut come_true: impl FnMut() -> bool) {
        let began = std::time::Instant::now();
        while !come_true() {
            assert!(began.elapsed() < PATIENCE, "it does not come true");
            match self.stderr.recv_timeout(Duration::from_millis(20)) {
                Ok(line) => self.seen[1].push_str(&line),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the program ended: {}", self.seen[1])
                }
            }
        }
    }

    /// Sends a signal by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Closes standard input and waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        self.stdin = None;
        self.end_with_input_open()
    }

    /// Waits for the end, with standard input as it is.
    #[track_caller]
    pub(crate) fn end_with_input_open(mut self) -> Ended {
        let [mut stdout, mut stderr] = std::mem::take(&mut self.seen);
        for (lines, text) in [(&self.stdout, &mut stdout), (&self.stderr, &mut stderr)] {
            loop {
                match lines.recv_timeout(PATIENCE) {
                    Ok(line) => text.push_str(&line),
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => panic!("the program does not end: {text}"),
                }
            }
        }
        let status = self.child.wait().unwrap();
        Ended {
            status,
            stdout,
            stderr,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Killing what has ended does no harm.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hands on the lines of a stream as they come, each with its end.
fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while matches!(stream.read_line(&mut line), Ok(length) if length > 0) {
            if sender.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    receiver
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// What it printed, if it ended well.
    #[track_caller]
    pub(crate) fn output(self) -> String {
        assert!(self.status.success(), "{self:?}");
        self.stdout
    }

    /// The JSON that it printed, if it ended well.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.output()).expect("one JSON value")
    }

    /// The wire error on the last line of standard error, with the exit status.
    #[track_caller]
    pub(crate) fn refusal(self) -> Refusal {
        assert_eq!(self.status.signal(), None, "it ended by itself: {self:?}");
        assert_eq!(self.stdout, "", "what fails prints no result");
        let last = self.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(last)
            .unwrap_or_else(|_| panic!("the last line is no wire error: {self:?}"));
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        let refusal = Refusal {
            status: self.status.code().unwrap(),
            code: text("code"),
            message: text("message"),
            hint: text("hint"),
            retryable: error["retryable"].as_bool().unwrap(),
        };
        assert!(
            !refusal.message.is_empty() && !refusal.hint.is_empty(),
            "{refusal:?}"
        );
        refusal
    }
}

/// How a program said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: i32,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: String,
    pub(crate) retryable: bool,
}
