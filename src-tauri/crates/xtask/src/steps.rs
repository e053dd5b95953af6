//! The steps of `cargo xtask test`, cheapest first, so that most mistakes show within a minute.
//!
//! Two of them run at a time: the crates' tests and the compiler leave a core idle for long stretches,
//! in which the pages, the SDKs and the window can be tried.

use crate::command::{cargo, command, output, run, succeeds};
use crate::simulator::Simulator;
use crate::{invariants, machine, pages, python, tools};
use std::path::PathBuf;

/// One thing that CI checks.
pub(crate) struct Step {
    /// What it is called on the screen and on the command line.
    pub(crate) name: &'static str,
    pub(crate) lane: Lane,
    pub(crate) run: fn() -> Result<Outcome, String>,
}

/// Which of the two rows of steps one belongs to; each row keeps its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// What compiles, and the tests of the crates: on the terminal as it comes.
    Front,
    /// What needs nothing that is made later than the front step of this name.
    Beside { after: &'static str },
}

/// How a step that did not fail has ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    /// With the reason: what it needs is not here, and need not be.
    #[allow(
        dead_code,
        reason = "steps on data that the checkout does not hold say so with it"
    )]
    Skipped(String),
}

/// All of them, in their order.
pub(crate) const ALL: &[Step] = &[
    Step {
        name: "machine",
        lane: Lane::Front,
        run: the_machine,
    },
    Step {
        name: "format",
        lane: Lane::Front,
        run: format,
    },
    Step {
        name: "invariants",
        lane: Lane::Front,
        run: || invariants::run().map(passed),
    },
    Step {
        name: "pages-install",
        lane: Lane::Front,
        run: || pages::bring_dependencies().map(passed),
    },
    Step {
        name: "pages-lint",
        lane: Lane::Beside {
            after: "pages-install",
        },
        run: pages_lint,
    },
    Step {
        name: "pages-types",
        lane: Lane::Beside {
            after: "pages-install",
        },
        run: || pages::npm(&["run", "check"]).map(passed),
    },
    Step {
        name: "pages-unit",
        lane: Lane::Beside {
            after: "pages-install",
        },
        run: || pages::npm(&["run", "test"]).map(passed),
    },
    Step {
        name: "pages-build",
        lane: Lane::Front,
        run: || pages::build().map(passed),
    },
    Step {
        name: "clippy",
        lane: Lane::Front,
        run: clippy,
    },
    Step {
        name: "documentation",
        lane: Lane::Front,
        run: documentation,
    },
    Step {
        name: "build",
        lane: Lane::Front,
        run: build,
    },
    Step {
        name: "crates",
        lane: Lane::Front,
        run: crates,
    },
    Step {
        name: "bindings",
        lane: Lane::Front,
        run: bindings,
    },
    Step {
        name: "dependencies",
        lane: Lane::Beside {
            after: "pages-install",
        },
        run: dependencies,
    },
    Step {
        name: "sdks",
        lane: Lane::Beside { after: "build" },
        run: sdks,
    },
    Step {
        name: "pages-browser",
        lane: Lane::Beside { after: "build" },
        run: pages_in_a_browser,
    },
    Step {
        name: "window",
        lane: Lane::Beside { after: "build" },
        run: window,
    },
];

fn passed((): ()) -> Outcome {
    Outcome::Passed
}

fn the_machine() -> Result<Outcome, String> {
    machine::bring(&[machine::TO_BUILD, machine::TO_TEST].concat()).map(passed)
}

fn format() -> Result<Outcome, String> {
    run(&mut cargo(&["fmt", "--all", "--check"])).map(passed)
}

fn pages_lint() -> Result<Outcome, String> {
    pages::npm(&["run", "format:check"])?;
    pages::npm(&["run", "lint"]).map(passed)
}

