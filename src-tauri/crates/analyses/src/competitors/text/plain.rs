//! The words of a note without its markup, and where in the source each of them stands.

use serde::{Deserialize, Serialize};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// As it reads.
    Plain,
    /// HTML, such as the body of HubSpot's notes and e-mails.
    Html,
}

/// A text without markup.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// What a person reads.
    pub(super) text: String,
    /// Runs of `text` in order: where each begins, and the source it came from.
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    at: usize,
    from: usize,
    to: usize,
    /// Copied letter for letter; otherwise the whole piece stands for the whole source.
    copied: bool,
}

impl Plain {
    /// Where in the source a piece of the text lies.
    pub(super) fn span(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.place(from).map_or(0, |(piece, into)| {
            if piece.copied {
                piece.from + into
            } else {
                piece.from
            }
        });
        // The end belongs to the piece of the last letter, not to the one that begins there.
        let end = self
            .place(to.saturating_sub(1))
            .map_or(start, |(piece, into)| {
                if piece.copied {
                    piece.from + into + 1
                } else {
                    piece.to
                }
            });
        (start, end.max(start))
    }

    fn place(&self, at: usize) -> Option<(Piece, usize)> {
        let next = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = *self.pieces.get(next.checked_sub(1)?)?;
        Some((piece, at - piece.at))
    }

    fn copy(&mut self, source: &str, from: usize, to: usize) {
        if from < to {
            let at = self.text.len();
            self.text.push_str(&source[from..to]);
            self.pieces.push(Piece {
                at,
                from,
                to,
                copied: true,
            });
        }
    }

    fn replace(&mut self, with: &str, from: usize, to: usize) {
        let at = self.text.len();
        self.text.push_str(with);
        self.pieces.push(Piece {
            at,
            from,
            to,
            copied: false,
        });
    }

    fn new_line(&mut self, mark: &str, at: usize) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.replace("\n", at, at);
        }
        if !mark.is_empty() {
            self.replace(mark, at, at);
        }
    }

    /// The text without some of its bytes, given as ranges in order.
    pub(super) fn without(&self, ranges: &[(usize, usize)]) -> Self {
        let mut kept = Self::default();
        let mut from = 0;
        for &(cut, resume) in ranges.iter().chain([&(self.text.len(), self.text.len())]) {
            kept.take(self, from, cut);
            from = resume;
        }
        kept
    }

    fn take(&mut self, other: &Self, from: usize, to: usize) {
        for (i, piece) in other.pieces.iter().enumerate() {
            let end = other
                .pieces
                .get(i + 1)
                .map_or(other.text.len(), |next| next.at);
            let (begin, end) = (piece.at.max(from), end.min(to));
            if begin >= end {
                continue;
            }
            let at = self.text.len();
            self.text.push_str(&other.text[begin..end]);
            let moved = Piece {
                at,
                from: if piece.copied {
                    piece.from + (begin - piece.at)
                } else {
                    piece.from
                },
                ..*piece
            };
            self.pieces.push(moved);
        }
    }
}

/// What a person would read.
pub(super) fn plain(source: &str, format: Format) -> Plain {
    match format {
        Format::Plain => {
            let mut plain = Plain::default();
            plain.copy(source, 0, source.len());
            plain
        }
        Format::Html => from_html(source),
    }
}

/// Elements that begin on a line of their own.
const BLOCKS: &[&str] = &[
    "address", "article", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul",
];

fn from_html(source: &str) -> Plain {
    let mut plain = Plain::default();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let next = rest
            .find(['<', '&', '\n', '\r'])
            .map_or(source.len(), |i| at + i);
        plain.copy(source, at, next);
        at = next;
        let rest = &source[at..];
        if rest.starts_with('<') {
            at = markup(&mut plain, source, at);
        } else if rest.starts_with('&') {
            at = entity(&mut plain, source, at);
        } else if !rest.is_empty() {
            // A line end in the source of HTML is a space.
            plain.replace(" ", at, at + 1);
            at += 1;
        }
    }
    plain
}

