//! The one command that the window can send.

use app::{App, Environment, ErrorCode, WireError};
use serde_json::Value;
use tauri::State;

/// The opened use cases, or the reason why they could not be opened.
///
/// A data folder that cannot be read or a passphrase that is wrong must not keep the window shut:
/// the window is where the user reads what to do about it. So every call answers with it.
pub struct UseCases(pub Result<App, WireError>);

impl UseCases {
    /// Opens what `environment` names.
    #[must_use]
    pub fn open(environment: Environment) -> UseCases {
        UseCases(tauri::async_runtime::block_on(App::open(environment)))
    }
}

/// Asks for the use case called `name`; which ones exist is declared in `app::calls` alone.
#[tauri::command]
pub(crate) async fn call(
    use_cases: State<'_, UseCases>,
    name: String,
    args: Value,
) -> Result<Value, WireError> {
    let app = use_cases.0.clone()?;
    // A thread of its own for each call: the compiler cannot prove for every use case's future that
    // it may move between threads, and here none has to.
    let answer = tauri::async_runtime::spawn_blocking(move || {
        tauri::async_runtime::block_on(app::calls::dispatch(&app, &name, args))
    });
    answer.await.unwrap_or_else(|_| Err(ended_early()))
}

/// A use case that panicked; the window and all other calls go on.
fn ended_early() -> WireError {
    WireError::new(
        ErrorCode::Internal,
        "Something went wrong inside Plumbline, and this was not finished.",
        "Try again; if it stays, report it with the log.",
    )
}
