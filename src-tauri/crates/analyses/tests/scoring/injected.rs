//! Columns that leak, in as many ways as files and histories do, and honest ones beside them.

use analyses::scoring::{Column, Provenance, Values, WeekBefore};
use stats::Stream;

/// A column that leaks, and what is known of how it was written.
pub(crate) type Leak = (&'static str, Values, Provenance);

fn category(values: impl Iterator<Item = Option<u32>>, names: u32) -> Values {
    Values::Categories {
        codes: values.collect(),
        names: (0..names).map(|code| format!("value {code}")).collect(),
    }
}

/// Rows that are still open.
const OPEN: usize = 120;

/// What a column held a week before, of all rows but every third, which were not there yet.
fn a_week_before(values: &Values) -> WeekBefore {
    let rows = |rows: usize| (0..rows).filter(|row| row % 3 != 0).collect::<Vec<usize>>();
    match values {
        Values::Numbers(numbers) => {
            let rows = rows(numbers.len());
            WeekBefore {
                values: Values::Numbers(rows.iter().map(|&row| numbers[row]).collect()),
                rows,
            }
        }
        Values::Categories { codes, names } => {
            let rows = rows(codes.len());
            WeekBefore {
                values: Values::Categories {
                    codes: rows.iter().map(|&row| codes[row]).collect(),
                    names: names.clone(),
                },
                rows,
            }
        }
    }
}

/// Twenty ways in which a file or a history tells what nobody knows yet.
pub(crate) fn leaks(happened: &[bool], stream: &mut Stream) -> Vec<Leak> {
    let mut of = |number: &mut dyn FnMut(bool, &mut Stream) -> f64| {
        let numbers = happened.iter().map(|&won| number(won, stream));
        Values::Numbers(numbers.collect())
    };
    let none = f64::NAN;
    let mut found = vec![
        ("copy", of(&mut |won, _| f64::from(u8::from(won)))),
        (
            "copy with slips",
            of(&mut |won, s| f64::from(u8::from(won != s.bernoulli(0.05)))),
        ),
        (
            "probability",
            of(&mut |won, s| if won { 0.7 } else { 0.2 } + 0.1 * s.normal()),
        ),
        (
            "value in the end",
            of(&mut |won, s| if won { s.normal().exp() } else { 0.0 }),
        ),
        (
            "invoices",
            of(&mut |won, s| {
                if won {
                    1.0 + s.poisson(2.0) as f64
                } else {
                    0.0
                }
            }),
        ),
        (
            "satisfaction",
            of(&mut |won, s| if won { s.normal() } else { none }),
        ),
        (
            "onboarding",
            of(&mut |won, s| if won && s.bernoulli(0.8) { 1.0 } else { none }),
        ),
        (
            "note of a loss",
            of(&mut |won, s| if !won && s.bernoulli(0.7) { 1.0 } else { none }),
        ),
        (
            "days_to_close",
            of(&mut |won, s| if won { 30.0 } else { 45.0 } + 20.0 * s.normal()),
        ),
        (
            "total days in pipeline",
            of(&mut |won, s| if won { 2.0 } else { 2.8 } + s.normal()),
        ),
        (
            "hs_time_in_stage",
            of(&mut |won, s| if won { 2.0 } else { 2.8 } + s.normal()),
        ),
        (
            "calls so far",
            of(&mut |won, s| s.poisson(if won { 6.0 } else { 2.0 }) as f64),
        ),
        (
            "rank",
            of(&mut |won, s| s.uniform() + if won { 0.85 } else { 0.0 }),
        ),
    ];
    let mut choice = |pick: &mut dyn FnMut(bool, &mut Stream) -> Option<u32>| {
        category(happened.iter().map(|&won| pick(won, stream)), 4)
    };
    found.extend([
        (
            "lifecycle",
            choice(&mut |won, s| {
                Some(if won && s.bernoulli(0.9) {
                    3
                } else {
                    s.index(3)
                })
            }),
        ),
        (
            "tag",
            choice(&mut |won, s| Some(if won { 2 + s.index(2) } else { s.index(2) })),
        ),
        (
            "grade",
            choice(&mut |won, s| {
                let settled = s.bernoulli(0.4);
                Some(if !settled {
                    1 + s.index(2)
                } else if won {
                    3
                } else {
                    0
                })
            }),
        ),
        (
            "closed_lost_reason",
            choice(&mut |won, s| (!won && s.bernoulli(0.5)).then(|| s.index(4))),
        ),
    ]);
    let mut known: Vec<Leak> = found
        .into_iter()
        .map(|(name, values)| (name, values, Provenance::default()))
        .collect();
    let mut half = |won: bool| {
        if won == stream.bernoulli(0.7) {
            1.0
        } else {
            0.0
        }
    };
    let mut weak = || Values::Numbers(happened.iter().map(|&won| half(won)).collect());
    known.push((
        "owner's queue",
        weak(),
        Provenance {
            late_writes: Some((320, 500)),
            ..Provenance::default()
        },
    ));
    known.push((
        "next step",
        weak(),
        Provenance {
            week_before: Some(a_week_before(&Values::Numbers(vec![1.0; happened.len()]))),
            ..Provenance::default()
        },
    ));
    known.push((
        "contract",
        weak(),
        Provenance {
            while_open: Some(Values::Numbers(
                (0..100)
                    .map(|row| if row < 40 { 1.0 } else { none })
                    .collect(),
            )),
            moments: Some(
                (0..happened.len() as i64)
                    .map(|row| Some(row + 9))
                    .collect(),
            ),
            ..Provenance::default()
        },
    ));
    known
}

/// Six ways in which rows that are scored differ from those that were learnt from, or values come to be
/// known late.
pub(crate) fn late_leaks(happened: &[bool], stream: &mut Stream) -> Vec<Leak> {
    let rows = happened.len();
    let none = f64::NAN;
    let weak = |s: &mut Stream, shift: f64| -> Vec<f64> {
        let number = |won: &bool| s.normal() + if *won { shift } else { 0.0 };
        happened.iter().map(number).collect()
    };
    let late = weak(stream, 0.7);
    let before = late.iter().map(|_| stream.normal()).collect();
    let arrives = weak(stream, 0.7);
    let known = |number: &f64, s: &mut Stream| if s.bernoulli(0.2) { *number } else { none };
    let arrived = arrives.iter().map(|number| known(number, stream)).collect();
    let enriched = weak(stream, 0.7).into_iter().enumerate();
    let enriched = enriched.map(|(row, number)| if row + 25 < rows { number } else { none });
    let graded = weak(stream, 0.7).into_iter().enumerate();
    let graded = graded.map(|(row, number)| {
        let code = if number > 0.5 {
            2
        } else {
            u32::from(number > -0.5)
        };
        (row + 15 < rows).then_some(code)
    });
    let percent = weak(stream, 0.6).into_iter().map(|number| number + 4.0);
    let status = happened
        .iter()
        .map(|won| Some(if *won == stream.bernoulli(0.7) { 3 } else { 2 }));
    let status = category(status, 4);
    let while_open = |values: Values| Provenance {
        while_open: Some(values),
        ..Provenance::default()
    };
    let earlier = |before: Vec<f64>| Provenance {
        week_before: Some(a_week_before(&Values::Numbers(before))),
        ..Provenance::default()
    };
    let open_status = category((0..OPEN).map(|_| Some(stream.index(2))), 4);
    let open_percent = Values::Numbers((0..OPEN).map(|_| stream.normal()).collect());
    vec![
        (
            "visits as of next week",
            Values::Numbers(late),
            earlier(before),
        ),
        (
            "arrives with a delay",
            Values::Numbers(arrives),
            earlier(arrived),
        ),
        (
            "enriched",
            Values::Numbers(enriched.collect()),
            Provenance::default(),
        ),
        ("graded", category(graded, 3), Provenance::default()),
        ("status", status, while_open(open_status)),
        (
            "percent",
            Values::Numbers(percent.collect()),
            while_open(open_percent),
        ),
    ]
}

/// Six honest columns of which as much is known, and that change as honest ones do.
pub(crate) fn traced_and_honest(
    happened: &[bool],
    stream: &mut Stream,
) -> Vec<(Column, Provenance)> {
    let mut found = Vec::new();
    for number in 0..6_u32 {
        let tells = 0.2 * f64::from(number);
        let missing = 0.1 * f64::from(number % 3);
        let value = |won: bool, s: &mut Stream| {
            let value = s.normal() + if won { tells } else { 0.0 };
            if s.bernoulli(missing) {
                f64::NAN
            } else {
                value
            }
        };
        let values: Vec<f64> = happened.iter().map(|&won| value(won, stream)).collect();
        // One in ten has moved since.
        let earlier = values.iter().map(|number| {
            if stream.bernoulli(0.1) {
                stream.normal()
            } else {
                *number
            }
        });
        let earlier = Values::Numbers(earlier.collect());
        let open = (0..OPEN).map(|_| value(stream.bernoulli(0.4), stream) + 0.4);
        let provenance = Provenance {
            week_before: Some(a_week_before(&earlier)),
            while_open: Some(Values::Numbers(open.collect())),
            ..Provenance::default()
        };
        let name = format!("traced {number}");
        found.push((
            Column {
                name,
                values: Values::Numbers(values),
            },
            provenance,
        ));
    }
    found
}

/// Twenty honest columns, some of which tell a good deal.
pub(crate) fn honest(happened: &[bool], stream: &mut Stream) -> Vec<Column> {
    let mut columns = Vec::new();
    for number in 0..10_u32 {
        let tells = 0.12 * f64::from(number);
        let values = happened.iter().map(|&won| {
            let value = stream.normal() + if won { tells } else { 0.0 };
            if stream.bernoulli(0.1) {
                f64::NAN
            } else {
                value
            }
        });
        columns.push((
            format!("number {number}"),
            Values::Numbers(values.collect()),
        ));
    }
    for number in 0..10_u32 {
        let tells = 0.05 * f64::from(number);
        let codes = happened.iter().map(|&won| {
            let code = if won && stream.bernoulli(tells) {
                0
            } else {
                stream.index(8)
            };
            (!stream.bernoulli(0.2)).then_some(code)
        });
        columns.push((format!("category {number}"), category(codes, 8)));
    }
    columns
        .into_iter()
        .map(|(name, values)| Column { name, values })
        .collect()
}
