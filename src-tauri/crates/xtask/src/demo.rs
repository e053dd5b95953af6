//! From a fresh checkout to the demo portal on the screen.

use crate::command::{cargo, run as run_command};
use crate::{machine, pages};

/// Where the demo is to be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// In the window, or in the terminal where there is no display.
    WindowIfPossible,
    Terminal,
}

/// Builds what is needed and walks the road on the demo portal: connect, sync, forecast.
///
/// Portals that the developer really uses are not touched, and neither is the keychain: a demo lies
/// in a temporary folder and goes with its window.
///
/// # Errors
/// When something that is needed cannot be brought, built or run.
pub(crate) fn run(place: Where) -> Result<(), String> {
    machine::bring(machine::TO_BUILD)?;
    if place == Where::WindowIfPossible && has_display() {
        pages::build()?;
        let window = [
            "run",
            "--locked",
            "--package",
            "plumbline-desktop",
            "--",
            "--demo",
        ];
        run_command(&mut cargo(&window))
    } else {
        run_command(&mut cargo(&[
            "run",
            "--locked",
            "--package",
            "cli",
            "--",
            "demo",
        ]))
    }
}

fn has_display() -> bool {
    let told = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    // Elsewhere than on Linux a desktop is always there.
    !cfg!(target_os = "linux") || told("DISPLAY") || told("WAYLAND_DISPLAY")
}
