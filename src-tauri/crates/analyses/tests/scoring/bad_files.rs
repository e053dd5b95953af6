//! Files that are not what they should be: each is read as far as it can be, or refused in words.

use crate::models::options;
use analyses::scoring::{Asking, Learning, ModelCard, Sheet, SuspectKind, Told, Values, train};
use crm::Moment;
use stats::Stream;
use std::fmt::Write as _;

fn now() -> Moment {
    Moment::from_millis(1_790_000_000_000)
}

fn asking() -> Asking {
    Asking {
        outcome: "won".to_owned(),
        ..Asking::default()
    }
}

fn learning(text: &[u8], asked: &Asking) -> Result<Learning, String> {
    let sheet = Sheet::read(text).map_err(|error| error.to_string())?;
    sheet
        .learning(asked, now())
        .map_err(|error| error.to_string())
}

/// What comes of a file in the end.
fn card(text: &[u8], asked: &Asking) -> ModelCard {
    let learning = learning(text, asked).unwrap();
    let mut options = options();
    options.told = Told {
        provenance: learning.provenance,
        ..Told::default()
    };
    train(&learning.table, &learning.order, &options)
        .unwrap()
        .card
}

/// `rows` rows of an outcome, with what `cells` gives each.
fn file(
    names: &str,
    rows: usize,
    mut cells: impl FnMut(usize, bool, &mut Stream) -> String,
) -> String {
    let mut stream = Stream::new(6, 911, 0);
    let mut text = format!("won,{names}\n");
    for row in 0..rows {
        let won = stream.bernoulli(0.4);
        let cells = cells(row, won, &mut stream);
        let _ = writeln!(text, "{},{cells}", u8::from(won));
    }
    text
}

#[test]
fn what_cannot_be_read_says_why() {
    let check = |text: &[u8], words: &str| {
        let said = learning(text, &asking()).unwrap_err();
        assert!(said.contains(words), "{said}");
    };
    check(b"", "no rows");
    check(b"\xef\xbb\xbf", "no rows");
    check(b"\n\n\n", "no rows");
    check(b"won,a\n", "no rows below its first line");
    // Windows-1252, and what Excel calls Unicode text.
    check(
        b"won,name\n1,M\xfcller\n",
        "not UTF-8 text; save it as CSV UTF-8",
    );
    check(b"\xff\xfew\0o\0n\0\n\0", "not UTF-8");
    check(
        b"won,a\n1,2\n0\n",
        "line 3 has 1 cells where the first line names 2",
    );
    // A quote that is never closed takes the rest of the file for a cell.
    check(
        b"won,a\n0,1\n1,\"x\n0,2\n1,3\n",
        "a quote in the row that begins on line 3 is never closed",
    );
    check(
        b"won,a\n,1\n,2\n",
        "the column won is empty: no row says what became of it",
    );
    check(b"a,b\n1,2\n", "there is no column won; there are a, b");
    check(b"won,a\nyes,1\nno,2\nperhaps,3\n", "--positive");
}

