//! Competitors from a portal to a report: the list, the switch for texts, and figures that open the very
//! deals they count.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use analyses::competitors::{Caution, CompetitorReport, ListChange, Source};
use app::views::{
    CompetitorChangeArgs, CompetitorListView, CompetitorTextsArgs, CompetitorsArgs, ConnectArgs,
    ConnectionWay, CopyArgs, JobId, SyncArgs,
};
use app::{App, Environment, ErrorCode};
use crm::{Moment, PortalId};
use hubspot::Clock;
use hubspot::oauth::ConsentFollower;
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};

const NOW: &str = "2026-11-02T08:00:00Z";

/// Whom the demo world's people talk about.
const NAMES: [&str; 4] = ["Kranwerk", "Pumpify", "Nordhydro", "Valvero"];

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Moment {
        NOW.parse().unwrap()
    }
}

struct Both {
    app: App,
    portal: PortalId,
    _sim: Sim,
    _folder: tempfile::TempDir,
}

impl Both {
    async fn connected() -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: 7,
            now: Stopped.now(),
            deals: Some(400),
            port: 0,
            limits: Limits::Off,
        };
        let sim = hubspot_sim::serve(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            data_dir: folder.path().join("data"),
            passphrase: Some("a passphrase".into()),
            clock: Arc::new(Stopped),
            opener: Arc::new(ConsentFollower),
            approver: "tester".to_owned(),
            demo_wanted: false,
            demo_limits: Limits::Off,
        };
        let app = App::open(environment).await.unwrap();
        let connect = ConnectArgs {
            job: JobId("test".to_owned()),
            way: ConnectionWay::Token {
                token: sim.address().token.clone().into(),
            },
            name: None,
            api_base: Some(sim.address().base_url.clone()),
        };
        let portal = app.connect(connect).await.unwrap().id;
        Self {
            app,
            portal,
            _sim: sim,
            _folder: folder,
        }
    }

    async fn sync(&self) {
        let sync = SyncArgs {
            job: JobId("test".to_owned()),
            portal: self.portal,
            full: false,
            reconcile: false,
        };
        self.app.sync(sync).await.unwrap();
    }

    async fn list(&self) -> CompetitorListView {
        let portal = self.portal.into();
        self.app.competitor_list(CopyArgs { portal }).await.unwrap()
    }

    async fn change(&self, change: ListChange) -> CompetitorListView {
        let portal = self.portal;
        let changes = vec![change];
        let args = CompetitorChangeArgs { portal, changes };
        self.app.competitor_change(args).await.unwrap()
    }

    async fn texts(&self, on: bool) -> CompetitorListView {
        let portal = self.portal;
        let args = CompetitorTextsArgs { portal, on };
        self.app.competitor_texts(args).await.unwrap()
    }

    async fn report(&self) -> CompetitorReport {
        let asked = CompetitorsArgs {
            portal: self.portal.into(),
            as_of: None,
            pipeline: None,
            segment: Some("company.industry".to_owned()),
        };
        self.app.competitors(asked).await.unwrap().report
    }

    /// How many texts of activities the copy holds.
    async fn texts_kept(&self) -> i64 {
        let sql = "SELECT count(*) FROM record WHERE object_type IN ('notes', 'emails') \
                   AND coalesce(properties ->> '$.hs_note_body', properties ->> '$.hs_email_subject') IS NOT NULL";
        let answer = self.app.query(self.portal.into(), sql.to_owned()).await;
        answer.unwrap().rows[0][0].as_i64().unwrap()
    }
}

fn sources(report: &CompetitorReport) -> BTreeSet<Source> {
    report
        .mentions
        .iter()
        .map(|mention| mention.source)
        .collect()
}

/// Every figure counts the deals it opens.
fn check_counts(report: &CompetitorReport) {
    for cell in &report.cells {
        if let Some(rate) = cell.win_rate {
            assert_eq!(rate.n as usize, cell.deals.len());
        }
        let margin = report
            .margins
            .iter()
            .find(|margin| margin.segment == cell.segment && margin.stage == cell.stage);
        if let Some(share) = cell.share_of_losses {
            let margin = margin.unwrap();
            assert_eq!(share.n as usize, margin.lost_deals.len());
            let k = (share.value * f64::from(share.n)).round();
            assert!((k - cell.lost_deals.len() as f64).abs() < 1e-9);
            assert!(
                cell.lost_deals
                    .iter()
                    .all(|id| margin.lost_deals.contains(id))
            );
        }
        // Each deal of a cell has a sentence that says why it is there.
        for deal in cell.deals.iter().chain(&cell.lost_deals) {
            let mut mentions = report.mentions.iter();
            let said = mentions.any(|mention| {
                mention.deal == *deal && mention.competitor == cell.competitor && !mention.negated
            });
            assert!(said, "{deal}");
        }
    }
}

