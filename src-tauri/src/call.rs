//! The one command that the window can send.

use crate::standin::{App, WireError, dispatch};
use serde_json::Value;
use tauri::State;

/// The opened use cases, or the reason why they could not be opened.
///
/// A data folder that cannot be read or a passphrase that is missing must not keep the window
/// shut: the window is where the user reads what to do about it. So every call answers with it.
#[derive(Debug)]
pub struct UseCases(pub Result<App, WireError>);

impl UseCases {
    /// Opens what the environment names.
    #[must_use]
    pub fn open() -> UseCases {
        UseCases(App::open())
    }
}

/// Asks for the use case called `name`; which ones exist is declared in `app::calls` alone.
#[tauri::command]
pub(crate) async fn call(
    use_cases: State<'_, UseCases>,
    name: String,
    args: Value,
) -> Result<Value, WireError> {
    match &use_cases.0 {
        Ok(app) => dispatch(app, &name, args).await,
        Err(reason) => Err(reason.clone()),
    }
}