#[test]
fn what_is_odd_and_can_be_read_is_read() {
    let check = |text: &str, rows: usize, columns: &[&str]| {
        let learning = learning(text.as_bytes(), &asking()).unwrap();
        let names: Vec<&str> = learning
            .table
            .columns()
            .iter()
            .map(|c| c.name.as_str())
            .collect();
        assert_eq!(
            (learning.table.rows(), names.as_slice()),
            (rows, columns),
            "{:?}",
            learning.notes
        );
        learning
    };
    let first = |learning: &Learning| match &learning.table.columns()[0].values {
        Values::Numbers(numbers) => format!("{numbers:?}"),
        Values::Categories { codes, names } => format!("{codes:?} {names:?}"),
    };
    // Marks of order, semicolons and decimal commas, as a German Excel writes them.
    let found = check("\u{feff}won;sum\r\n1;1.234,50\r\n0;7,25\r\n", 2, &["sum"]);
    assert_eq!(first(&found), "[1234.5, 7.25]");
    assert!(found.notes[0].contains("sum is read as numbers with a decimal comma"));
    // Commas, quotes and ends of lines inside cells.
    let found = check("won,said\n1,\"a, \"\"b\"\"\nc\"\n0,d\n", 2, &["said"]);
    assert_eq!(first(&found), r#"[Some(0), Some(1)] ["a, \"b\"\nc", "d"]"#);
    assert_eq!(found.lines, [2, 4]);
    // One name for two columns, and none for a third.
    check(
        "won,a,a,\n1,1,3,5\n0,2,4,6\n",
        2,
        &["a", "a (2)", "column 4"],
    );
    // Numbers of more digits than a number keeps are names.
    let found = check(
        "won,customer\n1,90071992547409931\n0,90071992547409932\n1,90071992547409931\n",
        3,
        &["customer"],
    );
    assert_eq!(
        first(&found),
        r#"[Some(0), Some(1), Some(0)] ["90071992547409931", "90071992547409932"]"#
    );
    // Lines without anything are no rows, and an outcome column alone is no column to learn from.
    check("won\n1\n\n0\n1\n", 3, &[]);
    // What is larger than any number is nothing.
    let found = check("won,a\n1,1e999\n0,-inf\n1,3\n0,4\n", 4, &["a"]);
    assert!(first(&found).contains("inf"));
    // Times in microseconds have an order too.
    let timed = Asking {
        time: Some("at".to_owned()),
        ..asking()
    };
    let text = b"won,at,a\n1,1790000000000000001,1\n0,1790000000000000000,2\n";
    let analyses::scoring::Order::Forward { seen, .. } = learning(text, &timed).unwrap().order
    else {
        panic!("there is a time")
    };
    assert_eq!(seen, [1, 0]);
}

#[test]
fn what_teaches_nothing_is_refused_on_a_card() {
    let check = |text: &str, why: &str| {
        let card = card(text.as_bytes(), &asking());
        assert!(!card.is_published());
        let said: Vec<&str> = card.refusals.iter().map(|r| r.sentence.as_str()).collect();
        let all = format!("{} {}", card.why, said.join(" "));
        assert!(all.contains(why), "{all}");
    };
    let nothing = "no column holds anything that differs between rows";
    check(&file("a,b", 300, |_, _, _| ",".to_owned()), nothing);
    check(&file("a", 300, |_, _, _| "7".to_owned()), nothing);
    check(&file("a,b", 300, |_, _, _| "inf,-inf".to_owned()), nothing);
    check(&("won\n".to_owned() + &"1\n0\n".repeat(150)), nothing);
    let fifty = file("a", 50, |_, won, s| {
        format!("{:.2}", s.normal() + f64::from(u8::from(won)))
    });
    check(&fifty, "150 more");
    let one_class = "won,a\n".to_owned() + &"1,2\n1,3\n".repeat(150);
    check(&one_class, "300 of 300 rows happened");
    check("won,a\n1,2\n", "1 of 1 rows happened");
}

#[test]
fn rows_that_stand_twice_or_in_the_order_of_their_outcome_are_named() {
    let once = file("a,b", 200, |row, _, s| format!("{:.3},{row}x", s.normal()));
    let (head, rows) = once.split_once('\n').unwrap();
    let twice = format!("{head}\n{rows}{rows}");
    let learning = learning(twice.as_bytes(), &asking()).unwrap();
    assert!(
        learning
            .notes
            .iter()
            .any(|note| note.contains("200 of 400 rows say the same"))
    );
    let mut sorted: Vec<&str> = rows.lines().collect();
    sorted.sort_unstable();
    let sorted = format!("{head}\n{}\n", sorted.join("\n"));
    let card = card(sorted.as_bytes(), &asking());
    let kinds: Vec<SuspectKind> = card.audit.suspects.iter().map(|s| s.kind).collect();
    assert!(kinds.contains(&SuspectKind::RowOrder), "{kinds:?}");
}

#[test]
fn ten_thousand_categories_and_five_thousand_columns_are_read() {
    // As many names as that say little of each; what they say is learnt from what is common.
    let many = file("who,size", 12_000, |_, won, s| {
        format!(
            "name {},{:.2}",
            s.index(10_000),
            s.normal() + f64::from(u8::from(won))
        )
    });
    let learning = learning(many.as_bytes(), &asking()).unwrap();
    let Values::Categories { names, .. } = &learning.table.columns()[0].values else {
        panic!("they are categories")
    };
    assert!(names.len() > 6_000, "{}", names.len());
    let names: Vec<String> = (0..5_000).map(|column| format!("c{column}")).collect();
    let wide = file(&names.join(","), 60, |row, _, s| {
        let cells: Vec<String> = (0..5_000)
            .map(|c| ((row + c) % 7 + s.index(3) as usize).to_string())
            .collect();
        cells.join(",")
    });
    let wide = crate::bad_files::learning(wide.as_bytes(), &asking()).unwrap();
    assert_eq!(wide.table.columns().len(), 5_000);
}

/// Whatever the bytes are, they are read or refused.
#[test]
fn no_bytes_make_it_panic() {
    let sound = file("when,who,sum", 30, |row, _, s| {
        format!(
            "2026-01-{:02},\"name {}\",\"1.234,5{}\"",
            row % 28 + 1,
            s.index(9),
            s.index(9)
        )
    });
    let asked = Asking {
        time: Some("when".to_owned()),
        group: Some("who".to_owned()),
        ..asking()
    };
    let mut stream = Stream::new(1, 914, 0);
    let odd = b"\"\",;\n\r\t\0\xff|.-19eE\xc3";
    let mut read = 0;
    for _ in 0..3_000 {
        let mut bytes = sound.clone().into_bytes();
        for _ in 0..1 + stream.index(4) {
            let place = stream.index(bytes.len() as u32) as usize;
            bytes[place] = odd[stream.index(odd.len() as u32) as usize];
        }
        bytes.truncate(bytes.len() - stream.index(40) as usize);
        read += usize::from(learning(&bytes, &asked).is_ok());
    }
    assert!(read > 0, "nothing was sound");
}
