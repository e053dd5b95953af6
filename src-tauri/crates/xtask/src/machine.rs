//! What has to be on the machine before anything can be built, brought by Debian's own packages.

use crate::command::{command, is_installed, run, succeeds};

/// What a window is compiled and linked against. `perl` is what OpenSSL, inside SQLCipher, is
/// configured with.
pub(crate) const TO_BUILD: &[&str] = &[
    "pkg-config",
    "perl",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
];

/// What the tests drive the window and the pages with, and what HubSpot's own SDKs run in.
pub(crate) const TO_TEST: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "dbus-x11",
    "dbus",
    "gnome-keyring",
    "libsecret-tools",
    "chromium",
    "python3-venv",
];

/// Brings those of `packages` that are missing.
///
/// # Errors
/// When packages are missing and this user may not install them: then the error is the one line to
/// run. Also when apt fails, or Node is not there.
pub(crate) fn bring(packages: &[&str]) -> Result<(), String> {
    if !is_installed("node") || !is_installed("npm") {
        return Err("Node 20 or newer, with npm, is needed: https://nodejs.org".to_owned());
    }
    if !is_installed("dpkg-query") {
        println!(
            "Not a Debian: taking it that these are here already: {}",
            packages.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|name| !is_here(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine: {}", missing.join(" "));
    let mut install = vec!["apt-get", "install", "-y", "--no-install-recommends"];
    install.extend(&missing);
    match administrator() {
        Administrator::Already => as_line(&["apt-get", "update"]).and_then(|()| as_line(&install)),
        Administrator::WithSudo => {
            let sudo = |line: &[&str]| as_line(&[&["sudo", "-n"], line].concat());
            sudo(&["apt-get", "update"]).and_then(|()| sudo(&install))
        }
        Administrator::No => Err(format!(
            "these packages have to be installed first; run this and then try again:\n  \
             sudo apt-get update && sudo {}",
            install.join(" ")
        )),
    }
}

enum Administrator {
    Already,
    WithSudo,
    No,
}

fn administrator() -> Administrator {
    let user = crate::command::output(&mut command("id", &["-u"], "")).unwrap_or_default();
    if user.trim() == "0" {
        Administrator::Already
    } else if succeeds(&mut command("sudo", &["-n", "true"], "")) {
        Administrator::WithSudo
    } else {
        Administrator::No
    }
}

fn as_line(words: &[&str]) -> Result<(), String> {
    let Some((program, arguments)) = words.split_first() else {
        return Ok(());
    };
    run(command(program, arguments, "").env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_here(package: &str) -> bool {
    // A Python that did not come from Debian may well bring venv itself.
    if package == "python3-venv" {
        return succeeds(&mut command(
            "python3",
            &["-c", "import venv, ensurepip"],
            "",
        ));
    }
    let query = ["-W", "-f", "${db:Status-Status}", package];
    crate::command::output(&mut command("dpkg-query", &query, ""))
        .is_ok_and(|status| status == "installed")
}
