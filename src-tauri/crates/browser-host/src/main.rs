//! Starts the host and prints where it is, as one line of JSON.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use app::{App, Environment, SystemClock};
use browser_host::{Key, NobodysBrowser, Pages, router};
use clap::{Parser, ValueEnum};
use hubspot_sim::{Limits, SimOptions, WorldKind};
use secrecy::SecretString;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

/// How long work under way may hold up the end.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// Shows the window's pages in an ordinary browser. For tests and developers.
///
/// Ends when its standard input ends, so that a test that was killed leaves nothing behind. The
/// variable `PLUMBLINE_PASSPHRASE` opens the vault at the start.
#[derive(Parser)]
struct Arguments {
    /// The folder for the portals' files.
    #[arg(long)]
    data_dir: PathBuf,
    /// The built pages.
    #[arg(long, default_value = "ui/dist")]
    ui: PathBuf,
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Whether the demo portal counts calls against HubSpot's limits.
    #[arg(long, value_enum, default_value_t = Counted::Off)]
    limits: Counted,
    /// Behaves as if the window was started to show the demo.
    #[arg(long)]
    demo: bool,
    /// Also starts a simulator to connect to, with so many deals.
    #[arg(long, value_name = "DEALS")]
    sim: Option<usize>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Counted {
    Real,
    Off,
}

impl From<Counted> for Limits {
    fn from(counted: Counted) -> Self {
        match counted {
            Counted::Real => Self::Real,
            Counted::Off => Self::Off,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let pages = Pages::read(&arguments.ui)?;
    let environment = Environment {
        data_dir: arguments.data_dir,
        passphrase: std::env::var("PLUMBLINE_PASSPHRASE")
            .ok()
            .map(SecretString::from),
        clock: Arc::new(SystemClock),
        opener: Arc::new(NobodysBrowser),
        approver: "somebody at the test host".to_owned(),
        demo_wanted: arguments.demo,
        demo_limits: arguments.limits.into(),
    };
    let now = environment.clock.now();
    let app = App::open(environment).await?;

    let sim = match arguments.sim {
        None => None,
        Some(deals) => Some(
            hubspot_sim::serve(SimOptions {
                world: WorldKind::Demo,
                seed: 7,
                now,
                deals: Some(deals),
                port: 0,
                limits: arguments.limits.into(),
            })
            .await?,
        ),
    };

    let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    let authority = listener.local_addr()?.to_string();
    let key = Key::random()?;
    announce(&serde_json::json!({
        "url": format!("http://{authority}/enter?key={}", key.text()),
        "sim": sim.as_ref().map(hubspot_sim::Sim::address),
    }));
    // Jobs are stopped before the server waits for the answers that they owe.
    let closing = app.clone();
    let until_closed = async move {
        input_ends().await;
        closing.close(LONGEST_FAREWELL).await;
    };
    axum::serve(listener, router(app, pages, key, authority))
        .with_graceful_shutdown(until_closed)
        .await?;
    Ok(())
}

/// Waits for the end of standard input: whoever started us is gone, or wants us gone.
async fn input_ends() {
    let mut input = tokio::io::stdin();
    let mut ignored = [0_u8; 64];
    while input.read(&mut ignored).await.is_ok_and(|read| read > 0) {}
}

#[allow(
    clippy::print_stdout,
    reason = "this line is what a program is started for"
)]
fn announce(where_to: &serde_json::Value) {
    println!("{where_to}");
}

#[allow(
    clippy::print_stderr,
    reason = "the one line of a program that could not start"
)]
fn complain(error: &dyn std::error::Error) {
    eprintln!("browser-host: {error}");
}
