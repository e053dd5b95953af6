//! Letters made comparable: compatibility forms (NFKC), case and accents go, and every byte knows
//! the byte it came from.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A folded text and where its bytes came from.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Lower-case letters without accents, digits, single spaces, marks and line ends.
    pub(super) text: String,
    /// For each byte of `text` the byte of the original it came from; one more for the end.
    origin: Vec<u32>,
}

impl Folded {
    /// The original's byte that a byte of the folded text came from.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).copied().unwrap_or(0) as usize
    }

    /// Where in the original a piece of the folded text lies. Accents that follow its last letter
    /// belong to it.
    pub(super) fn span(&self, from: usize, to: usize) -> (usize, usize) {
        (self.origin(from), self.origin(to))
    }

    fn push(&mut self, letter: char, at: usize) {
        let letter = match letter {
            '_' | '\t' | '\u{a0}' => ' ',
            '\u{2018}' | '\u{2019}' | '\u{b4}' | '`' => '\'',
            '\u{2010}' | '\u{2011}' => '-',
            '\r' => return,
            other => other,
        };
        if letter == ' ' && self.text.ends_with([' ', '\n']) {
            return;
        }
        let before = self.text.len();
        self.text.push(letter);
        let added = self.text.len() - before;
        self.origin.extend(std::iter::repeat_n(
            u32::try_from(at).unwrap_or(u32::MAX),
            added,
        ));
    }
}

/// Folds a text.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded {
        text: String::with_capacity(text.len()),
        origin: Vec::with_capacity(text.len() + 1),
    };
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter.is_ascii() {
            let next = letters.peek().map(|&(_, next)| next);
            let inside = letter == '-'
                && folded.text.ends_with(char::is_alphanumeric)
                && next.is_some_and(char::is_alphanumeric);
            folded.push(
                if inside {
                    ' '
                } else {
                    letter.to_ascii_lowercase()
                },
                at,
            );
        } else if !invisible(letter) {
            decompose_compatible(letter, |part| fold_part(&mut folded, part, at));
        }
    }
    folded
        .origin
        .push(u32::try_from(text.len()).unwrap_or(u32::MAX));
    folded
}

/// A name as the folded text would have it.
pub(super) fn fold_name(name: &str) -> String {
    fold(name.trim()).text.trim().to_owned()
}

fn fold_part(folded: &mut Folded, part: char, at: usize) {
    if is_combining_mark(part) {
        return;
    }
    // Letters that Unicode does not take apart into a base and an accent.
    let plain = match part {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' => "d",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        _ => "",
    };
    if plain.is_empty() {
        // Upper case first: that is how ß becomes ss and the two small sigmas one, as in full case
        // folding.
        for upper in part.to_uppercase() {
            for lower in upper.to_lowercase() {
                folded.push(lower, at);
            }
        }
    } else {
        for letter in plain.chars() {
            folded.push(letter, at);
        }
    }
}

/// Soft hyphens, joiners and direction marks: there, but not to be seen.
fn invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_comparable() {
        for (written, folded) in [
            ("Ｓａｌｅｓforce", "salesforce"),
            ("wéclapp", "weclapp"),
            ("STRASSE straße", "strasse strasse"),
            ("Øre ﬁx", "ore fix"),
            ("lost_to   X", "lost to x"),
            ("Sales\u{ad}force", "salesforce"),
            ("Zoho’s re-org - yes", "zoho's re org - yes"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ] {
            assert_eq!(fold(written).text, folded);
        }
    }

    #[test]
    fn every_piece_knows_its_place() {
        let written = "a  wéclapp ﬁx";
        let folded = fold(written);
        let at = folded.text.find("weclapp").unwrap();
        let (from, to) = folded.span(at, at + 7);
        assert_eq!(&written[from..to], "wéclapp");
        let at = folded.text.find("fix").unwrap();
        let (from, to) = folded.span(at, at + 3);
        assert_eq!(&written[from..to], "ﬁx");
        let decomposed = "cafe\u{301} x";
        let folded = fold(decomposed);
        let (from, to) = folded.span(0, 4);
        assert_eq!(&decomposed[from..to], "cafe\u{301}");
    }
}
