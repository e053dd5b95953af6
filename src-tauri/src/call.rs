//! The one command that the window can send.

use app::{App, Environment, WireError};
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
    app::calls::dispatch(&app, &name, args).await
}
