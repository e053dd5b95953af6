//! A table of text, as a spreadsheet or another program writes it, made into rows to learn from.
//!
//! Columns are typed by what they hold: numbers, dates or categories. What names each row and what holds
//! one value are left out, and said.

mod asking;
mod error;
mod idle;
mod typing;

pub use asking::{Asking, Learning, Note};
pub use error::SheetError;

/// The rows of a file, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns.
    names: Vec<String>,
    /// By row: its line in the file, and its cells.
    rows: Vec<(u64, Vec<String>)>,
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
        let text = text.replace("\r\n", "\n");
        let text = text.as_bytes();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .has_headers(false)
            .from_reader(text);
        let mut lines = reader.records();
        let first = lines.next().ok_or(SheetError::Empty)?;
        let names = named(&first.map_err(|error| SheetError::of(&error))?);
        let mut rows = Vec::new();
        for line in lines {
            let line = line.map_err(|error| SheetError::of(&error))?;
            let place = line.position().map_or(0, csv::Position::line);
            rows.push((
                place,
                line.iter().map(|cell| cell.trim().to_owned()).collect(),
            ));
        }
        if rows.is_empty() {
            return Err(SheetError::Empty);
        }
        Ok(Self { names, rows })
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
        self.rows.iter().map(move |(_, cells)| {
            let cell = cells.get(column).map_or("", String::as_str);
            (!typing::says_nothing(cell)).then_some(cell)
        })
    }
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
    for (place, name) in line.iter().enumerate() {
        let name = match name.trim() {
            "" => format!("column {}", place + 1),
            name => name.to_owned(),
        };
        let mut unique = name.clone();
        let mut number = 2;
        while names.contains(&unique) {
            unique = format!("{name} ({number})");
            number += 1;
        }
        names.push(unique);
    }
    names
}
