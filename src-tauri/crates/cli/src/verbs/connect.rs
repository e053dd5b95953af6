//! `plumbline connect`.

use std::io::Read as _;
use std::sync::Arc;

use app::SystemBrowser;
use app::views::{ConnectArgs, ConnectionWay, ReconnectArgs};
use hubspot::oauth::{ConsentFollower, Opener};
use secrecy::SecretString;

use crate::args::{ConnectArguments, ConsentFor};
use crate::failure::Failure;
use crate::output::{self, ProgressLine};
use crate::session::{Session, interruptible};

/// The longest secret that is read, in bytes: tokens of 4 KB have been announced.
const LONGEST_SECRET: u64 = 16 * 1024;

pub(crate) async fn run(session: &Session, arguments: ConnectArguments) -> Result<(), Failure> {
    let opener: Arc<dyn Opener> = if arguments.follow_consent {
        Arc::new(ConsentFollower)
    } else {
        Arc::new(SystemBrowser)
    };
    let way = way(&arguments)?;
    let app = session.open_with(opener).await?;
    let progress = ProgressLine::follow(&app);
    let portal = if let Some(portal) = arguments.again {
        let reconnect = app.reconnect(ReconnectArgs {
            job: Session::job(),
            portal,
            way,
            writeback: arguments.consent_for == Some(ConsentFor::Writeback),
        });
        interruptible(&app, reconnect).await?
    } else {
        let way = way.ok_or_else(|| {
            Failure::usage("Say how: --token-stdin, or --client-id with --client-secret-stdin.")
        })?;
        let connect = app.connect(ConnectArgs {
            job: Session::job(),
            way,
            name: arguments.name,
            api_base: arguments.api_base,
        });
        interruptible(&app, connect).await?
    };
    drop(progress);
    if session.json {
        return output::json(&portal);
    }
    output::line(format!("Connected {} (portal {}).", portal.name, portal.id))?;
    output::line(format!("Next: plumbline sync {}", portal.id))
}

/// How the portal is to be reached, where that is said.
fn way(arguments: &ConnectArguments) -> Result<Option<ConnectionWay>, Failure> {
    if let Some(client_id) = arguments.client_id.clone() {
        let client_secret = secret_from_stdin()?;
        return Ok(Some(ConnectionWay::OwnApp {
            client_id,
            client_secret,
        }));
    }
    if arguments.again.is_some() && !arguments.token_stdin {
        return Ok(None);
    }
    let token = secret_from_stdin()?;
    Ok(Some(ConnectionWay::Token { token }))
}

/// One secret, from standard input: never from an argument, which other users can read.
fn secret_from_stdin() -> Result<SecretString, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_SECRET)
        .read_to_string(&mut text)?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(Failure::usage("No secret came on standard input."));
    }
    Ok(SecretString::from(secret.to_owned()))
}
