//! The files that the rules look at, as text; in memory, so that a test can plant a violation.

use crate::command::{command, output};
use std::fmt;
use std::path::Path;

/// One file of the checkout.
pub(super) struct File {
    /// Relative to the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// All text files of the checkout that git knows or would add.
pub(super) struct Tree {
    files: Vec<File>,
}

/// A place where a rule is broken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) path: String,
    /// Counted from 1; 0 where the file as a whole is meant.
    pub(super) line: usize,
    pub(super) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

impl Tree {
    /// Reads the checkout at `root`.
    ///
    /// # Errors
    /// When git cannot list its files.
    pub(super) fn of_checkout(root: &Path) -> Result<Tree, String> {
        let listing = [
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ];
        let names = output(&mut command("git", &listing, ""))?;
        let read = |name: &str| -> Option<File> {
            // A picture is no text, and a file that was deleted but not yet committed is not there.
            let text = String::from_utf8(std::fs::read(root.join(name)).ok()?).ok()?;
            (!text.contains('\0')).then(|| File {
                path: name.to_owned(),
                text,
            })
        };
        Ok(Tree {
            files: names.split('\0').filter_map(read).collect(),
        })
    }

    #[cfg(test)]
    pub(super) fn planted(files: &[(&str, &str)]) -> Tree {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Tree {
            files: files.iter().map(file).collect(),
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// The files below one of `folders`.
    pub(super) fn below(&self, folders: &[&str]) -> impl Iterator<Item = &File> {
        self.files
            .iter()
            .filter(|file| folders.iter().any(|dir| file.path.starts_with(dir)))
    }
}

impl File {
    pub(super) fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = self
            .path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);
        extensions.contains(&extension)
    }

    /// Rust's lines without what is behind `//`, counted from 1: words in a comment break no rule.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, without_comment(line)))
    }

    /// Like [`File::code`], up to where the file's own tests begin.
    pub(super) fn code_before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }

    pub(super) fn finding(&self, line: usize, what: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            what: what.into(),
        }
    }
}

/// The part of a line before `//`, unless that belongs to an address such as `https://`.
fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line[from..].find("//").map(|at| at + from) {
        if !line[..at].ends_with(':') {
            return &line[..at];
        }
        from = at + 2;
    }
    line
}

/// The words of a line of code; `-` and `_` belong to a word, so `src-tauri` is one.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_no_code_but_addresses_are() {
        assert_eq!(
            without_comment("let x = 1; // as in store::open"),
            "let x = 1; "
        );
        assert_eq!(without_comment("/// store"), "");
        assert_eq!(
            without_comment("\"https://a.example\" // b"),
            "\"https://a.example\" "
        );
    }

    #[test]
    fn a_hyphen_belongs_to_a_word() {
        assert_eq!(
            words("a(src-tauri, tauri::App)").collect::<Vec<_>>(),
            ["a", "src-tauri", "tauri", "App"]
        );
    }
}
