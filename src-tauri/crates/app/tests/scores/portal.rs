//! A simulated portal, read into a copy by the use cases that a user has.

use analyses::scoring::Scored;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use analyses::scoring::report::RecordScore;
use app::views::{
    ConnectArgs, ConnectionWay, CopyId, ScoreTrainArgs, ScoreTrainView, ScoringArgs, SyncArgs,
};
use app::{App, Environment, random_passphrase};
use crm::{Moment, PortalId};
use hubspot::Clock;
use hubspot::oauth::ConsentFollower;
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use serde_json::Value;

/// A clock that stands still.
struct Still(Moment);

impl Clock for Still {
    fn now(&self) -> Moment {
        self.0
    }
}

/// The demo world of a seed as it is on a day, and its copy.
pub(crate) struct Portal {
    app: App,
    sim: Sim,
    id: PortalId,
    _folder: tempfile::TempDir,
}

impl Portal {
    pub(crate) async fn read(seed: u64, now: Moment) -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed,
            now,
            deals: None,
            port: 0,
            limits: Limits::Off,
        };
        let sim = hubspot_sim::serve(options).await.unwrap();
        sim.hold_clock();
        let folder = tempfile::tempdir().unwrap();
        let app = open(folder.path().join("data"), now).await;
        let connect = ConnectArgs {
            job: job("connect"),
            way: ConnectionWay::Token {
                token: sim.address().token.clone().into(),
            },
            name: None,
            api_base: Some(sim.address().base_url.clone()),
        };
        let id = app.connect(connect).await.unwrap().id;
        let sync = SyncArgs {
            job: job("sync"),
            portal: id,
            full: false,
            reconcile: false,
        };
        app.sync(sync).await.unwrap();
        Self {
            app,
            sim,
            id,
            _folder: folder,
        }
    }

    /// Trains on all that is known.
    pub(crate) async fn train(&self) -> ScoreTrainView {
        let asked = ScoreTrainArgs {
            of: Scored::Deals,
            portal: self.id,
            pipeline: None,
            horizon_days: None,
            properties: Vec::new(),
            overrule: None,
        };
        self.app.score_train(asked).await.unwrap()
    }

    /// What the model in use says of the open deals.
    pub(crate) async fn scores(&self) -> Vec<RecordScore> {
        let asked = ScoringArgs {
            of: Scored::Deals,
            portal: CopyId::from(self.id),
            as_of: None,
            pipeline: None,
            horizon_days: None,
            properties: Vec::new(),
        };
        self.app.scoring(asked).await.unwrap().report.scores
    }

    /// What the world's generator knows.
    pub(crate) fn truth(&self) -> Value {
        self.sim.control("GET", "truth", &Value::Null).1
    }

    pub(crate) async fn end(self) {
        self.app.close(Duration::from_secs(10)).await;
        self.sim.stop().await;
    }
}

async fn open(data_dir: PathBuf, now: Moment) -> App {
    let environment = Environment {
        data_dir,
        passphrase: Some(random_passphrase().unwrap()),
        clock: Arc::new(Still(now)),
        opener: Arc::new(ConsentFollower),
        approver: "tester".to_owned(),
        demo_wanted: false,
        demo_limits: Limits::Off,
    };
    App::open(environment).await.unwrap()
}

fn job(name: &str) -> app::views::JobId {
    serde_json::from_value(Value::from(name)).unwrap()
}