/// Reads what stands at a `<`; returns where to go on.
fn markup(plain: &mut Plain, source: &str, at: usize) -> usize {
    let rest = &source[at..];
    if rest.starts_with("<!--") {
        return rest.find("-->").map_or(source.len(), |end| at + end + 3);
    }
    let closing = rest.starts_with("</");
    let name_from = if closing { 2 } else { 1 };
    let name: String = rest[name_from..]
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if name.is_empty() && !rest.starts_with("<!") {
        plain.copy(source, at, at + 1);
        return at + 1;
    }
    let end = tag_end(source, at);
    if !closing && is_quote(&name, &source[at..end]) {
        plain.new_line("", at);
        return element_end(source, end, &name);
    }
    match name.as_str() {
        "style" | "script" | "head" | "title" if !closing => {
            return element_end(source, end, &name);
        }
        "li" if !closing => plain.new_line("- ", at),
        "li" => plain.new_line("", at),
        block if BLOCKS.contains(&block) => plain.new_line("", at),
        _ => {}
    }
    end
}

/// Whether an element holds what the writer answered to, not what they wrote.
fn is_quote(name: &str, tag: &str) -> bool {
    const MARKS: &[&str] = &[
        "gmail_quote",
        "yahoo_quoted",
        "moz-cite-prefix",
        "divrplyfwdmsg",
    ];
    let tag = tag.to_ascii_lowercase();
    name == "blockquote" || (name == "div" && MARKS.iter().any(|mark| tag.contains(mark)))
}

/// Where a tag ends: at the first `>` outside of quotation marks.
fn tag_end(source: &str, at: usize) -> usize {
    let mut quote = None;
    for (i, byte) in source.bytes().enumerate().skip(at) {
        match (quote, byte) {
            (None, b'>') => return i + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    source.len()
}

/// Where an element ends whose first tag ended at `from`; elements of the same name may lie inside.
fn element_end(source: &str, from: usize, name: &str) -> usize {
    let mut depth = 1;
    let mut at = from;
    while let Some(next) = source[at..].find('<') {
        let tag = at + next;
        let rest = &source[tag + 1..];
        let closing = rest.starts_with('/');
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let same = rest
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
            && !rest[name.len()..].starts_with(|next: char| next.is_ascii_alphanumeric());
        at = tag_end(source, tag);
        if same {
            depth += if closing { -1 } else { 1 };
            if depth == 0 {
                return at;
            }
        }
    }
    source.len()
}

/// Reads what stands at an `&`; returns where to go on.
fn entity(plain: &mut Plain, source: &str, at: usize) -> usize {
    const LONGEST: usize = 12;
    let end = source[at..]
        .bytes()
        .take(LONGEST)
        .position(|byte| byte == b';');
    if let Some(end) = end.map(|end| at + end + 1) {
        let written = &source[at..end];
        let read = html_escape::decode_html_entities(written);
        if read != written {
            plain.replace(&read, at, end);
            return end;
        }
    }
    plain.copy(source, at, at + 1);
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, text: &str) {
        assert_eq!(plain(source, Format::Html).text.trim(), text);
    }

    #[test]
    fn markup_goes_and_lines_stay() {
        check(
            "<p>Went with Pipe<b>drive</b></p><p>x</p>",
            "Went with Pipedrive\nx",
        );
        check("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n- b");
        check(
            "a < b &amp; c > d &uuml;&#33;&nope; & e",
            "a < b & c > d ü!&nope; & e",
        );
        check("<style>.zoho{}</style><!-- zoho -->ok", "ok");
        check("<a title='a > b' href=\"x\">y</a>", "y");
        check(
            "thanks<blockquote>a<blockquote>b</blockquote>c</blockquote> d",
            "thanks\n d",
        );
        check(
            "ok<div class=\"gmail_quote\">x<div>y</div>z</div>end",
            "ok\nend",
        );
    }

    #[test]
    fn unfinished_markup_ends_nothing() {
        for source in [
            "<",
            "<p",
            "a<b c='",
            "&",
            "&#",
            "<!--",
            "<style>",
            "<blockquote>",
            "&#x110000;",
        ] {
            let _ = plain(source, Format::Html);
        }
    }

    #[test]
    fn pieces_know_their_source() {
        let source = "<p>Went&nbsp;with Pipe<b>drive</b>&#33;</p>";
        let read = plain(source, Format::Html);
        let at = read.text.find("Pipedrive").unwrap();
        let (from, to) = read.span(at, at + "Pipedrive".len());
        assert_eq!(&source[from..to], "Pipe<b>drive");
        let cut = read.without(&[(0, at)]);
        assert_eq!(cut.text.trim_end(), "Pipedrive!");
        let (from, to) = cut.span(9, 10);
        assert_eq!(&source[from..to], "&#33;");
    }
}
