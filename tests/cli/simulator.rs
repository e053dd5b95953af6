//! A HubSpot on this machine, started by the program that is tested.

use std::process::Command;

use serde_json::{Value, json};

use crate::http;
use crate::plumbline::{Ended, PROGRAM, Running};

/// In the path of calls that read associations, and of no call that comes before all records are
/// read.
pub(crate) const ASSOCIATIONS: &str = "/deals/contacts/batch/";

/// A running simulator; it goes with the test.
pub(crate) struct Simulator {
    running: Running,
    pub(crate) base: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) token: String,
    control: String,
}

impl Simulator {
    /// A small demo world without limits, whose present is now.
    pub(crate) fn small() -> Self {
        Self::serve(&["--deals", "200", "--limits", "off"])
    }

    /// `plumbline sim serve` with these arguments.
    pub(crate) fn serve(arguments: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["sim", "serve"]).args(arguments);
        let mut running = Running::start_open(command);
        let address: Value = serde_json::from_str(&running.line()).unwrap();
        let text = |name: &str| address[name].as_str().unwrap().to_owned();
        Self {
            base: text("base_url"),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
            token: text("token"),
            control: text("control_url"),
            running,
        }
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> &str {
        self.base.rsplit(':').next().unwrap()
    }

    /// Asks the control address.
    #[track_caller]
    pub(crate) fn look(&self, what: &str) -> Value {
        let (status, answer) = http::call("GET", &format!("{}/{what}", self.control), None, None);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Tells the control address to do something.
    #[track_caller]
    pub(crate) fn tell(&self, what: &str, body: &Value) {
        let url = format!("{}/{what}", self.control);
        let (status, answer) = http::call("POST", &url, None, Some(body));
        assert_eq!(status, 200, "{answer}");
    }

    /// From now on, calls whose path has `part` in it get no answer for a quarter of an hour.
    pub(crate) fn fall_silent_on(&self, part: &str) {
        self.tell("faults", &json!({ "contains": part, "delayMs": 900_000 }));
    }

    /// Answers as ever again, and later calls at once.
    pub(crate) fn recover(&self) {
        let (status, _) = http::call("DELETE", &format!("{}/faults", self.control), None, None);
        assert_eq!(status, 200);
    }

    /// How many calls came whose path has `part` in it.
    pub(crate) fn calls(&self, part: &str) -> u64 {
        let requests = self.look("requests");
        let counted = requests.as_object().unwrap().iter();
        counted
            .filter(|(path, _)| path.contains(part))
            .map(|(_, n)| n.as_u64().unwrap())
            .sum()
    }

    /// A call to the API with the static token.
    pub(crate) fn api(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        http::call(
            method,
            &format!("{}{path}", self.base),
            Some(&self.token),
            body,
        )
    }

    /// Every change of a record that was written from outside: object type, record, property, value.
    pub(crate) fn writes(&self) -> Vec<[String; 4]> {
        let ledger = self.look("ledger");
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let entry =
            |entry: &Value| ["objectType", "id", "property", "new"].map(|name| text(entry, name));
        ledger.as_array().unwrap().iter().map(entry).collect()
    }

    /// Sends a signal to the process.
    pub(crate) fn signal(&self, name: &str) {
        self.running.signal(name);
    }

    /// Closes its standard input and waits for it to end.
    pub(crate) fn end(self) -> Ended {
        self.running.end()
    }

    /// Waits for it to end while its standard input stays open.
    pub(crate) fn end_with_input_open(self) -> Ended {
        self.running.end_with_input_open()
    }
}
