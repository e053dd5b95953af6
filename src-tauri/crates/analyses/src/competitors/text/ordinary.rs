//! Vendors that are called like ordinary words: "close" is a vendor in "went with Close", and none in
//! "close date".

mod english;
mod nouns;
mod proper;

use super::folded::fold_name;

/// What else a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// A weekday or a first name, with a capital anyway: the capital says nothing.
    pub(super) always_capital: bool,
    /// A German noun, with a capital in German anyway.
    pub(super) german_noun: bool,
    /// Words before it that make it ordinary.
    before: &'static [&'static str],
    /// Words behind it that make it ordinary.
    after: &'static [&'static str],
}

impl Word {
    /// A word of which nothing more is known.
    pub(super) const fn unknown() -> Self {
        Self {
            always_capital: false,
            german_noun: false,
            before: &[],
            after: &[],
        }
    }

    /// Whether its neighbours make it an ordinary word.
    pub(super) fn is_ordinary_between(&self, before: Option<&str>, after: Option<&str>) -> bool {
        before.is_some_and(|word| self.before.contains(&word))
            || after.is_some_and(|word| {
                self.after.contains(&word)
                    || (self.always_capital && word.starts_with(|c: char| c.is_ascii_digit()))
            })
    }
}

/// Where a suffix makes the vendor certain.
pub(super) const SUFFIXES: &[&str] = &[
    ".com",
    ".io",
    ".ai",
    ".so",
    ".app",
    ".co",
    " crm",
    " inc",
    " app",
    " software",
    " sell",
    "!",
];

const fn word(before: &'static [&'static str], after: &'static [&'static str]) -> Word {
    Word {
        always_capital: false,
        german_noun: false,
        before,
        after,
    }
}

const fn german(before: &'static [&'static str], after: &'static [&'static str]) -> Word {
    Word {
        always_capital: false,
        german_noun: true,
        before,
        after,
    }
}

const fn name(before: &'static [&'static str], after: &'static [&'static str]) -> Word {
    Word {
        always_capital: true,
        german_noun: false,
        before,
        after,
    }
}

/// What is known of a name that is also a word.
pub(super) fn known(name: &str) -> Option<Word> {
    let name = fold_name(name);
    [english::KNOWN, nouns::KNOWN, proper::KNOWN]
        .into_iter()
        .flatten()
        .find(|(known, _)| *known == name)
        .map(|&(_, word)| word)
}
