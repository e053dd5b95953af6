//! A table of text, as a spreadsheet or another program writes it, made into rows to learn from.
//!
//! Columns are typed by what they hold: numbers, dates or categories. What names each row and what holds
//! one value are left out, and said.

mod asking;
mod error;
mod idle;
mod provenance;
mod typing;

pub use asking::{Asking, Learning, Note};
pub use error::SheetError;

use std::borrow::Cow;
use std::collections::HashSet;

/// The rows of a file, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns.
    names: Vec<String>,
    /// By row: its line in the file.
    lines: Vec<u64>,
    /// All cells, row by row, one behind the other: a million rows have too many for a text each.
    text: String,
    /// By cell: where it ends.
    ends: Vec<u32>,
}

impl Sheet {
    /// Reads the text of a file: a first line of names, then rows, whose cells are parted by commas,
    /// semicolons or tabs.
    ///
    /// # Errors
    /// When the text is not UTF-8, has no rows, or has rows of different widths.
    pub fn read(text: &[u8]) -> Result<Self, SheetError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let text = std::str::from_utf8(text).map_err(|_| SheetError::NotUtf8)?;
        // The reader counts a line that ends in both as the next one's.
        let text = if text.contains("\r\n") {
            Cow::Owned(text.replace("\r\n", "\n"))
        } else {
            Cow::Borrowed(text)
        };
        let text = text.as_bytes();
        let parted_by = delimiter(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(parted_by)
            .has_headers(false)
            .from_reader(text);
        let mut line = csv::StringRecord::new();
        let mut next = |line: &mut csv::StringRecord| {
            let read = reader.read_record(line);
            read.map_err(|error| SheetError::of(&error))
        };
        if !next(&mut line)? {
            return Err(SheetError::Empty);
        }
        let mut sheet = Self {
            names: named(&line),
            lines: Vec::new(),
            text: String::with_capacity(text.len()),
            ends: Vec::new(),
        };
        let mut last: Option<csv::Position> = None;
        while next(&mut line)? {
            last = line.position().cloned();
            sheet
                .lines
                .push(line.position().map_or(0, csv::Position::line));
            for cell in &line {
                sheet.text.push_str(cell.trim());
                let end = u32::try_from(sheet.text.len()).map_err(|_| SheetError::TooLarge)?;
                sheet.ends.push(end);
            }
        }
        if sheet.lines.is_empty() {
            return Err(SheetError::Empty);
        }
        if let Some(last) = last
            && is_open(
                text.get(last.byte() as usize..).unwrap_or_default(),
                parted_by,
            )
        {
            let line = last.line();
            return Err(SheetError::OpenQuote { line });
        }
        Ok(sheet)
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn place(&self, name: &str) -> Result<usize, SheetError> {
        let found = self.names.iter().position(|known| known == name);
        found.ok_or_else(|| SheetError::NoColumn {
            name: name.to_owned(),
            names: self.names.join(", "),
        })
    }

    /// The cells of a column; nothing where nothing is there.
    fn cells(&self, column: usize) -> impl Iterator<Item = Option<&str>> {
        (0..self.rows()).map(move |row| {
            let place = row * self.names.len() + column;
            let from = place.checked_sub(1).map_or(0, |before| self.ends[before]);
            let cell = &self.text[from as usize..self.ends[place] as usize];
            (!typing::says_nothing(cell)).then_some(cell)
        })
    }
}

/// Whether the last row of a file ends within quotes: what follows the quote, up to the end of the file, was
/// then taken for one cell.
fn is_open(row: &[u8], parted_by: u8) -> bool {
    let mut longer = row.trim_ascii_end().to_vec();
    // Behind the end of a row this is a row of its own.
    longer.extend(b"\nx");
    let rows = csv::ReaderBuilder::new()
        .delimiter(parted_by)
        .has_headers(false)
        .flexible(true)
        .from_reader(longer.as_slice())
        .into_byte_records()
        .count();
    rows < 2
}

/// What parts the cells of the first line, outside quotes.
fn delimiter(text: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0), (b'|', 0)];
    for &letter in text {
        match letter {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == letter);
                }
            }
        }
    }
    let mut most = counts[0];
    for count in counts {
        if count.1 > most.1 {
            most = count;
        }
    }
    most.0
}

/// Names, each of them one: an empty one by its place, the second of equals by a number.
fn named(line: &csv::StringRecord) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for (place, name) in line.iter().enumerate() {
        let name = match name.trim() {
            "" => format!("column {}", place + 1),
            name => name.to_owned(),
        };
        let mut unique = name.clone();
        let mut number = 2;
        while !known.insert(unique.clone()) {
            unique = format!("{name} ({number})");
            number += 1;
        }
        names.push(unique);
    }
    names
}
