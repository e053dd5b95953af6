//! A small portal whose clock stands still unless it is moved, its copy, and the syncs between them.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use crm::{Moment, ObjectType};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Bulk, Limits, Sim, SimOptions, WorldKind};
use serde_json::Value;
use store::{Cell, DataDir, PortalInfo, PortalStore, Reconciliation, RunOutcome, testing};
use sync::{Landing, OneTransaction, SyncError, SyncOptions, SyncReport};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::deeds::{Deed, PAIRS, TYPES};
use crate::doing::{self, Past};

/// The portal's clock, as this machine's shows it.
pub(crate) struct OurClock {
    sim: Arc<Sim>,
    /// How far this machine's clock is ahead, in milliseconds.
    ahead: AtomicI64,
}

impl OurClock {
    pub(crate) fn theirs(&self) -> Moment {
        let (_, answer) = self.sim.control("GET", "clock", &Value::Null);
        answer["now"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) fn set_ahead(&self, millis: i64) {
        self.ahead.store(millis, Ordering::Relaxed);
    }
}

impl Clock for OurClock {
    fn now(&self) -> Moment {
        let ahead = self.ahead.load(Ordering::Relaxed);
        Moment::from_millis(self.theirs().millis() + ahead)
    }
}

/// What a sync is asked to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// What changed.
    Changes,
    /// What changed, and every id.
    Compared,
    /// Everything.
    Everything,
}

/// How a sync ends, by the number of pages that it stored before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Reached,
    /// The user stops it.
    Cancelled(u8),
    /// What runs it is gone: a window closed, a process ended.
    Dropped(u8),
}

/// How a run came out.
pub(crate) enum Outcome {
    Report(Box<SyncReport>),
    Dropped,
}

pub(crate) struct Portal {
    pub(crate) sim: Arc<Sim>,
    pub(crate) client: Client,
    pub(crate) clock: Arc<OurClock>,
    pub(crate) copy: Copy,
    pub(crate) past: Mutex<Past>,
    apart: AtomicBool,
    landing: Arc<dyn Landing>,
}

/// A copy in a folder of its own.
pub(crate) struct Copy {
    pub(crate) store: PortalStore,
    _folder: tempfile::TempDir,
}

/// The types and pairs that the deeds know.
fn options(reading: Reading) -> SyncOptions {
    let all = SyncOptions::default();
    let known = |object: &ObjectType| TYPES.contains(&object.as_str());
    let mut objects: Vec<_> = all
        .objects
        .into_iter()
        .filter(|plan| known(&plan.object))
        .collect();
    for plan in &mut objects {
        let from = plan.object.as_str().to_owned();
        plan.associations
            .retain(|to| PAIRS.contains(&(from.as_str(), to.as_str())));
    }
    SyncOptions {
        objects,
        custom_types: false,
        page_size: Some(3),
        full: reading == Reading::Everything,
        reconcile: reading == Reading::Compared,
        verify: true,
        ..SyncOptions::default()
    }
}

impl Portal {
    pub(crate) async fn new(landing: Arc<dyn Landing>) -> Self {
        let options = SimOptions {
            world: WorldKind::Bulk(Bulk {
                contacts: 7,
                deals: 6,
                activities: 20,
            }),
            seed: 5,
            now: "2026-11-02T08:00:00Z".parse().unwrap(),
            deals: None,
            port: 0,
            limits: Limits::Off,
        };
        let sim = Arc::new(hubspot_sim::serve(options).await.unwrap());
        sim.hold_clock();
        let clock = Arc::new(OurClock {
            sim: sim.clone(),
            ahead: AtomicI64::new(0),
        });
        let address = sim.address();
        let client = Client::new(
            Addresses::loopback(&address.base_url).unwrap(),
            Arc::new(StaticToken::new(address.token.clone().into())),
            Pacing {
                second: std::time::Duration::from_millis(1),
                guards_error_rate: false,
                ..Pacing::unlimited(1)
            },
            clock.clone(),
        )
        .unwrap();
        let copy = Copy::of(&client).await;
        let past = Mutex::new(Past::default());
        Self {
            sim,
            client,
            clock,
            copy,
            past,
            apart: AtomicBool::new(false),
            landing,
        }
    }

