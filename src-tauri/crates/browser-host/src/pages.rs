//! The built pages, read once: a request chooses among files that are known and cannot name others.

use std::collections::HashMap;
use std::path::Path;

/// The file that every visit begins with.
pub(crate) const INDEX: &str = "/index.html";

/// One file of the pages.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// The files of a build of the window's pages, by their path in the address.
#[derive(Debug, Clone)]
pub struct Pages(HashMap<String, Page>);

/// Why the pages could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A file or folder could not be read.
    #[error("the pages cannot be read")]
    Read(#[from] std::io::Error),
    /// The folder holds no pages.
    #[error("the folder holds no index.html: build the pages first (npm run build in ui/)")]
    NotBuilt,
}

impl Pages {
    /// Reads all files of a folder and the folders in it.
    ///
    /// # Errors
    /// When the folder cannot be read or holds no `index.html`.
    pub fn read(folder: &Path) -> Result<Self, PagesError> {
        let mut found = HashMap::new();
        let mut folders = vec![(folder.to_path_buf(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let path = format!("{prefix}/{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() {
                    folders.push((entry.path(), path));
                } else if let Some(content_type) = content_type(&path) {
                    let bytes = std::fs::read(entry.path())?;
                    found.insert(
                        path,
                        Page {
                            content_type,
                            bytes,
                        },
                    );
                }
            }
        }
        if found.contains_key(INDEX) {
            Ok(Self(found))
        } else {
            Err(PagesError::NotBuilt)
        }
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Page> {
        self.0.get(if path == "/" { INDEX } else { path })
    }
}

/// The type of a file by its ending; files of other types are no part of the pages.
fn content_type(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    match ending {
        "html" => Some("text/html; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}
