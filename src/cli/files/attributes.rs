//! The metadata that is kept when a file is replaced: owner, group, mode, extended attributes.

use std::fs::File;
use std::io;

/// Gives a new file what an old one has. Fails with the end of a sentence where that cannot be kept.
#[cfg(not(unix))]
pub(super) fn keep(old: &File, new: &File) -> Result<(), String> {
    let permissions = old.metadata().and_then(|old| {
        let permissions = old.permissions();
        new.set_permissions(permissions)
    });
    permissions.map_err(|error| error.to_string())
}

/// Gives a new file what an old one has. Fails with the end of a sentence where that cannot be kept.
#[cfg(unix)]
pub(super) fn keep(old: &File, new: &File) -> Result<(), String> {
    use std::os::unix::fs::{MetadataExt, fchown};

    let said = |error: io::Error| error.to_string();
    let was = old.metadata().map_err(said)?;
    let is = new.metadata().map_err(said)?;
    let differs = |was: u32, is: u32| (was != is).then_some(was);
    let (owner, group) = (differs(was.uid(), is.uid()), differs(was.gid(), is.gid()));
    if (owner.is_some() || group.is_some()) && fchown(new, owner, group).is_err() {
        return Err(match (owner, group) {
            (Some(owner), _) => format!("its owner ({owner}) cannot be preserved"),
            (None, group) => format!(
                "its group ({}) cannot be preserved",
                group.unwrap_or_default()
            ),
        });
    }
    // Changing the owner clears some mode bits, and so may an ACL, so set the mode after the owner and before the ACL.
    new.set_permissions(was.permissions()).map_err(said)?;
    extended(old, new)?;
    let is = new.metadata().map_err(said)?;
    if is.mode() & 0o7777 != was.mode() & 0o7777 {
        let mode = was.mode() & 0o7777;
        return Err(format!("its mode ({mode:o}) cannot be preserved"));
    }
    Ok(())
}

/// Copies the extended attributes, which include ACLs.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn extended(old: &File, new: &File) -> Result<(), String> {
    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr};

    let (wanted, given) = (names(old), names(new));
    for name in &wanted {
        let value = value(old, name);
        if self::value(new, name) == value {
            continue;
        }
        let Some(value) = value else { continue };
        fsetxattr(new, name.as_slice(), &value, XattrFlags::empty()).map_err(|error| {
            let name = String::from_utf8_lossy(name);
            format!("its extended attribute `{name}` cannot be preserved: {error}")
        })?;
    }
    // A folder may give new files a default ACL that the old file did not have.
    for name in given.iter().filter(|name| !wanted.contains(name)) {
        if name.starts_with(b"system.posix_acl_") {
            fremovexattr(new, name.as_slice())
                .map_err(|error| format!("its access control list cannot be preserved: {error}"))?;
        }
    }
    Ok(())
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "macos"))))]
fn extended(_: &File, _: &File) -> Result<(), String> {
    Ok(())
}

/// The names of a file's extended attributes; none where the file system has no such thing.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn names(file: &File) -> Vec<Vec<u8>> {
    // The kernel's maximum size.
    let mut list = vec![0; 64 * 1024];
    let length = rustix::fs::flistxattr(file, &mut list[..]).unwrap_or(0);
    let names = list[..length].split(|byte| *byte == 0);
    names
        .filter(|name| !name.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn value(file: &File, name: &[u8]) -> Option<Vec<u8>> {
    let mut value = vec![0; 64 * 1024];
    let length = rustix::fs::fgetxattr(file, name, &mut value[..]).ok()?;
    value.truncate(length);
    Some(value)
}
