//! A text in all its forms, and what can be asked of its words.

use super::folded::Folded;
use super::matches::Found;
use super::plain::Plain;
use super::tokens::{Gap, Token};

/// The most words of a sentence that are given to either side of a name.
const MOST_WORDS: usize = 60;

/// A text in all its forms.
pub(super) struct Page {
    pub(super) plain: Plain,
    pub(super) folded: Folded,
    pub(super) tokens: Vec<Token>,
}

impl Page {
    pub(super) fn word(&self, token: usize) -> &str {
        self.tokens
            .get(token)
            .map_or("", |token| &self.folded.text[token.from..token.to])
    }

    /// The bytes of the plain text that tokens take.
    pub(super) fn plain_span(&self, first: usize, end: usize) -> (usize, usize) {
        let from = self.tokens.get(first).map_or(0, |token| token.from);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(from, |token| token.to);
        self.folded.span(from, to)
    }

    pub(super) fn source_span(&self, first: usize, end: usize) -> (usize, usize) {
        let (from, to) = self.plain_span(first, end);
        self.plain.span(from, to)
    }

    /// Tokens as they are written, without markup.
    pub(super) fn written(&self, first: usize, end: usize) -> &str {
        let (from, to) = self.plain_span(first, end);
        self.plain.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn is_capital(&self, token: usize) -> bool {
        self.written(token, token + 1)
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
    }

    /// The sentence that a token belongs to, and where it stands in the source.
    pub(super) fn sentence(&self, token: usize) -> (String, (usize, usize)) {
        let Some(here) = self.tokens.get(token) else {
            return (String::new(), (0, 0));
        };
        let first = self.tokens.partition_point(|t| t.sentence < here.sentence);
        let end = self.tokens.partition_point(|t| t.sentence <= here.sentence);
        // Of what never ends, such as a pasted table, the neighbourhood is enough.
        let first = first.max(token.saturating_sub(MOST_WORDS));
        let end = end.min(token + MOST_WORDS);
        let from = self.plain_span(first, first + 1).0;
        let to = if end < self.tokens.len() {
            self.plain_span(end, end + 1).0
        } else {
            self.plain.text.len()
        };
        let text = self.plain.text.get(from..to).unwrap_or_default();
        // What opens the next sentence, such as the mark of a list's item, is not of this one.
        let text =
            text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '•'));
        let span = self.plain.span(from, from + text.len());
        (text.to_owned(), span)
    }

    /// Whether a name is a part of an e-mail's or a page's address, which say where somebody works
    /// or what was read, not who competes.
    pub(super) fn is_address(&self, found: Found) -> bool {
        // As it is written: hyphens are spaces in the folded text.
        let text = &self.plain.text;
        let (begin, end) = self.folded.span(found.from, found.to);
        let (Some(before), Some(behind)) = (text.get(..begin), text.get(end..)) else {
            return false;
        };
        let from = before
            .char_indices()
            .rfind(|(_, letter)| letter.is_whitespace())
            .map_or(0, |(at, letter)| at + letter.len_utf8());
        let to = behind
            .find(char::is_whitespace)
            .map_or(text.len(), |space| end + space);
        let piece = &text[from..to];
        let mail = piece.split('@').collect::<Vec<_>>();
        let is_mail = mail.len() == 2
            && mail.iter().all(|part| part.contains(char::is_alphanumeric))
            && mail.get(1).is_some_and(|host| host.contains('.'));
        piece.contains("://") || is_mail
    }

    /// Whether more than a comma stands before a token.
    pub(super) fn parts(&self, token: usize) -> bool {
        self.tokens.get(token).is_some_and(|t| t.gap > Gap::Comma)
    }

    /// Whether a token is the first of its sentence.
    pub(super) fn starts_sentence(&self, token: usize) -> bool {
        token == 0
            || self
                .tokens
                .get(token)
                .is_some_and(|t| t.gap == Gap::Sentence)
    }

    /// Whether the text is German, by its smallest words.
    pub(super) fn is_german(&self) -> bool {
        const COMMON: &[&str] = &[
            "der", "die", "das", "und", "ist", "nicht", "wir", "mit", "auf", "im", "vom", "fur",
            "ein", "eine", "uns", "nach", "zum", "zur", "haben", "hat", "wird", "bei", "noch",
        ];
        (0..self.tokens.len())
            .filter(|&at| COMMON.contains(&self.word(at)))
            .count()
            >= 2
    }
}
