//! Opening the app for one command: where data rests, how secrets open, how work is interrupted.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use app::views::{JobId, NoArgs, VaultView};
use app::{App, Environment, SystemBrowser, SystemClock, WireError};
use hubspot::oauth::Opener;
use hubspot_sim::Limits;
use secrecy::SecretString;

use crate::failure::Failure;

/// Names the passphrase where no keychain answers and nobody can be asked.
const PASSPHRASE: &str = "PLUMBLINE_PASSPHRASE";

/// What all commands share.
pub(crate) struct Session {
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) json: bool,
    /// The log that was asked for.
    pub(crate) log: Option<PathBuf>,
    pub(crate) sim_limits: Limits,
}

impl Session {
    /// The name of this process's one job.
    pub(crate) fn job() -> JobId {
        JobId("cli".to_owned())
    }

    /// Opens the app on the chosen or usual folder, with the system's browser.
    pub(crate) async fn open(&self) -> Result<App, Failure> {
        self.open_with(Arc::new(SystemBrowser)).await
    }

    /// Opens the app with another way to show a consent page.
    pub(crate) async fn open_with(&self, opener: Arc<dyn Opener>) -> Result<App, Failure> {
        let data_dir = self.folder()?;
        let passphrase = std::env::var(PASSPHRASE).ok().map(SecretString::from);
        let app = App::open(self.environment(data_dir, passphrase, opener)).await?;
        unlock_by_asking(&app).await?;
        Ok(app)
    }

    /// Opens the app without asking for its own passphrase: snapshots need none of it.
    pub(crate) async fn open_without_asking(&self) -> Result<App, Failure> {
        let opener = Arc::new(SystemBrowser);
        Ok(App::open(self.environment(self.folder()?, None, opener)).await?)
    }

    /// Opens the app on a folder that nobody keeps, under a passphrase that nobody knows.
    pub(crate) async fn open_throwaway(&self, folder: PathBuf) -> Result<App, Failure> {
        let passphrase = app::random_passphrase()?;
        let opener = Arc::new(SystemBrowser);
        Ok(App::open(self.environment(folder, Some(passphrase), opener)).await?)
    }

    /// The chosen or usual folder.
    fn folder(&self) -> Result<PathBuf, Failure> {
        match &self.data_dir {
            Some(dir) => Ok(dir.clone()),
            None => dirs::data_local_dir()
                .map(|dir| dir.join("plumbline"))
                .ok_or_else(|| {
                    Failure::usage("This user has no data folder: name one with --data-dir.")
                }),
        }
    }

    fn environment(
        &self,
        data_dir: PathBuf,
        passphrase: Option<SecretString>,
        opener: Arc<dyn Opener>,
    ) -> Environment {
        Environment {
            data_dir,
            passphrase,
            clock: Arc::new(SystemClock),
            opener,
            approver: std::env::var("USER").unwrap_or_else(|_| "unknown".to_owned()),
            demo_wanted: false,
            demo_limits: self.sim_limits,
        }
    }
}

/// Asks for the passphrase where one is needed and a person sits at the terminal.
async fn unlock_by_asking(app: &App) -> Result<(), Failure> {
    let status = app.status(NoArgs {}).await?;
    let question = match status.vault {
        VaultView::Ready | VaultView::KeychainLocked => return Ok(()),
        VaultView::NeedsPassphrase => "Passphrase: ",
        VaultView::NewPassphrase => {
            "No keychain answers. Choose a passphrase for Plumbline's data: "
        }
    };
    if !std::io::stdin().is_terminal() {
        // The first call that needs secrets says what to do.
        return Ok(());
    }
    let answer = rpassword::prompt_password(question)?;
    // A slip of the finger would lock the data for good.
    if status.vault == VaultView::NewPassphrase
        && rpassword::prompt_password("Once more: ")? != answer
    {
        return Err(Failure::usage(
            "The two passphrases differ. Nothing was kept.",
        ));
    }
    app.unlock(app::views::UnlockArgs {
        passphrase: SecretString::from(answer),
    })
    .await?;
    Ok(())
}

/// A secret out of the environment, or asked for at a terminal; a new one is asked for twice.
///
/// # Errors
/// When it is not set and nobody can be asked, or the two answers differ.
pub(crate) fn asked_for(
    variable: &str,
    question: &str,
    once_more: Option<&str>,
) -> Result<SecretString, Failure> {
    if let Ok(secret) = std::env::var(variable) {
        return Ok(SecretString::from(secret));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(&format!(
            "A passphrase is needed: set {variable}, or run this in a terminal."
        )));
    }
    let answer = rpassword::prompt_password(question)?;
    if let Some(question) = once_more
        && rpassword::prompt_password(question)? != answer
    {
        return Err(Failure::usage(
            "The two passphrases differ. Nothing was kept.",
        ));
    }
    Ok(SecretString::from(answer))
}

/// Runs work that Ctrl-C stops in order: the app is asked to cancel, and ends by itself.
pub(crate) async fn interruptible<T>(
    app: &App,
    work: impl Future<Output = Result<T, WireError>>,
) -> Result<T, WireError> {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            Ok(()) = tokio::signal::ctrl_c() => {
                app.cancel(app::views::CancelArgs { job: Session::job() }).await?;
            }
        }
    }
}
