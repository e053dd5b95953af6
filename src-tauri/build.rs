//! Gives Tauri its config and permissions, and says plainly when the web frontend was not built.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
    println!("cargo::rerun-if-changed=tauri.conf.json");
    println!("cargo::rerun-if-changed=src-tauri/permissions");
    if !Path::new("ui/dist/index.html").is_file() {
        println!(
            "cargo::error=the window's pages are not built: run `npm ci && npm run build` in ui/ \
             (or `cargo xtask demo`, which does)"
        );
        return;
    }
    // Our own permissions live beside the code they guard; Tauri would look for them at the root.
    let manifest = tauri_build::AppManifest::new()
        .permissions_path_pattern("./src-tauri/permissions/**/*.toml");
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
