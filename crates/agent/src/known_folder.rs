//! Windows' own folders, asked of Windows: in a service the environment may name others than outside of it.

#![allow(unsafe_code, reason = "the shell's folders have no other interface")]

use std::ffi::OsString;
use std::os::windows::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::ptr::null_mut;

use windows_sys::Win32::System::Com::CoTaskMemFree;
use windows_sys::Win32::UI::Shell::{FOLDERID_ProgramData, FOLDERID_ProgramFiles, SHGetKnownFolderPath};
use windows_sys::core::{GUID, PWSTR};

/// Usually `C:\ProgramData`.
pub fn program_data() -> Option<PathBuf> {
    known(&FOLDERID_ProgramData)
}

/// Usually `C:\Program Files`: everybody may read there, only SYSTEM and Administrators may write.
pub fn program_files() -> Option<PathBuf> {
    known(&FOLDERID_ProgramFiles)
}

fn known(folder: &GUID) -> Option<PathBuf> {
    let mut text: PWSTR = null_mut();
    // SAFETY: both pointers live through the call; no token means the user of this process.
    let result = unsafe { SHGetKnownFolderPath(folder, 0, null_mut(), &raw mut text) };
    // SAFETY: after success `text` is a string that ends with 0.
    let path = (result >= 0 && !text.is_null()).then(|| unsafe { path(text) });
    // SAFETY: the memory is freed once, failed or not, as SHGetKnownFolderPath asks for.
    unsafe { CoTaskMemFree(text.cast()) };
    path
}

/// # Safety
/// `text` points to a string that ends with 0.
unsafe fn path(text: PWSTR) -> PathBuf {
    let mut length = 0;
    // SAFETY: the end has not been passed yet.
    while unsafe { *text.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: so many characters have just been read.
    let wide = unsafe { std::slice::from_raw_parts(text, length) };
    PathBuf::from(OsString::from_wide(wide))
}