    /// Whether a millisecond passes before each deed from now on, once so, always so. Where the clocks are apart nobody can tell a
    /// record that is read between two changes of one millisecond.
    pub(crate) fn no_two_in_a_millisecond(&self, apart: bool) {
        self.apart.fetch_or(apart, Ordering::Relaxed);
    }

    pub(crate) fn perform(&self, deed: &Deed) {
        if self.apart.load(Ordering::Relaxed) {
            doing::wait(&self.sim, 1);
        }
        doing::perform(&self.sim, &mut self.past.lock().unwrap(), deed);
    }

    /// Runs a sync; `meanwhile` happens once so many pages are stored.
    pub(crate) async fn sync(
        &self,
        reading: Reading,
        end: End,
        meanwhile: Option<&(u8, Deed)>,
    ) -> Result<Outcome, SyncError> {
        let (options, cancel, dropped) =
            (options(reading), CancellationToken::new(), Notify::new());
        let pages = AtomicUsize::new(0);
        let progress = |_| {
            let page = pages.fetch_add(1, Ordering::Relaxed);
            match end {
                End::Cancelled(after) if page == usize::from(after) => cancel.cancel(),
                End::Dropped(after) if page == usize::from(after) => dropped.notify_one(),
                _ => {}
            }
            if let Some((after, deed)) = meanwhile
                && page == usize::from(*after)
            {
                self.perform(deed);
            }
        };
        let run = sync::run_landing(
            &self.client,
            &self.copy.store,
            &options,
            &*self.clock,
            &progress,
            &cancel,
            self.landing.clone(),
        );
        tokio::select! {
            biased;
            () = dropped.notified() => Ok(Outcome::Dropped),
            report = run => Ok(Outcome::Report(Box::new(report?))),
        }
    }

    /// A copy of the same portal that begins now and loses nothing.
    pub(crate) async fn another_copy(&self) -> Copy {
        let copy = Copy::of(&self.client).await;
        let (options, cancel) = (options(Reading::Changes), CancellationToken::new());
        let landing = Arc::new(OneTransaction);
        let run = sync::run_landing(
            &self.client,
            &copy.store,
            &options,
            &*self.clock,
            &|_| {},
            &cancel,
            landing,
        );
        assert_eq!(run.await.unwrap().outcome, RunOutcome::Done);
        copy
    }

    pub(crate) async fn verify(&self) -> Result<Reconciliation, SyncError> {
        let cancel = CancellationToken::new();
        sync::verify(
            &self.client,
            &self.copy.store,
            &options(Reading::Changes),
            &*self.clock,
            &|_| {},
            &cancel,
        )
        .await
    }
}

impl Copy {
    async fn of(client: &Client) -> Self {
        let account = client.account().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(folder.path()).unwrap();
        let info = PortalInfo {
            id: account.portal,
            name: "Model".to_owned(),
            time_zone: "UTC".to_owned(),
            home_currency: "EUR".to_owned(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: Moment::from_millis(0),
        };
        let store = PortalStore::create(&dir, &testing::vault(1), &info).unwrap();
        Self {
            store,
            _folder: folder,
        }
    }

    /// The answer to a question, one list of texts a row; what is NULL is an empty text.
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let answer = self.store.read_only_query(sql, 1_000_000).unwrap();
        assert!(!answer.truncated);
        let cell = |cell: &Cell| match cell {
            Cell::Integer(number) => number.to_string(),
            Cell::Text(text) => text.clone(),
            Cell::Null => String::new(),
            other => format!("{other:?}"),
        };
        answer
            .rows
            .iter()
            .map(|row| row.iter().map(cell).collect())
            .collect()
    }
}
