//! Why a snapshot was not made or does not open.

/// Why a snapshot was not made or does not open. In no case was anything lost or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The file is something else.
    #[error("this file is not a snapshot")]
    NotASnapshot,
    /// A newer version of Plumbline made it.
    #[error("this snapshot was made by a newer version of Plumbline")]
    Newer,
    /// The end of the file is missing.
    #[error("this snapshot is cut off: its end is missing")]
    CutOff,
    /// Some part of the file is not what was written.
    #[error("this snapshot is damaged or was changed: {0}")]
    Damaged(&'static str),
    /// The passphrase is not the one it was saved under.
    #[error("this passphrase does not open the snapshot")]
    WrongPassphrase,
    /// An empty passphrase protects nothing.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// There is a file of this name.
    #[error("there is a file of this name already")]
    AlreadyThere,
    /// A name that is too long to be kept in the file.
    #[error("the name is too long")]
    NameTooLong,
    /// It was broken off.
    #[error("the work on the snapshot was stopped")]
    Cancelled,
    /// A snapshot is of one moment and is never written to.
    #[error("a snapshot is never written to")]
    ReadOnly,
}