fn clippy() -> Result<Outcome, String> {
    run(&mut cargo(&[
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
    .map(passed)
}

fn documentation() -> Result<Outcome, String> {
    let arguments = [
        "doc",
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ];
    run(cargo(&arguments).env("RUSTDOCFLAGS", "-D warnings")).map(passed)
}

/// Programs and tests in one go, so that what is tested is what is run afterwards.
fn build() -> Result<Outcome, String> {
    run(&mut cargo(&[
        "build",
        "--locked",
        "--workspace",
        "--all-targets",
    ]))
    .map(passed)
}

/// All tests of all crates; they may not touch the folders where a user's own portals lie.
fn crates() -> Result<Outcome, String> {
    let home = crate::root().join("target/xtask/home");
    if home.exists() {
        std::fs::remove_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    }
    std::fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    // One that fails does not hide the others.
    let mut tests = cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]);
    // A real keychain is tried in every state, and here it has to be installed.
    tests.env("PLUMBLINE_KEYCHAIN", "must");
    for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
        tests.env(folder, home.join(folder));
    }
    run(&mut tests)?;
    let left: Vec<PathBuf> = std::fs::read_dir(&home)
        .map_err(|error| format!("{}: {error}", home.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    if left.is_empty() {
        Ok(Outcome::Passed)
    } else {
        Err(format!("tests wrote into the user's own folders: {left:?}"))
    }
}

/// The tests of crate `app` have just written the bindings; they must be the ones that are committed.
fn bindings() -> Result<Outcome, String> {
    const BINDINGS: &str = "ui/src/lib/bindings";
    if !crate::root().join(BINDINGS).is_dir() {
        return Err(format!(
            "{BINDINGS} is missing; the tests of crate app write it"
        ));
    }
    let different = "the bindings differ from the Rust types: commit what the tests have written";
    if !succeeds(&mut command(
        "git",
        &["diff", "--exit-code", "--", BINDINGS],
        "",
    )) {
        return Err(different.to_owned());
    }
    let untracked = ["ls-files", "--others", "--exclude-standard", "--", BINDINGS];
    let new = output(&mut command("git", &untracked, ""))?;
    if new.trim().is_empty() {
        Ok(Outcome::Passed)
    } else {
        Err(format!("{different}: {new}"))
    }
}

fn dependencies() -> Result<Outcome, String> {
    let program = tools::CARGO_DENY.path()?;
    let program = program.to_string_lossy();
    let arguments = [
        "--locked",
        "--workspace",
        "check",
        "licenses",
        "bans",
        "sources",
    ];
    run(&mut command(&program, &arguments, "")).map(passed)
}

/// HubSpot's own SDKs, unmodified, against the simulator.
fn sdks() -> Result<Outcome, String> {
    let python = python::environment("tests/sdk/requirements.txt")?;
    let simulator = Simulator::start(&built("plumbline"), &["--world", "demo", "--seed", "7"])?;
    let failed = |error: std::io::Error| format!("the simulator's address was not kept: {error}");
    let folder = crate::root().join("target/xtask");
    let address_file = folder.join("simulator.json");
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(&address_file, &simulator.line).map_err(failed)?;
    let python = python.to_string_lossy();
    let address = address_file.to_string_lossy();
    run(&mut command(
        &python,
        &["tests/sdk/run_sdks.py", &address],
        "",
    ))
    .map(passed)
}

/// The pages in Debian's Chromium, over the real use cases, with axe.
fn pages_in_a_browser() -> Result<Outcome, String> {
    let host = built("browser-host");
    run(command("npm", &["run", "test:ui"], "ui").env("PLUMBLINE_BROWSER_HOST", host)).map(passed)
}

/// The main road in the real window, on a virtual screen.
fn window() -> Result<Outcome, String> {
    let driver = tools::TAURI_DRIVER.path()?;
    let python = python::environment("tests/window/requirements.txt")?;
    run(command(
        "node",
        &["--test", "--test-concurrency=1", "tests/window/"],
        "",
    )
    .env("PLUMBLINE_TEST_DRIVER", driver)
    .env("PLUMBLINE_TEST_PYTHON", python)
    .env("PLUMBLINE_TEST_WINDOW", built("plumbline-desktop"))
    .env("PLUMBLINE_TEST_TERMINAL", built("plumbline")))
    .map(passed)
}

/// Where the step `build` has put a program.
fn built(program: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    crate::root().join(target).join("debug").join(program)
}
