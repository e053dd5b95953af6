//! Placeholder
use serde::Serialize;
use serde_json::Value;

#[derive(Clone, Debug, Serialize)]
pub struct WireError {
    pub code: String,
    pub message: String,
    pub hint: String,
    pub retryable: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Event {
    pub kind: String,
}

#[derive(Clone, Debug)]
pub struct App {
    events: tokio::sync::broadcast::Sender<Event>,
}

impl App {
    pub fn open() -> Result<App, WireError> {
        Ok(App {
            events: tokio::sync::broadcast::channel(16).0,
        })
    }
    pub fn events(&self) -> tokio::sync::broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}

pub(crate) async fn dispatch(_app: &App, _name: &str, _args: Value) -> Result<Value, WireError> {
    Err(WireError {
        code: "bad_input".to_owned(),
        message: format!("There is no such call."),
        hint: String::new(),
        retryable: false,
    })
}
