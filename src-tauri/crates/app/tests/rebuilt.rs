//! What was saved then and what is rebuilt now say the same of that moment, cell for cell: a portal is
//! frozen again and again while deals are created, edited, deleted and merged, and at the
//! end its timeline is asked for each of those moments.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod copied;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use analyses::waterfall::{WaterfallQuestion, waterfall};
use copied::{Copied, check_lists, deals_alone};
use crm::{Moment, RecordId, parse_amount};
use hubspot_sim::Change;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::json;
use store::{PortalStore, SnapshotId, SnapshotRequest, open_snapshot, save_snapshot};
use timeline::waterfall::Line;
use timeline::{Known, Timeline};

/// A deal as a copy has it, each cell as it would be shown.
type Cells = BTreeMap<&'static str, String>;

const DEALS: &str = "SELECT r.record_id, d.stage_id, d.pipeline_id, d.amount, d.currency, d.close_at, \
     d.owner_id, r.properties ->> '$.hs_manual_forecast_category' \
     FROM record r JOIN deal d ON d.record_id = r.record_id \
     WHERE r.object_type = 'deals' AND r.archived = 0";

/// The deals that a frozen copy holds, as they are in it.
fn saved(store: &PortalStore) -> BTreeMap<RecordId, Cells> {
    let deals = store.read(|connection| {
        let mut statement = connection.prepare(DEALS)?;
        let rows = statement.query_map([], |row| {
            let text =
                |i| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(i)?.unwrap_or_default());
            let number = |i| {
                let number = row.get::<_, Option<i64>>(i)?;
                Ok::<_, rusqlite::Error>(
                    number.map_or_else(String::new, |number| number.to_string()),
                )
            };
            let amount = parse_amount(&text(3)?).map(|amount| amount.normalize().to_string());
            Ok((
                RecordId::new(row.get(0)?),
                Cells::from([
                    ("stage", text(1)?),
                    ("pipeline", text(2)?),
                    ("amount", amount.unwrap_or_default()),
                    // A deal that names no currency is in the portal's own.
                    (
                        "currency",
                        Some(text(4)?)
                            .filter(|code| !code.is_empty())
                            .unwrap_or("EUR".to_owned()),
                    ),
                    ("close date", number(5)?),
                    ("owner", number(6)?),
                    ("category", text(7)?),
                ]),
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    });
    deals.unwrap()
}

/// A cell of the rebuilt state; none where it is not known.
fn cell<T>(known: Known<T>, show: impl Fn(T) -> String) -> Option<String> {
    match known {
        Known::Value(value) => Some(show(value)),
        Known::Empty => Some(String::new()),
        Known::Unknown => None,
    }
}

/// The deals that were there at a moment, rebuilt from their histories; cells that are not known are
/// left out.
fn rebuilt(timeline: &Timeline, at: Moment) -> BTreeMap<RecordId, Cells> {
    let state = timeline.as_of(at);
    let there = timeline.deals().filter(|&deal| state.exists(deal));
    let cells = |deal| {
        let now = state.deal(deal).unwrap();
        let cells = [
            (
                "stage",
                cell(now.stage, |ix| timeline.stage(ix).id.to_string()),
            ),
            (
                "pipeline",
                now.pipeline.map(|ix| timeline.pipeline(ix).id.to_string()),
            ),
            (
                "amount",
                cell(now.amount, |amount| amount.normalize().to_string()),
            ),
            ("currency", Some(timeline.currency_at(deal, at).to_string())),
            (
                "close date",
                cell(now.close_at, |close| close.millis().to_string()),
            ),
            ("owner", cell(now.owner, |owner| owner.to_string())),
            (
                "category",
                cell(now.category, |ix| timeline.categories()[ix.index()].clone()),
            ),
        ];
        cells
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    };
    there.map(|deal| (timeline.id(deal), cells(deal))).collect()
}

/// What the test has met, so that it cannot pass by meeting nothing.
#[derive(Debug, Default)]
struct Seen {
    merges: usize,
    deletions: usize,
    cells: usize,
    unknown: usize,
    under_other_ids: usize,
    left: usize,
    changed_currency: usize,
}

/// Something that happens to deals. What the simulator refuses happens to no deal.
fn happen(copied: &Copied, dice: &mut ChaCha20Rng, seen: &mut Seen) {
    let mut below = |n: usize| usize::try_from(dice.next_u64() % n as u64).unwrap();
    let ids = copied.sim.ids("deals");
    let (one, other) = (ids[below(ids.len())].clone(), ids[below(ids.len())].clone());
    let deals = || "deals".to_owned();
    let values: [(&str, &[&str]); 6] = [
        ("amount", &["100", "2500.50", "", "0"]),
        ("dealstage", &["qualifiedtobuy", "closedwon", "closedlost"]),
        ("closedate", &["2026-12-24", "2027-01-31T10:00:00Z", ""]),
        ("hs_manual_forecast_category", &["COMMIT", "BEST_CASE", ""]),
        ("deal_currency_code", &["USD", "EUR"]),
        ("hubspot_owner_id", &[""]),
    ];
    let change = match below(20) {
        0 => Change::Create {
            object_type: deals(),
            properties: json!({"dealname": "New", "pipeline": "default", "dealstage": "qualifiedtobuy", "amount": "7"})
                .as_object()
                .unwrap()
                .clone(),
        },
        1 => Change::Archive {
            object_type: deals(),
            id: one,
        },
        2 => Change::Merge {
            object_type: deals(),
            id: one,
            other,
            keeps_id: below(3) == 0,
        },
        n => {
            let (property, values) = values[n % values.len()];
            Change::SetProperty {
                object_type: deals(),
                id: one,
                property: property.to_owned(),
                value: values[below(values.len())].to_owned(),
                quiet: false,
            }
        }
    };
    let done = copied.sim.change(&change).is_ok();
    match change {
        Change::Merge { .. } => seen.merges += usize::from(done),
        Change::Archive { .. } => seen.deletions += usize::from(done),
        _ => {}
    }
    // Two changes of one property at one millisecond have no order that anybody could know.
    copied.sim.advance(1.0 / 1440.0);
}

#[tokio::test]
async fn a_saved_snapshot_and_the_rebuilt_state_agree_cell_for_cell() {
    let copied = Copied::new(150).await;
    let words = "a passphrase".to_owned().into();
    let mut dice = ChaCha20Rng::seed_from_u64(5);
    let mut seen = Seen::default();
    let mut frozen = Vec::new();
    for round in 0..12 {
        copied.sync(&deals_alone()).await;
        let at = copied.now();
        let request = SnapshotRequest {
            id: SnapshotId::random().unwrap(),
            to: copied.dir.path().join(format!("{round}.plumbline")),
            name: String::new(),
            taken_at: at,
        };
        save_snapshot(&copied.store, &request, &words, &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        frozen.push((at, request.to));
        copied.sim.advance(1.0);
        for _ in 0..40 {
            happen(&copied, &mut dice, &mut seen);
        }
        copied.sim.advance(5.0);
    }
    copied.sync(&deals_alone()).await;

    let timeline = Timeline::load(&copied.store).unwrap();
    for (at, file) in &frozen {
        let snapshot = open_snapshot(
            &copied.dir,
            file,
            &words,
            &mut |_| ControlFlow::Continue(()),
        );
        let then = saved(&snapshot.unwrap());
        let mut now = rebuilt(&timeline, *at);
        for (id, cells) in then {
            let deal = timeline.find(id).map(|deal| timeline.id(deal));
            seen.under_other_ids += usize::from(deal != Some(id));
            let rebuilt = deal.and_then(|id| now.remove(&id));
            let rebuilt = rebuilt.unwrap_or_else(|| panic!("deal {id} is missing at {at}"));
            for (name, value) in cells {
                seen.cells += 1;
                match rebuilt.get(name) {
                    None => seen.unknown += 1,
                    Some(now) => assert_eq!(*now, value, "{name} of deal {id} at {at}"),
                }
            }
        }
        assert!(now.is_empty(), "not there at {at}: {:?}", now.keys());
    }

    // Nor do the queries count a merged deal twice, and what is gone leaves by a line of its own.
    for ends in frozen.windows(2) {
        let question = WaterfallQuestion {
            from: ends[0].0,
            to: ends[1].0,
            pipeline: None,
            whose: analyses::forecast::Whose::All,
            closing: None,
        };
        let report = waterfall(&timeline, &question).unwrap();
        check_lists(&copied.store, &report);
        assert_eq!(report.residual.amount.to_string(), "0.00");
        let line = |wanted| {
            report
                .lines
                .iter()
                .find(|line| line.line == wanted)
                .unwrap()
        };
        seen.left += line(Line::Gone).deals.len();
        seen.changed_currency += line(Line::Currency).deals.len();
    }
    let met = [seen.merges, seen.deletions, seen.under_other_ids];
    assert!(met.iter().all(|&met| met > 10), "{seen:?}");
    assert!(seen.left > 5 && seen.changed_currency > 3, "{seen:?}");
    // Every one of them is known: no history was cut short.
    assert!(seen.cells > 5_000 && seen.unknown == 0, "{seen:?}");
}
