//! The figures that a measured process prints, one a line, and how they are shown.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Figures by name, in the order in which they were printed.
pub(crate) struct Figures(Vec<(String, String)>);

impl Figures {
    /// Runs a command that reads the simulator's line and prints figures.
    ///
    /// # Errors
    /// When it does not start or does not end well.
    pub(crate) fn of(command: &mut Command, line: &str) -> Result<Figures, String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |error: std::io::Error| format!("{program}: {error}");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(line.as_bytes()).map_err(failed)?;
        }
        let output = child.wait_with_output().map_err(failed)?;
        if !output.status.success() {
            return Err(format!("{program} ended with {}", output.status));
        }
        Ok(Self::parse(&String::from_utf8_lossy(&output.stdout)))
    }

    fn parse(text: &str) -> Figures {
        let pairs = text.lines().filter_map(|line| line.split_once(' '));
        Figures(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// All values of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// A number.
    ///
    /// # Errors
    /// When there is none of this name.
    pub(crate) fn number(&self, name: &str) -> Result<f64, String> {
        let found = self.all(name).next().and_then(|value| value.parse().ok());
        found.ok_or_else(|| format!("no figure {name}"))
    }
}

/// A command of the program that measures.
pub(crate) fn measure(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Prints a figure beside what it is to be.
pub(crate) fn against(what: &str, value: f64, target: &Target) {
    let (met, bound) = match target {
        Target::AtMost(bound) => (value <= *bound, format!("at most {bound}")),
        Target::AtLeast(bound) => (value >= *bound, format!("at least {bound}")),
    };
    let verdict = if met { "met" } else { "MISSED" };
    println!("{what:<58} {value:>12.3}   {verdict}: {bound}");
}

/// Prints a figure.
pub(crate) fn shown(what: &str, value: f64) {
    println!("{what:<58} {value:>12.3}");
}

/// What a figure is to be.
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_name() {
        let figures = Figures::parse("seconds 1.5\narithmetic a = 1\narithmetic b = 2\n");
        assert_eq!(figures.number("seconds"), Ok(1.5));
        assert!(figures.number("minutes").is_err());
        assert_eq!(
            figures.all("arithmetic").collect::<Vec<_>>(),
            ["a = 1", "b = 2"]
        );
    }
}
