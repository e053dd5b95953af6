//! Which file systems a data folder may not lie on. SQLite's log is shared memory between processes,
//! which a file that another machine serves cannot give: two of them would damage the database
//! (<https://sqlite.org/wal.html>, <https://sqlite.org/howtocorrupt.html>).
//!
//! Linux is asked. On Windows and macOS nothing asks yet: the folder lies in the user's profile
//! unless somebody names another place.

use std::path::Path;

use crate::error::StoreError;

/// Refuses a folder that another machine serves.
///
/// # Errors
/// [`StoreError::NetworkFileSystem`] with the kind of the file system.
#[cfg(target_os = "linux")]
pub(crate) fn refuse(path: &Path) -> Result<(), StoreError> {
    let magic = rustix::fs::statfs(path)
        .map_err(|error| StoreError::file("read")(error.into()))?
        .f_type;
    // A 64-bit number on most machines and signed on some; the numbers themselves have 32 bits.
    let magic = u32::try_from(magic & 0xffff_ffff).unwrap_or_default();
    if let Some(kind) = network_kind(magic) {
        return Err(StoreError::NetworkFileSystem(kind.to_owned()));
    }
    if magic == FUSE {
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let kind = kind_of_mount(&mounts, path).unwrap_or_else(|| "fuse".to_owned());
        if !is_local_fuse(&kind) {
            return Err(StoreError::NetworkFileSystem(kind));
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn refuse(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// File systems in user space: some are served from afar, some only encrypt a local folder.
#[cfg(target_os = "linux")]
const FUSE: u32 = 0x6573_5546;

/// Numbers of `statfs(2)` and of the kernel's `linux/magic.h`.
#[cfg(target_os = "linux")]
fn network_kind(magic: u32) -> Option<&'static str> {
    Some(match magic {
        0x6969 => "nfs",
        0x517b => "smb",
        0xfe53_4d42 => "smb2",
        0xff53_4d42 => "cifs",
        0x564c => "ncp",
        0x5346_414f | 0x6b41_4653 => "afs",
        0x7375_7245 => "coda",
        0x00c3_6400 => "ceph",
        0x0102_1997 => "9p",
        0x786f_4256 => "vboxsf",
        0x0bd0_0bd0 => "lustre",
        0x4750_4653 => "gpfs",
        0x0116_1970 => "gfs2",
        0x7461_636f => "ocfs2",
        0xbacb_acbc => "vmhgfs",
        _ => return None,
    })
}

/// The kinds that keep their files on this machine. What is not known is refused.
#[cfg(target_os = "linux")]
fn is_local_fuse(kind: &str) -> bool {
    const LOCAL: &[&str] = &[
        "fuseblk",
        "fuse.bindfs",
        "fuse.cryfs",
        "fuse.encfs",
        "fuse.exfat",
        "fuse.fuse-overlayfs",
        "fuse.gocryptfs",
        "fuse.lazyfs",
        "fuse.mergerfs",
        "fuse.ntfs-3g",
        "fuse.securefs",
        "fuse.unionfs",
        "fuse.veracrypt",
    ];
    LOCAL.contains(&kind)
}

/// The kind of the file system that holds `path`, out of `/proc/self/mountinfo` (proc(5)).
#[cfg(target_os = "linux")]
fn kind_of_mount(mounts: &str, path: &Path) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let (mount, rest) = line.split_once(" - ")?;
        let point = mount.split(' ').nth(4)?.replace("\\040", " ");
        let kind = rest.split(' ').next()?;
        // Later mounts cover earlier ones at the same place.
        if path.starts_with(&point) && best.is_none_or(|(length, _)| point.len() >= length) {
            best = Some((point.len(), kind));
        }
    }
    best.map(|(_, kind)| kind.to_owned())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_mount_that_holds_a_folder_tells_its_kind() {
        let mounts = "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
            30 21 0:40 / /home/me/far rw - fuse.sshfs me@there: rw\n\
            31 30 0:41 / /home/me/far/safe rw - fuse.gocryptfs x rw\n\
            32 21 0:42 / /mnt/my\\040disk rw shared:3 - nfs4 host:/x rw\n";
        for (path, expected) in [
            ("/home/me", "ext4"),
            ("/home/me/far", "fuse.sshfs"),
            ("/home/me/farther", "ext4"),
            ("/home/me/far/data", "fuse.sshfs"),
            ("/home/me/far/safe/data", "fuse.gocryptfs"),
            ("/mnt/my disk/data", "nfs4"),
        ] {
            let found = kind_of_mount(mounts, Path::new(path));
            assert_eq!(found.as_deref(), Some(expected), "{path}");
        }
        assert_eq!(kind_of_mount("nonsense", Path::new("/")), None);
    }

    #[test]
    fn what_another_machine_serves_is_refused_and_local_disks_are_not() {
        for magic in [0x6969, 0x517b, 0xfe53_4d42, 0xff53_4d42, 0x0102_1997] {
            assert!(network_kind(magic).is_some(), "{magic:x}");
        }
        // ext4, tmpfs, btrfs, xfs, zfs, overlay, ecryptfs.
        for magic in [
            0xef53,
            0x0102_1994,
            0x9123_683e,
            0x5846_5342,
            0x2fc1_2fc1,
            0x794c_7630,
            0xf15f,
        ] {
            assert_eq!(network_kind(magic), None, "{magic:x}");
        }
        assert!(is_local_fuse("fuse.gocryptfs") && is_local_fuse("fuseblk"));
        for kind in ["fuse", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "virtiofs"] {
            assert!(!is_local_fuse(kind), "{kind}");
        }
    }

    #[test]
    fn this_machines_temporary_folder_is_accepted() {
        let folder = tempfile::tempdir().unwrap();
        refuse(folder.path()).unwrap();
    }
}
