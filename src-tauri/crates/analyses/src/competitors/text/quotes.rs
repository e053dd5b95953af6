//! What a reply quotes was written elsewhere, and is read there.

use super::plain::Plain;

/// How mail programs begin the line above a quoted message, and how they end it.
const WROTE: &[(&str, &[&str])] = &[
    ("on ", &["wrote:"]),
    ("am ", &["schrieb", "geschrieben:"]),
    ("le ", &["a écrit :", "a écrit:", "a écrit\u{a0}:"]),
    ("el ", &["escribió:"]),
    ("op ", &["schreef", "geschreven:"]),
    ("em ", &["escreveu:"]),
    ("il ", &["ha scritto:"]),
];

/// What Outlook writes between hyphens.
const ORIGINAL: &[&str] = &[
    "original message",
    "forwarded message",
    "ursprüngliche nachricht",
    "message d'origine",
    "mensaje original",
    "oorspronkelijk bericht",
    "mensagem original",
    "messaggio originale",
];

/// The first line of a header, and lines that follow it.
const FROM: &[&str] = &["from:", "von:", "de:", "de :", "van:", "da:"];
const SENT: &[&str] = &[
    "sent:",
    "date:",
    "gesendet:",
    "datum:",
    "envoyé",
    "enviado",
    "verzonden:",
    "inviato:",
    "data:",
];

/// The text without quoted lines, and without everything below the line that introduces a quote.
pub(super) fn without_quotes(plain: Plain) -> Plain {
    if !plain.text.contains('\n') {
        return plain;
    }
    let mut cuts = Vec::new();
    let mut at = 0;
    let lines: Vec<&str> = plain.text.split_inclusive('\n').collect();
    for (i, line) in lines.iter().enumerate() {
        let words = line.trim().to_lowercase();
        if begins_quote(&words, lines.get(i + 1..).unwrap_or_default()) {
            cuts.push((at, plain.text.len()));
            break;
        }
        if words.starts_with('>') {
            cuts.push((at, at + line.len()));
        }
        at += line.len();
    }
    if cuts.is_empty() {
        plain
    } else {
        plain.without(&cuts)
    }
}

fn begins_quote(line: &str, following: &[&str]) -> bool {
    let ends_in_wrote = WROTE.iter().any(|(begin, ends)| {
        line.starts_with(begin) && line.ends_with(':') && ends.iter().any(|end| line.contains(end))
    });
    let original = line.starts_with("--") && ORIGINAL.iter().any(|words| line.contains(words));
    let header = || {
        let sent = |line: &&str| {
            let line = line.trim().to_lowercase();
            SENT.iter().any(|begin| line.starts_with(begin))
        };
        FROM.iter().any(|begin| line.starts_with(begin)) && following.iter().take(3).any(sent)
    };
    ends_in_wrote || original || header()
}

#[cfg(test)]
mod tests {
    use super::super::plain::{Format, plain};
    use super::*;

    #[track_caller]
    fn check(text: &str, own: &str) {
        assert_eq!(without_quotes(plain(text, Format::Plain)).text.trim(), own);
    }

    #[test]
    fn only_what_was_written_here_is_read() {
        check(
            "Yes.\n\nOn Mon, 3 Feb 2025, Sam <s@x.com> wrote:\n\n> Zoho?",
            "Yes.",
        );
        check(
            "Ja\nAm Mo., 3. Feb. 2025 um 10:02 Uhr schrieb Sam <s@x.de>:\n> Zoho?",
            "Ja",
        );
        check("Oui\nLe lun. 3 févr., Sam a écrit :\n> Zoho", "Oui");
        check("a\n> b\nc", "a\nc");
        check("ok\n-----Original Message-----\nZoho", "ok");
        check("ok\nVon: Sam\nGesendet: Montag\nZoho", "ok");
        check("from: the board\nwe go on", "from: the board\nwe go on");
        check("on Tuesday:\nwe wrote", "on Tuesday:\nwe wrote");
    }
}
