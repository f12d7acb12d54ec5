//! Access rules of files and folders on Windows.

#![allow(unsafe_code, reason = "access rules have no other interface")]

use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::os::windows::io::FromRawHandle as _;
use std::path::Path;
use std::ptr::null_mut;

use windows_sys::Win32::Foundation::{GENERIC_WRITE, INVALID_HANDLE_VALUE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1, SE_FILE_OBJECT,
    SetNamedSecurityInfoW,
};
use windows_sys::Win32::Security::{
    ACL, DACL_SECURITY_INFORMATION, GetSecurityDescriptorDacl, GetSecurityDescriptorOwner,
    OBJECT_SECURITY_INFORMATION, OWNER_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION,
    PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES, SetFileSecurityW,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_FLAG_OPEN_REPARSE_POINT,
};

/// Nothing is inherited; SYSTEM, Administrators and the owner may do everything. The owner is there for an agent that
/// runs on a desktop computer; on an instance that is SYSTEM. (“Security Descriptor String Format”,
/// learn.microsoft.com.)
const FILE: &str = "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;OW)";
/// The same for a folder, passed on to all that is made in it; Administrators own it.
const FOLDER: &str = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;OW)";

/// Makes a file that was not there before, and that nobody else may read from its first moment on.
pub fn create_new(path: &Path) -> io::Result<File> {
    let descriptor = Descriptor::parse(FILE)?;
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: descriptor.0,
        bInheritHandle: 0,
    };
    let path = wide(&whole(path)?);
    // SAFETY: the path ends with 0, and both it and the attributes live through the call.
    let handle = unsafe {
        CreateFileW(
            path.as_ptr(),
            GENERIC_WRITE,
            0,
            &raw const attributes,
            CREATE_NEW,
            FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT,
            null_mut(),
        )
    };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle has just been opened and belongs to nobody else.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// Leaves a folder, and all that is made in it, to SYSTEM, Administrators and the owner.
pub fn close_folder(folder: &Path) -> io::Result<()> {
    let descriptor = Descriptor::parse(FOLDER)?;
    let rules = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // Whoever made the folder before us must not stay its owner. Without an administrator's rights that can't be, and
    // the folder is the user's own.
    descriptor
        .apply(folder, rules | OWNER_SECURITY_INFORMATION)
        .or_else(|_| descriptor.apply(folder, rules))?;
    descriptor.apply_as_given(folder)
}

/// A security descriptor that Windows has made.
struct Descriptor(PSECURITY_DESCRIPTOR);

impl Descriptor {
    fn parse(text: &str) -> io::Result<Self> {
        let text: Vec<u16> = text.encode_utf16().chain([0]).collect();
        let mut made = null_mut();
        // SAFETY: the text ends with 0, and the pointer for the result lives through the call.
        let done = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut made,
                null_mut(),
            )
        };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Descriptor(made))
    }

    fn apply(&self, path: &Path, parts: OBJECT_SECURITY_INFORMATION) -> io::Result<()> {
        let (mut present, mut defaulted, mut rules) = (0, 0, null_mut::<ACL>());
        let mut owner: PSID = null_mut();
        // SAFETY: the descriptor is whole, and the pointers for the results live through the calls.
        let read = unsafe {
            GetSecurityDescriptorDacl(self.0, &raw mut present, &raw mut rules, &raw mut defaulted) != 0
                && GetSecurityDescriptorOwner(self.0, &raw mut owner, &raw mut defaulted) != 0
        };
        if !read {
            return Err(io::Error::last_os_error());
        }
        let path = wide(path.as_os_str().as_ref());
        // SAFETY: the path ends with 0; rules and owner point into the descriptor, which outlives the call.
        let code = unsafe {
            SetNamedSecurityInfoW(
                path.as_ptr(),
                SE_FILE_OBJECT,
                parts,
                owner,
                null_mut(),
                rules,
                null_mut(),
            )
        };
        match code {
            0 => Ok(()),
            other => Err(io::Error::from_raw_os_error(other as i32)),
        }
    }

    /// Sets the rules without a look at the folder above. [`Descriptor::apply`] also reaches what is in the folder already,
    /// but wine 8 adds what the folder above passes on, protected or not.
    fn apply_as_given(&self, path: &Path) -> io::Result<()> {
        let path = wide(path);
        // SAFETY: the path ends with 0, and the descriptor is whole; both live through the call.
        let done = unsafe { SetFileSecurityW(path.as_ptr(), DACL_SECURITY_INFORMATION, self.0) };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(())
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: Windows made it with LocalAlloc, and nothing points into it any more.
        unsafe { LocalFree(self.0) };
    }
}

/// With the whole name of its folder, so that it may be longer than 260 characters.
fn whole(path: &Path) -> io::Result<std::path::PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    Ok(folder.unwrap_or(Path::new(".")).canonicalize()?.join(name))
}

fn wide(path: &Path) -> Vec<u16> {
    path.as_os_str().encode_wide().chain([0]).collect()
}

#[cfg(test)]
#[path = "acl_tests.rs"]
mod tests;
