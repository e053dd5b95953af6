//! Vendors that are called like ordinary words: "close" is a vendor in "went with Close", and none in
//! "close date".

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

/// The well-known ones: the name, and its neighbours in ordinary use.
const KNOWN: &[(&str, Word)] = &[
    (
        "close",
        word(
            &[
                "a", "as", "be", "can", "could", "cut", "is", "it's", "its", "likely", "not",
                "our", "pretty", "should", "so", "target", "that", "the", "this", "too", "very",
                "was", "we're", "will", "would", "expected", "forecast", "early", "they're", "are",
                "getting",
            ],
            &[
                "a",
                "at",
                "before",
                "but",
                "by",
                "call",
                "cousin",
                "contact",
                "date",
                "dates",
                "deal",
                "deals",
                "enough",
                "friend",
                "friends",
                "it",
                "look",
                "monday",
                "next",
                "now",
                "of",
                "off",
                "on",
                "one",
                "our",
                "out",
                "plan",
                "rate",
                "relationship",
                "second",
                "that",
                "the",
                "them",
                "these",
                "this",
                "ties",
                "to",
                "until",
                "up",
                "win",
                "won",
                "within",
            ],
        ),
    ),
    (
        "front",
        german(
            &[
                "a", "an", "der", "die", "home", "in", "one", "our", "product", "shop", "store",
                "the", "to", "up", "cost", "price", "pricing", "legal", "budget", "security",
                "this", "that",
            ],
            &[
                "de", "desk", "door", "end", "foot", "gegen", "line", "load", "loaded", "of",
                "office", "page", "row", "runner", "runners", "the", "seat", "up",
            ],
        ),
    ),
    (
        "copper",
        word(
            &["and", "of", "the", "their", "in"],
            &[
                "and", "cable", "cables", "canyon", "cathode", "foil", "industry", "market",
                "mine", "mines", "mining", "network", "pipe", "pipes", "plant", "price", "prices",
                "sulfate", "tubes", "wire", "wires", "wiring", "lines",
            ],
        ),
    ),
    (
        "drift",
        german(
            &[
                "a", "data", "model", "scope", "the", "their", "to", "your", "my", "our",
            ],
            &[
                "apart", "away", "back", "in", "into", "off", "toward", "towards",
            ],
        ),
    ),
    (
        "apollo",
        word(
            &[
                "project", "the", "program", "named", "called", "codename", "is",
            ],
            &[
                "11",
                "13",
                "bay",
                "clinic",
                "global",
                "hospital",
                "hospitals",
                "management",
                "mission",
                "program",
                "project",
                "theater",
                "theatre",
                "tires",
                "tyres",
                "pharmacy",
            ],
        ),
    ),
    (
        "monday",
        name(
            &[
                "after", "ab", "am", "before", "bis", "by", "close", "each", "every", "for",
                "from", "last", "moved", "next", "on", "per", "since", "starting", "this",
                "through", "till", "until", "until", "by", "happy", "call", "live", "past", "of",
            ],
            &[
                "afternoon",
                "am",
                "at",
                "evening",
                "for",
                "is",
                "latest",
                "meeting",
                "morning",
                "next",
                "night",
                "noon",
                "or",
                "pm",
                "the",
                "then",
                "they",
                "we",
                "i",
                "tuesday",
                "week",
                "intro",
            ],
        ),
    ),
    (
        "outreach",
        word(
            &[
                "a",
                "and",
                "cold",
                "community",
                "continue",
                "continued",
                "do",
                "email",
                "further",
                "initial",
                "linkedin",
                "marketing",
                "more",
                "my",
                "no",
                "of",
                "our",
                "outbound",
                "patient",
                "personal",
                "sales",
                "second",
                "some",
                "start",
                "their",
                "the",
                "this",
                "to",
                "your",
                "first",
                "last",
                "new",
                "phone",
            ],
            &[
                "about",
                "again",
                "attempt",
                "attempts",
                "by",
                "campaign",
                "campaigns",
                "effort",
                "efforts",
                "email",
                "emails",
                "on",
                "plan",
                "program",
                "sequence",
                "sequences",
                "team",
                "to",
                "via",
                "list",
            ],
        ),
    ),
    (
        "gong",
        german(
            &["a", "the", "rang", "ring", "hit"],
            &["rang", "rings", "show", "bath"],
        ),
    ),
    (
        "clay",
        name(
            &[
                "and", "from", "spoke", "of", "met", "mr", "ask", "tell", "cc", "hi", "hey",
                "dear", "the", "thanks", "per", "via", "emailed", "called", "pinged",
            ],
            &[
                "and",
                "asked",
                "called",
                "confirmed",
                "from",
                "has",
                "is",
                "jennings",
                "mentioned",
                "promised",
                "replied",
                "said",
                "says",
                "thinks",
                "told",
                "wants",
                "was",
                "will",
                "pot",
                "pots",
                "would",
                "needs",
                "sent",
            ],
        ),
    ),
    (
        "notion",
        german(
            &[
                "a", "any", "aucune", "la", "no", "of", "some", "that", "the", "their", "this",
                "une", "cette", "die", "der", "vague", "keine", "eine", "de", "wrong",
            ],
            &["de", "idee", "of", "that", "is", "was", "que"],
        ),
    ),
    (
        "streak",
        word(
            &[
                "a", "losing", "lucky", "win", "winning", "hot", "the", "our", "long",
            ],
            &["continues", "of"],
        ),
    ),
    (
        "nimble",
        word(
            &[
                "a", "and", "be", "being", "is", "more", "remain", "small", "stay", "very", "are",
                "so",
            ],
            &["and", "enough", "on", "team", "teams", "company", "org"],
        ),
    ),
    (
        "act",
        word(
            &[
                "an", "class", "data", "must", "need", "needs", "privacy", "services", "the",
                "this", "to", "we", "will", "ai", "should", "can", "don't", "quick", "they", "i",
            ],
            &[
                "as", "fast", "now", "of", "on", "quickly", "soon", "upon", "before",
            ],
        ),
    ),
    ("chorus", german(&["a", "the", "in"], &["of"])),
    (
        "base",
        word(
            &[
                "a",
                "client",
                "customer",
                "data",
                "install",
                "installed",
                "our",
                "the",
                "their",
                "user",
                "knowledge",
            ],
            &["case", "line", "on", "plan", "price", "rate"],
        ),
    ),
    ("sage", word(&["a", "the"], &["advice"])),
    (
        "folk",
        word(&["some", "these", "the", "those"], &["music", "at", "from"]),
    ),
    (
        "twenty",
        word(
            &["about", "over", "the"],
            &["people", "users", "percent", "seats"],
        ),
    ),
];

/// What is known of a name that is also a word.
pub(super) fn known(name: &str) -> Option<Word> {
    let name = fold_name(name);
    KNOWN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|&(_, word)| word)
}
