//! `plumbline score csv` and files that are not what they should be: each is read as far as it can be, or
//! refused in words, and no score is written that nothing stands behind.

use std::path::PathBuf;

use crate::plumbline::User;

/// A user with a file.
struct WithFile {
    user: User,
    file: PathBuf,
}

impl WithFile {
    fn new(text: &[u8]) -> Self {
        let user = User::new();
        let file = user.root().join("deals.csv");
        std::fs::write(&file, text).unwrap();
        Self { user, file }
    }

    fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let file = self.file.to_str().unwrap();
        let mut arguments = vec!["score", "csv", file, "--outcome", "won"];
        arguments.extend(more);
        arguments
    }
}

#[test]
fn a_file_that_cannot_be_read_is_bad_input_with_its_reason() {
    let check = |text: &[u8], more: &[&str], words: &str| {
        let with = WithFile::new(text);
        let refusal = with.user.refused(&with.arguments(more));
        assert_eq!(
            (refusal.status, refusal.code.as_str()),
            (2, "bad_input"),
            "{refusal:?}"
        );
        assert!(refusal.message.contains(words), "{words:?} in {refusal:?}");
    };
    check(b"", &[], "has no rows");
    check(b"won,a\n", &[], "has no rows");
    check(
        b"won,name\n1,M\xfcller\n",
        &[],
        "not UTF-8 text; save it as CSV UTF-8",
    );
    check(
        b"won,a\n1,2\n0\n",
        &[],
        "line 3 has 1 cells where the first line names 2 columns",
    );
    check(
        b"won,a\n1,\"2\n0,3\n",
        &[],
        "a quote in the row that begins on line 2 is never closed",
    );
    check(
        b"lost,a\n1,2\n",
        &[],
        "there is no column won; there are lost, a",
    );
    check(b"won,a\n,2\n", &[], "no row says what became of it");
    check(b"won,a\nyes,1\nno,2\nperhaps,3\n", &[], "--positive");
    check(
        b"won,a\n1,1\n0,2\n",
        &["--positive", "gained"],
        "no row has gained",
    );
    check(
        b"won,a\n1,1\n0,2\n",
        &["--baseline", "stage"],
        "no column stage",
    );
    check(
        b"won,when\n1,2026-01-01\n0,2099-01-01\n",
        &["--time", "when"],
        "1 rows lie in the future",
    );
    let user = User::new();
    let refusal = user.refused(&["score", "csv", "nowhere.csv", "--outcome", "won"]);
    assert!(
        refusal.message.contains("The file cannot be read"),
        "{refusal:?}"
    );
}

#[test]
fn a_file_that_teaches_nothing_gives_a_card_and_no_scores() {
    let of = |cells: fn(usize) -> String, rows: usize| -> Vec<u8> {
        let line = |row: usize| format!("{},{}\n", u8::from(row.is_multiple_of(3)), cells(row));
        let rows: String = (0..rows).map(line).collect();
        format!("won,a\n{rows}").into_bytes()
    };
    let check = |text: &[u8], words: &str| {
        let with = WithFile::new(text);
        let scored = with.user.json(&with.arguments(&[]));
        let card = &scored["card"];
        let said = format!("{} {}", card["why"], card["refusals"]);
        assert!(said.contains(words), "{words:?} in {said}");
        assert_eq!(scored["scores"].as_array().map(Vec::len), Some(0));
        let scores = with.user.root().join("scores.csv");
        let more = ["--scores", scores.to_str().unwrap()];
        let ended = with.user.run(&with.arguments(&more));
        assert_eq!(ended.status.code(), Some(9), "{ended:?}");
        assert!(ended.stderr.contains("No scores were written"), "{ended:?}");
        assert!(!scores.exists());
    };
    let nothing = "no column holds anything that differs between rows";
    check(&of(|_| String::new(), 300), nothing);
    check(&of(|_| "7".to_owned(), 300), nothing);
    check(&of(|_| "inf".to_owned(), 300), nothing);
    check(&of(|row| (row % 7).to_string(), 50), "150 more");
    check(b"won,a\n1,2\n", "1 of 1 rows happened");
    // A German Excel's file, whose numbers and marks are no obstacle.
    let with = WithFile::new("\u{feff}won;sum\r\n1;1.234,5\r\n0;2,5\r\n".as_bytes());
    let notes = with.user.json(&with.arguments(&[]))["notes"].to_string();
    assert!(notes.contains("decimal comma"), "{notes}");
}
