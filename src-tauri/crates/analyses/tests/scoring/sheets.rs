//! Files of text as rows to learn from.

use analyses::scoring::{Asking, Order, Sheet, SheetError, Values};
use crm::Moment;

fn now() -> Moment {
    Moment::from_millis(1_790_000_000_000)
}

fn asking(outcome: &str) -> Asking {
    Asking {
        outcome: outcome.to_owned(),
        ..Asking::default()
    }
}

#[test]
fn columns_are_typed_and_open_rows_are_kept_apart() {
    let text = "\u{feff}id;stage;seen;amount;industry;signed on;fixed\r\n\
        a;Won;2026-01-01;1.5;\"Soft; ware\";2026-01-03;x\r\n\
        b;Lost;2026-01-02;;None;;x\r\n\
        c;Open;;3;Select;2026-01-01;x\r\n\
        d;Won;2026-01-03;4;None;2026-01-03;x\r\n";
    let sheet = Sheet::read(text.as_bytes()).unwrap();
    let asked = Asking {
        positive: Some("Won".to_owned()),
        negative: Some("Lost".to_owned()),
        time: Some("seen".to_owned()),
        ..asking("stage")
    };
    let learning = sheet.learning(&asked, now()).unwrap();
    assert_eq!((learning.table.rows(), learning.open.rows()), (3, 1));
    assert_eq!(
        (learning.lines, learning.open_lines),
        (vec![2, 3, 5], vec![4])
    );
    assert_eq!(learning.table.happened(), [true, false, true]);
    let column = |name: &str| {
        let mut columns = learning.table.columns().iter();
        columns
            .find(|column| column.name == name)
            .map(|column| &column.values)
    };
    let Some(Values::Numbers(amounts)) = column("amount") else {
        panic!()
    };
    assert!(amounts[0] == 1.5 && amounts[1].is_nan() && amounts[2] == 4.0);
    let Some(Values::Categories { codes, names }) = column("industry") else {
        panic!()
    };
    // The word None is a value; an unchosen list is none.
    assert_eq!(
        (codes.len(), names.as_slice()),
        (3, ["None".to_owned(), "Soft; ware".to_owned()].as_slice())
    );
    let Some(Values::Numbers(days)) = column("signed on") else {
        panic!()
    };
    assert!(days[0] == -2.0 && days[1].is_nan() && days[2] == 0.0);
    assert!(column("fixed").is_none() && learning.notes.iter().any(|note| note.contains("fixed")));
    assert!(matches!(learning.order, Order::Forward { .. }));
    assert!(learning.provenance["signed on"].moments.is_some());
    assert_eq!(
        learning.provenance["amount"].while_open,
        Some(Values::Numbers(vec![3.0]))
    );
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let check = |text: &str, asked: &Asking, words: &str| {
        let found = Sheet::read(text.as_bytes()).and_then(|sheet| sheet.learning(asked, now()));
        let said = found.unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    };
    let timed = Asking {
        time: Some("when".to_owned()),
        ..asking("won")
    };
    check("", &asking("won"), "no rows");
    check("won,a\n", &asking("won"), "no rows");
    check("won,a\n1,2\n0,2,3\n", &asking("won"), "line 3 has 3 cells");
    check(
        "a,b\n1,2\n",
        &asking("won"),
        "there is no column won; there are a, b",
    );
    check(
        "won,a\nyes,1\nno,2\nmaybe,3\n",
        &asking("won"),
        "--positive",
    );
    check("won,a\nA,1\nB,2\n", &asking("won"), "\"A\" (1), \"B\" (1)");
    check(
        "won,when\n1,2026-01-01\n0,2099-01-01\n",
        &timed,
        "line 3 (2099-01-01)",
    );
    check(
        "won,when\n1,2026-01-01\n0,yesterday\n",
        &timed,
        "line 3 has \"yesterday\"",
    );
    check("won,when\n1,3/4/2026\n0,5/6/2026\n", &timed, "two ways");
    let other = Asking {
        positive: Some("gained".to_owned()),
        ..asking("won")
    };
    check("won,a\n1,1\n0,2\n", &other, "no row has gained");
    assert_eq!(Sheet::read(b"won,a\n1,\xff\n"), Err(SheetError::NotUtf8));
}

#[test]
fn rows_alike_belong_together() {
    let text = "won,a,b\n1,1,x\n0,1,x\n1,2,y\n0,1,z\n1,2,y\n";
    let learning = Sheet::read(text.as_bytes())
        .unwrap()
        .learning(&asking("won"), now())
        .unwrap();
    assert_eq!(learning.table.groups(), [0, 0, 1, 2, 1]);
    let by_name = Asking {
        group: Some("b".to_owned()),
        ..asking("won")
    };
    let learning = Sheet::read(text.as_bytes())
        .unwrap()
        .learning(&by_name, now())
        .unwrap();
    assert_eq!(learning.table.groups(), [0, 0, 1, 2, 1]);
}