#[tokio::test]
async fn competitors_are_counted_from_a_portal_with_and_without_its_texts() {
    let both = Both::connected().await;
    both.sync().await;
    let list = both.list().await;
    assert_eq!((list.version, list.texts_since), (0, None));
    let proposed: Vec<&str> = list
        .proposed
        .iter()
        .map(|view| view.property.name.as_str())
        .collect();
    assert_eq!(proposed, ["main_competitor"]);

    // With no list at all, unknown names are still found in what is read anyway.
    let empty = both.report().await;
    assert!(empty.cells.is_empty() && empty.mentions.is_empty());
    let waiting: BTreeSet<&str> = empty.waiting.iter().map(|row| row.name.as_str()).collect();
    assert!(waiting.contains("Kranwerk"), "{waiting:?}");

    both.change(ListChange::Property {
        name: "main_competitor".to_owned(),
        lost_to: false,
        remove: false,
    })
    .await;
    for name in &NAMES[1..] {
        both.change(ListChange::Add {
            name: (*name).to_owned(),
        })
        .await;
    }
    let confirm = ListChange::Confirm {
        name: NAMES[0].to_owned(),
        competitor: None,
    };
    let list = both.change(confirm).await;
    assert_eq!((list.version, list.competitors.len()), (5, 4));
    assert!(list.proposed.is_empty());

    both.sync().await;
    let report = both.report().await;
    assert!(report.won > 50 && report.lost > 50);
    assert_eq!(
        sources(&report),
        [Source::Property, Source::LossReason].into()
    );
    check_counts(&report);
    let shares = report.cells.iter();
    assert!(shares.filter(|cell| cell.share_of_losses.is_some()).count() > 4);
    // How much more often a lost deal has one written down is to be said, whichever way it lies.
    let property = &report.logging[0];
    let share = |named: u32, closed: u32| f64::from(named) / f64::from(closed);
    let lost = share(property.lost_named, property.lost);
    let won = share(property.won_named, property.won);
    let ratio = property.ratio.unwrap();
    assert!((ratio.value - lost / won).abs() < 1e-9, "{ratio:?}");
    assert!(ratio.low < ratio.value && ratio.value < ratio.high);
    assert_eq!(
        report.cautions.contains(&Caution::NoWinRates),
        report
            .logging
            .iter()
            .all(|logging| logging.why_share.is_some())
    );
    let same = serde_json::to_string(&both.report().await).unwrap();
    assert_eq!(serde_json::to_string(&report).unwrap(), same);

    assert_eq!(both.texts_kept().await, 0);
    both.texts(true).await;
    both.sync().await;
    assert!(both.texts_kept().await > 100);
    let with = both.report().await;
    assert!(with.texts > report.texts);
    assert!(sources(&with).contains(&Source::Note));
    check_counts(&with);
    let off = both.texts(false).await;
    assert!(off.removed > 100 && off.texts_since.is_none());
    assert_eq!(both.texts_kept().await, 0);
    assert_eq!(serde_json::to_string(&both.report().await).unwrap(), same);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let both = Both::connected().await;
    both.change(ListChange::Add {
        name: "Pumpify".to_owned(),
    })
    .await;
    let refused = [
        ListChange::Add {
            name: "PUMPIFY".to_owned(),
        },
        ListChange::Add {
            name: "x".to_owned(),
        },
        ListChange::Own {
            name: "Pumpify".to_owned(),
            remove: false,
        },
        ListChange::Remove {
            competitor: "Kranwerk".to_owned(),
            alias: None,
        },
        ListChange::Confirm {
            name: "Pumpfy".to_owned(),
            competitor: Some("Kranwerk".to_owned()),
        },
    ];
    for change in refused {
        let portal = both.portal;
        // What comes before a change that is refused is not made either.
        let fine = ListChange::Own {
            name: "Meer".to_owned(),
            remove: false,
        };
        let args = CompetitorChangeArgs {
            portal,
            changes: vec![fine, change],
        };
        let error = both.app.competitor_change(args).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::BadInput);
    }
    let none = CompetitorChangeArgs {
        portal: both.portal,
        changes: vec![],
    };
    let error = both.app.competitor_change(none).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::BadInput);
    assert_eq!(both.list().await.version, 1);
}
