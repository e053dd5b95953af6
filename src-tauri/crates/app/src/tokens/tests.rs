//! Many tasks of several processes, and one renewal an expiry.
//!
//! The test runs itself as its own child processes: the lock that is tested is the operating
//! system's. `PLUMBLINE_TOKEN_TEST=TASKS,PROCESSES,EXPIRIES` makes it larger; `100,8,1000` is the
//! full size.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crm::{Moment, PortalId};
use hubspot::oauth::{ConsentFollower, OwnApp, Scopes};
use hubspot::{Addresses, Clock, OAuthTokens, TokenSource};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{Credential, CredentialKind, DataDir, PortalInfo, PortalStore, Tokens, Unlock, Vault};

use super::PortalTokens;

/// Monday morning, 2026-11-02T08:00:00Z.
const START: i64 = 1_793_606_400_000;

/// An access token's life.
const LIFE: i64 = 30 * 60_000;

const ROLE: &str = "PLUMBLINE_TOKEN_TEST_CHILD";

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// How many tasks in how many processes go through how many expiries.
fn size() -> (usize, usize, u32) {
    let told = std::env::var("PLUMBLINE_TOKEN_TEST").unwrap_or_default();
    let mut numbers = told.split(',').map(|number| number.parse().ok());
    let mut next = |usual| numbers.next().flatten().unwrap_or(usual);
    (next(100), next(4), u32::try_from(next(5)).unwrap())
}

fn open(folder: &Path, portal: PortalId) -> PortalStore {
    let dir = DataDir::open(folder).unwrap();
    let vault = Vault::open(&dir, Unlock::Passphrase(&passphrase())).unwrap();
    PortalStore::open(&dir, &vault, portal).unwrap()
}

fn passphrase() -> SecretString {
    SecretString::from("correct horse")
}

fn token_calls(sim: &Sim) -> u64 {
    let (_, requests) = sim.control("GET", "requests", &json!({}));
    let counts = requests.as_object().unwrap().iter();
    counts
        .filter(|(route, _)| route.ends_with("/token"))
        .map(|(_, count)| count.as_u64().unwrap())
        .sum()
}

/// A portal whose refresh token is good once, and its file.
async fn connected(folder: &Path) -> (Sim, PortalId) {
    let sim = hubspot_sim::serve(SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: Moment::from_millis(START),
        deals: Some(20),
        port: 0,
        limits: Limits::Off,
    })
    .await
    .unwrap();
    sim.control("POST", "oauth", &json!({ "rotates": true }));
    let address = sim.address();
    let app = OwnApp::new(
        address.client_id.clone(),
        SecretString::from(address.client_secret.clone()),
    );
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let made = hubspot::oauth::connect(
        &app,
        &Scopes::reading(),
        &Addresses::loopback(&address.base_url).unwrap(),
        &ConsentFollower,
        &mut ChaCha20Rng::seed_from_u64(1),
        tokio_util::sync::CancellationToken::new(),
        None,
        clock,
    )
    .await
    .unwrap();
    let portal = made.portal.portal;
    let dir = DataDir::open(folder).unwrap();
    let vault = Vault::open(&dir, Unlock::Passphrase(&passphrase())).unwrap();
    let info = PortalInfo {
        id: portal,
        name: "Acme".to_owned(),
        time_zone: "UTC".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: Moment::from_millis(START),
    };
    let store = PortalStore::create(&dir, &vault, &info).unwrap();
    store
        .connect(&Credential {
            kind: CredentialKind::OwnApp,
            tokens: Tokens {
                access: made.tokens.access,
                refresh: Some(made.tokens.refresh),
                issued_at: Some(made.tokens.issued_at),
                expires_at: Some(made.tokens.expires_at),
            },
            client_id: Some(app.client_id),
            client_secret: Some(app.client_secret),
            scopes: made.scopes,
            api_base: Some(address.base_url.clone()),
            generation: 0,
            disconnected: None,
        })
        .unwrap();
    (sim, portal)
}

/// One of the processes: for every time on its standard input, all tasks want a token at once.
async fn child(role: &str) {
    let mut words = role.split(' ');
    let mut word = || words.next().unwrap();
    let (folder, portal, tasks) = (word(), word(), word().parse::<usize>().unwrap());
    let portal = PortalId::new(portal.parse().unwrap());
    let store = open(Path::new(folder), portal);
    let credential = store.credential().unwrap();
    let addresses = Addresses::loopback(credential.api_base.as_deref().unwrap()).unwrap();
    let app = crate::open_portal::own_app(&credential).unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let kept = Arc::new(PortalTokens::new(store));
    let source = OAuthTokens::new(app, addresses, portal, kept, Arc::<Hands>::clone(&clock));
    let source = Arc::new(source.unwrap());
    tell("ready");
    for line in std::io::stdin().lock().lines() {
        clock
            .0
            .store(line.unwrap().parse().unwrap(), Ordering::SeqCst);
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..tasks {
            let source = Arc::clone(&source);
            all.spawn(async move { source.bearer().await });
        }
        let mut said = std::collections::BTreeSet::new();
        while let Some(token) = all.join_next().await {
            said.insert(match token.unwrap() {
                Ok(token) => token.expose_secret().to_owned(),
                Err(error) => format!("error: {error}"),
            });
        }
        tell(&said.into_iter().collect::<Vec<_>>().join(" | "));
    }
}

#[allow(
    clippy::print_stdout,
    reason = "how a child process of this test answers"
)]
fn tell(words: &str) {
    println!("answer {words}");
    std::io::stdout().flush().unwrap();
}

struct Process {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    fn start(folder: &Path, portal: PortalId, tasks: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--nocapture",
                "tokens::tests::one_renewal_an_expiry",
            ])
            .env(ROLE, format!("{} {portal} {tasks}", folder.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            asks: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(
                self.answers.read_line(&mut line).unwrap() > 0,
                "a process ended early"
            );
            // The test harness prints on the same line.
            if let Some((_, words)) = line.split_once("answer ") {
                return words.trim().to_owned();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_renewal_an_expiry() {
    if let Ok(role) = std::env::var(ROLE) {
        return child(&role).await;
    }
    let (tasks, processes, expiries) = size();
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("data");
    let (sim, portal) = connected(&folder).await;
    let before = token_calls(&sim);
    let outcome = tokio::task::spawn_blocking(move || {
        let mut all: Vec<_> = (0..processes)
            .map(|_| Process::start(&folder, portal, tasks))
            .collect();
        for process in &mut all {
            assert_eq!(process.answer(), "ready");
        }
        let mut seen = std::collections::BTreeSet::new();
        for expiry in 1..=expiries {
            let now = START + i64::from(expiry) * LIFE;
            for process in &mut all {
                writeln!(process.asks.as_mut().unwrap(), "{now}").unwrap();
            }
            let answers: std::collections::BTreeSet<_> =
                all.iter_mut().map(Process::answer).collect();
            assert_eq!(answers.len(), 1, "expiry {expiry}: {answers:?}");
            let token = answers.into_iter().next().unwrap();
            assert!(!token.contains("error"), "expiry {expiry}: {token}");
            assert!(seen.insert(token), "expiry {expiry}: an old token");
        }
        for mut process in all {
            process.asks = None;
            assert!(process.child.wait().unwrap().success());
        }
        open(&folder, portal).credential().unwrap()
    })
    .await
    .unwrap();
    assert_eq!(token_calls(&sim) - before, u64::from(expiries));
    assert!(outcome.disconnected.is_none());
}
