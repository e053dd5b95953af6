//! Rows that nothing, or too much, is to be learnt from: a card says so, and nothing panics.

use crate::models::options;
use crate::worlds::world;
use analyses::scoring::{Column, Obstacle, Order, SuspectKind, Table, Training, Values, train};
use stats::Stream;

fn numbers(name: &str, values: Vec<f64>) -> Column {
    Column {
        name: name.to_owned(),
        values: Values::Numbers(values),
    }
}

fn trained(columns: Vec<Column>, happened: Vec<bool>) -> Training {
    let table = Table::new(columns, happened).unwrap();
    let training = train(&table, &Order::Drawn, &options()).unwrap();
    if let Some(model) = &training.model {
        let told = model.probabilities(&model.ask(&table).unwrap()).unwrap();
        assert!(told.iter().all(|p| (0.0..=1.0).contains(p)), "{told:?}");
    }
    training
}

fn outcomes(rows: usize, rate: f64) -> (Vec<bool>, Stream) {
    let mut stream = Stream::new(12, 912, 0);
    ((0..rows).map(|_| stream.bernoulli(rate)).collect(), stream)
}

#[test]
fn columns_that_say_nothing_are_refused_in_words() {
    let check = |columns: Vec<Column>| {
        let (happened, _) = outcomes(240, 0.4);
        let card = trained(columns, happened).card;
        assert!(
            card.why.contains("no column holds anything"),
            "{}",
            card.why
        );
        assert!(
            card.refusals
                .iter()
                .any(|r| r.obstacle == Obstacle::NothingJudged)
        );
    };
    check(Vec::new());
    check(vec![numbers("missing", vec![f64::NAN; 240])]);
    check(vec![numbers("constant", vec![-3.5; 240])]);
    let infinite = (0..240).map(|row| {
        if row % 2 == 0 {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        }
    });
    check(vec![numbers("infinite", infinite.collect())]);
    let nobody = Values::Categories {
        codes: vec![None; 240],
        names: Vec::new(),
    };
    check(vec![Column {
        name: "nobody".to_owned(),
        values: nobody,
    }]);
}

#[test]
fn awkward_numbers_are_learnt_from() {
    let (happened, mut stream) = outcomes(400, 0.4);
    let of = |number: &mut dyn FnMut(usize) -> f64| (0..400).map(number).collect::<Vec<f64>>();
    let columns = vec![
        numbers(
            "largest",
            of(&mut |row| if row % 5 == 0 { f64::MAX } else { f64::MIN }),
        ),
        numbers("smallest", of(&mut |row| row as f64 * 5e-324)),
        numbers(
            "some infinite",
            of(&mut |row| {
                if row % 7 == 0 {
                    f64::INFINITY
                } else {
                    row as f64
                }
            }),
        ),
        numbers("once", of(&mut |row| if row == 9 { 1.0 } else { 0.0 })),
        numbers(
            "zeros",
            of(&mut |row| if row % 2 == 0 { 0.0 } else { -0.0 }),
        ),
        numbers(
            "tells",
            of(&mut |row| stream.normal() + if happened[row] { 1.0 } else { 0.0 }),
        ),
    ];
    let card = trained(columns, happened).card;
    assert!(card.is_published(), "{:?}", card.refusals);
    assert_eq!(card.weights[0].column, "tells");
}

/// Names that each stand for a row or two: learnt by heart they would tell everything.
#[test]
fn ten_thousand_categories_teach_nothing_by_heart() {
    let (happened, mut stream) = outcomes(12_000, 0.3);
    let codes: Vec<Option<u32>> = (0..12_000).map(|_| Some(stream.index(10_000))).collect();
    let who = Column {
        name: "who".to_owned(),
        values: Values::Categories {
            codes,
            names: (0..10_000).map(|code| format!("name {code}")).collect(),
        },
    };
    let card = trained(vec![who], happened).card;
    assert!(!card.is_published(), "{:?}", card.judged);
}

#[test]
fn rows_of_one_kind_or_hardly_any_are_counted() {
    let check = |rows: usize, wins: usize, wanted: fn(&Obstacle) -> bool| {
        let happened: Vec<bool> = (0..rows).map(|row| row < wins).collect();
        let mut stream = Stream::new(2, 913, 0);
        let column = numbers("noise", (0..rows).map(|_| stream.normal()).collect());
        let refusals = trained(vec![column], happened).card.refusals;
        assert!(
            refusals.iter().any(|r| wanted(&r.obstacle)),
            "{rows} {wins} {refusals:?}"
        );
    };
    for rows in [0, 1, 2, 50] {
        check(rows, rows / 2, |o| {
            matches!(o, Obstacle::TooFewClosed { .. })
        });
    }
    for wins in [0, 1, 3, 299, 300] {
        check(300, wins, |o| {
            matches!(o, Obstacle::TooFewOfTheRarer { .. })
        });
    }
}

/// The same rows three times over, as their own deals and as strangers: strangers are named.
#[test]
fn rows_that_stand_thrice_are_named_where_they_pass_for_others() {
    let once = world(200, 3, 1.0);
    let rows: Vec<usize> = (0..600).map(|row| row % 200).collect();
    let columns = once.table.columns().iter().map(|column| Column {
        name: column.name.clone(),
        values: match &column.values {
            Values::Numbers(n) => Values::Numbers(rows.iter().map(|&row| n[row]).collect()),
            Values::Categories { codes, names } => Values::Categories {
                codes: rows.iter().map(|&row| codes[row]).collect(),
                names: names.clone(),
            },
        },
    });
    let happened: Vec<bool> = rows.iter().map(|&row| once.table.happened()[row]).collect();
    let strangers = Table::new(columns.collect(), happened).unwrap();
    let known = strangers
        .clone()
        .with_groups(
            rows.iter().map(|&row| row as u32).collect(),
            vec![1.0 / 3.0; 600],
        )
        .unwrap();
    let kinds = |table: &Table| -> Vec<SuspectKind> {
        let card = train(table, &Order::Drawn, &options()).unwrap().card;
        let suspects = card.audit.suspects.iter().filter(|s| s.column.is_none());
        suspects.map(|suspect| suspect.kind).collect()
    };
    assert!(kinds(&strangers).contains(&SuspectKind::Duplicates));
    assert_eq!(kinds(&known), []);
    // A rule's interval is that of its deals, however often each was seen.
    let widths = |table: &Table| -> Vec<f64> {
        let card = train(table, &Order::Drawn, &options()).unwrap().card;
        card.rules.iter().map(|rule| rule.high - rule.low).collect()
    };
    let (once, thrice) = (widths(&once.table), widths(&known));
    assert!(
        once.len() > 1 && once.len() == thrice.len(),
        "{once:?} {thrice:?}"
    );
    for (once, thrice) in once.iter().zip(&thrice) {
        assert!((once - thrice).abs() < 1e-9, "{once} {thrice}");
    }
}
