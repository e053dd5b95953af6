//! The program on a real keychain in each state that a keychain can be in: unlocked, locked, without
//! a service, without a bus, killed under way. In none is a connection lost or a secret written in
//! clear; each names its cause; and once the keychain is unlocked, everything is there again.
//!
//! Runs gnome-keyring on a session bus of its own, in folders of its own: the keychain of whoever
//! runs the tests is never touched. Where gnome-keyring is not installed, the test says so and ends,
//! unless `PLUMBLINE_KEYCHAIN=must` says that it has to be there.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_plumbline");

/// What the keyring is locked with, and what it is not.
const RIGHT: &str = "the right password";
const WRONG: &str = "a wrong password";

/// Starts a keyring that is opened with a password; ends when its bus does.
const UNLOCK: &str = "printf '%s' \"$PASSWORD\" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1\n";

/// Kills the program that answers as the keychain on this bus, whoever that is.
const KILL: &str = "pid=$(dbus-send --print-reply=literal --dest=org.freedesktop.DBus \
    /org/freedesktop/DBus org.freedesktop.DBus.GetConnectionUnixProcessID \
    string:org.freedesktop.secrets | tr -dc 0-9 | sed 's/^32//')\nkill -9 \"$pid\"\n";

/// Which bus a session has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bus {
    /// One that starts services when they are asked for, as a desktop's does.
    Whole,
    /// One without any service.
    Bare,
    /// None.
    None,
}

struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "share", "config", "run", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let session = fs::read_to_string("/usr/share/dbus-1/session.conf").unwrap();
        let bare = session.replace("<standard_session_servicedirs />", "");
        let bare = bare.replace("<standard_session_servicedirs/>", "");
        assert!(!bare.contains("standard_session_servicedirs"));
        fs::write(folder.path().join("bare.conf"), bare).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a script in a session of its own. `$P` is the program.
    fn session(&self, bus: Bus, password: &str, script: &str) -> Output {
        self.session_with(bus, password, script, "", &[])
    }

    fn session_with(
        &self,
        bus: Bus,
        password: &str,
        script: &str,
        input: &str,
        variables: &[(&str, &str)],
    ) -> Output {
        let mut command = match bus {
            Bus::None => Command::new("sh"),
            Bus::Whole | Bus::Bare => Command::new("dbus-run-session"),
        };
        if bus == Bus::Bare {
            command.arg("--config-file").arg(self.path("bare.conf"));
        }
        if bus != Bus::None {
            command.args(["--", "sh"]);
        }
        let script = format!("P=\"{PROGRAM} --json --data-dir $DATA\"\n{script}");
        command
            .args(["-c", &script])
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("XDG_DATA_HOME", self.path("share"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("DATA", self.path("data"))
            .env("PASSWORD", password)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A script that reads nothing may have ended by now.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// Everything in the data folder, byte for byte.
    fn data(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path("data")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    #[track_caller]
    fn check_nothing_in_clear(&self, secret: &str) {
        for (path, bytes) in self.data() {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}

/// A HubSpot on this machine; it ends when its standard input does.
struct Simulator {
    child: Child,
    base: String,
    token: String,
}

impl Simulator {
    fn start() -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["sim", "serve", "--deals", "60", "--limits", "off"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| address[name].as_str().unwrap().to_owned();
        Self {
            base: text("base_url"),
            token: text("token"),
            child,
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The JSON on the last line that was printed.
#[track_caller]
fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON: {output:?}"))
}

/// A refusal with its code and the cause in its words, and nothing changed on the disk.
#[track_caller]
fn check_refused(machine: &Machine, bus: Bus, password: &str, script: &str, cause: &str) {
    let before = machine.data();
    let output = machine.session(bus, password, script);
    assert_eq!(output.status.code(), Some(4), "{cause}: {output:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    let last = text.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(error["code"], "locked", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(cause), "{cause:?} is not in {message:?}");
    assert!(message.contains("Nothing was changed"), "{message}");
    let changed: Vec<PathBuf> = machine
        .data()
        .into_iter()
        .filter(|(path, bytes)| {
            let held = path.ends_with("writer.lock");
            !held && !before.contains(&(path.clone(), bytes.clone()))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(changed.is_empty(), "{cause}: {changed:?}");
}

fn is_here() -> bool {
    let tools = [
        "dbus-run-session",
        "dbus-send",
        "gnome-keyring-daemon",
        "secret-tool",
    ];
    let missing: Vec<_> = tools
        .into_iter()
        .filter(|tool| !Path::new("/usr/bin").join(tool).exists())
        .collect();
    if missing.is_empty() {
        return true;
    }
    let must = std::env::var("PLUMBLINE_KEYCHAIN").is_ok_and(|word| word == "must");
    assert!(!must, "missing on this machine: {missing:?}");
    println!("SKIPPED: no keychain was tried, because {missing:?} are not installed");
    false
}

#[test]
fn a_keychain_in_every_state_loses_nothing() {
    if !is_here() {
        return;
    }
    let (machine, sim) = (Machine::new(), Simulator::start());
    let list = format!("{UNLOCK}exec $P portals");
    let connect = format!(
        "{UNLOCK}exec $P connect --token-stdin --api-base {}",
        sim.base
    );
    let connected = machine.session_with(Bus::Whole, RIGHT, &connect, &sim.token, &[]);
    let portal = json(&connected)["id"].as_str().unwrap().to_owned();
    let synced = format!("{UNLOCK}exec $P sync {portal}");
    assert_eq!(
        json(&machine.session(Bus::Whole, RIGHT, &synced))["outcome"],
        "done"
    );
    let whole = || {
        let portals = json(&machine.session(Bus::Whole, RIGHT, &list));
        assert_eq!(portals[0]["id"], portal.as_str(), "{portals}");
        assert_eq!(portals[0]["connection"]["state"], "connected");
        assert!(portals[0]["synced_at"].is_string());
        machine.check_nothing_in_clear(&sim.token);
    };
    whole();
    let seal = json(&machine.session(Bus::Whole, RIGHT, &format!("{UNLOCK}exec $P vault status")));
    assert_eq!(seal["in_keychain"], true);
    assert_eq!(seal["keychain"], "Secret Service store");

    check_refused(&machine, Bus::Whole, WRONG, &list, "locked");
    whole();
    for verb in [
        "portals",
        &format!("status {portal}"),
        &format!("sync {portal}"),
    ] {
        check_refused(
            &machine,
            Bus::Bare,
            RIGHT,
            &format!("exec $P {verb}"),
            "no keychain answers",
        );
    }
    whole();
    check_refused(
        &machine,
        Bus::None,
        RIGHT,
        "exec $P portals",
        "no D-Bus session",
    );
    whole();
    // Killed between two commands: the bus starts another one, which is locked.
    let killed = format!("{UNLOCK}$P portals >/dev/null || exit 1\n{KILL}exec $P portals");
    check_refused(&machine, Bus::Whole, RIGHT, &killed, "locked");
    whole();
    // Killed and unlocked again, within one session.
    let again = format!("{UNLOCK}$P portals >/dev/null || exit 1\n{KILL}{UNLOCK}exec $P portals");
    let portals = json(&machine.session(Bus::Whole, RIGHT, &again));
    assert_eq!(portals[0]["id"], portal.as_str());

    // A program that has read the key goes on without the keychain.
    let running = format!("{UNLOCK}$P sync {portal} & running=$!\nwait $running");
    assert!(
        machine
            .session(Bus::Whole, RIGHT, &running)
            .status
            .success()
    );
    whole();
}

#[test]
fn without_a_keychain_nothing_is_begun() {
    if !is_here() {
        return;
    }
    let sim = Simulator::start();
    for (bus, cause) in [
        (Bus::Bare, "no keychain answers"),
        (Bus::None, "no D-Bus session"),
    ] {
        let machine = Machine::new();
        let script = format!("exec $P connect --token-stdin --api-base {}", sim.base);
        let output = machine.session_with(bus, RIGHT, &script, &sim.token, &[]);
        assert_eq!(output.status.code(), Some(4), "{output:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(
            text.contains("keychain_unavailable") && text.contains(cause),
            "{text}"
        );
        assert!(
            text.contains("PLUMBLINE_PASSPHRASE"),
            "it says what else serves: {text}"
        );
        machine.check_nothing_in_clear(&sim.token);
        assert!(
            machine
                .data()
                .iter()
                .all(|(path, _)| !path.ends_with("vault.json"))
        );
    }
}

#[test]
fn the_key_moves_to_a_passphrase_and_back() {
    if !is_here() {
        return;
    }
    let (machine, sim) = (Machine::new(), Simulator::start());
    let connect = format!(
        "{UNLOCK}exec $P connect --token-stdin --api-base {}",
        sim.base
    );
    let connected = machine.session_with(Bus::Whole, RIGHT, &connect, &sim.token, &[]);
    let portal = json(&connected)["id"].as_str().unwrap().to_owned();
    let vault: Value =
        serde_json::from_slice(&fs::read(machine.path("data/vault.json")).unwrap()).unwrap();
    let look = format!(
        "{UNLOCK}secret-tool lookup service dev.plumbline username vault-{}",
        vault["vault_id"].as_str().unwrap()
    );
    let held = || !machine.session(Bus::Whole, RIGHT, &look).stdout.is_empty();
    assert!(held(), "the keychain holds the key");

    let away = format!("{UNLOCK}exec $P vault move passphrase");
    let new = [("PLUMBLINE_NEW_PASSPHRASE", "new words")];
    let seal = json(&machine.session_with(Bus::Whole, RIGHT, &away, "", &new));
    assert_eq!(
        (&seal["in_keychain"], &seal["old_place_empty"]),
        (&false.into(), &true.into())
    );
    assert!(!held(), "and has let go of it");
    let words = [("PLUMBLINE_PASSPHRASE", "new words")];
    let portals = machine.session_with(Bus::None, RIGHT, "exec $P portals", "", &words);
    assert_eq!(json(&portals)[0]["id"], portal.as_str());

    let back = format!("{UNLOCK}exec $P vault move keychain");
    let seal = json(&machine.session_with(Bus::Whole, RIGHT, &back, "", &words));
    assert_eq!(seal["in_keychain"], true);
    assert!(held());
    let list = format!("{UNLOCK}exec $P portals");
    let portals = json(&machine.session(Bus::Whole, RIGHT, &list));
    assert_eq!(portals[0]["id"], portal.as_str());
    check_refused(&machine, Bus::Whole, WRONG, &list, "locked");
}
