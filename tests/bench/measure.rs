//! One sync, measured: the process that `cargo xtask bench` starts once for every figure.
//!
//! `measure sync --folder DIR [--pace limited]` reads the line that `plumbline sim serve` printed
//! from standard input, syncs into DIR and prints a figure a line.
//! `measure control METHOD ROUTE [BODY]` makes a control call of that simulator.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends"
)]

mod fewest;
mod machine;
mod requests;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crm::Moment;
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use serde_json::Value;
use store::{DataDir, PortalInfo, PortalStore, StoreError, testing};
use sync::{SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

/// Two cores are what the figures are promised on.
const THREADS: usize = 2;

fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let sim: Value = serde_json::from_str(&line).expect("the simulator's first line");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        // Also where only a control call is made: the client is what chooses the ciphers of TLS,
        // without which no other one can be built.
        let client = |pacing| client(&sim, pacing);
        drop(client(Pacing::unlimited(1)));
        match words.as_slice() {
            ["sync", "--folder", folder] => {
                let pace = Pacing::unlimited(1);
                sync_once(&sim, folder, client(pace), SyncOptions::default()).await;
            }
            ["sync", "--folder", folder, "--pace", "limited"] => {
                // As a person's own sync is: with HubSpot's counts compared at its end.
                let options = SyncOptions {
                    verify: true,
                    ..SyncOptions::default()
                };
                sync_once(&sim, folder, client(Pacing::static_token(1)), options).await;
            }
            ["control", method, route] => println!("{}", control(&sim, method, route, "{}").await),
            ["control", method, route, body] => {
                println!("{}", control(&sim, method, route, body).await);
            }
            _ => panic!("measure sync --folder DIR [--pace limited] | control METHOD ROUTE [BODY]"),
        }
    });
}

fn client(sim: &Value, pacing: Pacing) -> Client {
    let text = |name: &str| sim[name].as_str().unwrap();
    let addresses = Addresses::loopback(text("base_url")).unwrap();
    let token = Arc::new(StaticToken::new(text("token").into()));
    Client::new(addresses, token, pacing, Arc::new(WallClock)).unwrap()
}

async fn sync_once(sim: &Value, folder: &str, client: Client, options: SyncOptions) {
    let store = store_in(&client, Path::new(folder)).await;
    control(sim, "DELETE", "requests", "{}").await;
    let before = machine::cpu_seconds();
    let started = Instant::now();
    let cancel = CancellationToken::new();
    // When the last record was stored, and the last page of anything: after it only HubSpot's counts
    // are compared with ours.
    let last = Mutex::new((0.0, 0.0));
    let note = |progress: sync::Progress| {
        let now = started.elapsed().as_secs_f64();
        let mut last = last.lock().unwrap();
        if progress.stream.starts_with("records/") {
            last.0 = now;
        }
        if !progress.stream.starts_with("verify/") {
            last.1 = now;
        }
    };
    let report = sync::run(&client, &store, &options, &WallClock, &note, &cancel)
        .await
        .unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let peak = machine::peak_mib();
    let (read, loaded) = *last.lock().unwrap();
    let cpu = machine::cpu_seconds() - before;
    let requests: Value =
        serde_json::from_str(&control(sim, "GET", "requests", "{}").await).unwrap();
    let requests = requests::Requests::of(&requests);
    let records = records_read(&report);
    println!("kind {:?}", report.kind);
    println!("seconds {seconds:.3}");
    println!("seconds_reading {read:.3}");
    println!("seconds_loading {loaded:.3}");
    println!("cpu_seconds {cpu:.2}");
    println!("records {records}");
    println!("rows {}", report.rows);
    println!("records_kept {}", store.read(records_kept).unwrap());
    println!("calls {}", requests.all());
    println!("calls_general {}", requests.general);
    println!("calls_associations {}", requests.associations);
    println!("calls_search {}", requests.search);
    println!("peak_mib {peak}");
    println!("file_mib {}", machine::folder_mib(Path::new(folder)));
    let fewest = fewest::calls(&report, &options);
    println!(
        "fewest {}",
        fewest.iter().map(|part| part.calls).sum::<u64>()
    );
    for part in fewest {
        println!("arithmetic {part}");
    }
    for (route, count) in requests.by_route {
        println!("route {count} {route}");
    }
}

/// Records, without associations and definitions.
fn records_read(report: &SyncReport) -> u64 {
    let of_records = |stream: &&sync::StreamReport| stream.stream.starts_with("records/");
    report
        .streams
        .iter()
        .filter(of_records)
        .map(|stream| stream.rows)
        .sum()
}

fn records_kept(connection: &rusqlite::Connection) -> Result<u64, StoreError> {
    Ok(connection.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?)
}

/// The copy in a folder; an empty one where there is none yet.
async fn store_in(client: &Client, folder: &Path) -> PortalStore {
    let account = client.account().await.unwrap();
    let dir = DataDir::open(folder).unwrap();
    let vault = testing::vault(1);
    let info = PortalInfo {
        id: account.portal,
        name: "Bench".to_owned(),
        time_zone: "UTC".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: Moment::from_millis(0),
    };
    match PortalStore::open(&dir, &vault, account.portal) {
        Err(StoreError::NoSuchPortal(_)) => PortalStore::create(&dir, &vault, &info).unwrap(),
        opened => opened.unwrap(),
    }
}

async fn control(sim: &Value, method: &str, route: &str, body: &str) -> String {
    let url = format!("{}/{route}", sim["control_url"].as_str().unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.request(method.parse().unwrap(), url);
    let request = request.header("content-type", "application/json");
    let answer = request.body(body.to_owned()).send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{route}: {text}");
    text
}

struct WallClock;

impl Clock for WallClock {
    #[allow(clippy::disallowed_methods, reason = "a bench is about real time")]
    fn now(&self) -> Moment {
        Moment::from(jiff::Timestamp::now())
    }
}
