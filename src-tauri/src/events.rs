//! Hands what happens in the use cases on to the window.

use app::App;
use tauri::{AppHandle, Emitter, Runtime};
use tokio::sync::broadcast::error::RecvError;

/// The one Tauri event there is; its payload is an `app::Event`, which says by itself what it is.
const EVENT: &str = "plumbline";

/// Forwards every event from now on, until the use cases are dropped.
pub(crate) fn forward<R: Runtime>(app: &App, window: AppHandle<R>) {
    let mut events = app.events();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                // A window that is closing does not listen any more; that is not a failure.
                Ok(event) => drop(window.emit(EVENT, event)),
                // Progress that a slow window missed is replaced by the next; nothing is lost that
                // a call does not also tell.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}
