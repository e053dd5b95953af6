//! From nothing to an open window.

use crate::call::UseCases;
use crate::{environment, events, log, window};
use std::process::ExitCode;
use std::time::Duration;
use tauri::{Builder, Context, Manager, RunEvent, Runtime};

/// How long work under way may hold up the end: a page that is being written takes well under one.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// The config, icons, pages and permissions that were compiled in.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Adds to `builder` what the window needs on any runtime, the tests' windowless one included.
pub fn assemble<R: Runtime>(builder: Builder<R>, use_cases: UseCases) -> Builder<R> {
    builder
        .manage(use_cases)
        .invoke_handler(tauri::generate_handler![crate::call::call])
}

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (use_cases, throwaway) = match environment::of_this_machine(&arguments) {
        Ok(given) => {
            let data_dir = given.environment.data_dir.clone();
            let use_cases = UseCases::open(given.environment);
            // The folder is made, and closed to others, by the use cases.
            if use_cases.0.is_ok() {
                log::begin(&data_dir);
            }
            (use_cases, given.throwaway)
        }
        Err(error) => (UseCases(Err(error)), None),
    };
    let builder = Builder::default();
    // Must be the first plugin: a second start ends in it, before anything else was touched.
    let builder = if throwaway.is_none() && single_instance() {
        builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::bring_to_front(app);
        }))
    } else {
        builder
    };
    let builder = builder.plugin(tauri_plugin_window_state::Builder::default().build());
    let built = assemble(builder, use_cases)
        .setup(|app| {
            let handle = app.handle().clone();
            if let Ok(use_cases) = &app.state::<UseCases>().0 {
                events::forward(use_cases, handle);
            }
            window::open(app)?;
            Ok(())
        })
        .build(context());
    match built {
        Ok(app) => {
            let mut throwaway = throwaway;
            // The event loop may end the process by itself, so nothing is left to the end of `run`.
            app.run(move |handle, event| {
                if let RunEvent::Exit = event {
                    if let Ok(app) = &handle.state::<UseCases>().0 {
                        tauri::async_runtime::block_on(app.close(LONGEST_FAREWELL));
                    }
                    drop(throwaway.take());
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            #[allow(
                clippy::print_stderr,
                reason = "without a window, this is where a user looks"
            )]
            {
                eprintln!("Plumbline could not open its window: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Whether a second start hands over to the first. Tests run several side by side, and say so in
/// the environment; a build that users get does not listen to that.
fn single_instance() -> bool {
    !(cfg!(debug_assertions) && std::env::var_os("PLUMBLINE_MANY_INSTANCES").is_some())
}
