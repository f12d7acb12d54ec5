//! The Administrator password, set by Windows' own interface: it is never an argument of a program.

#![allow(unsafe_code, reason = "accounts have no other interface without a program")]

use std::ptr::{null, null_mut};

use windows_sys::Win32::NetworkManagement::NetManagement::{
    FILTER_NORMAL_ACCOUNT, MAX_PREFERRED_LENGTH, NetApiBufferFree, NetUserEnum, NetUserSetInfo,
    UF_DONT_EXPIRE_PASSWD, USER_INFO_20, USER_INFO_1003, USER_INFO_1008,
};
use zeroize::Zeroizing;

/// The relative id of the Administrator account: its name is another in each language, and may have been changed.
const ADMINISTRATOR: u32 = 500;
/// `NERR_PasswordTooShort`: Windows says so of every password that its policy refuses.
const AGAINST_POLICY: u32 = 2245;

struct Account {
    /// Ends with 0.
    name: Vec<u16>,
    flags: u32,
}

/// Sets the password and keeps it from expiring; an error says in a sentence why it was not set.
pub fn set_password(password: &str) -> Result<(), String> {
    let account = administrator()?;
    let mut wide: Zeroizing<Vec<u16>> = Zeroizing::new(password.encode_utf16().chain([0]).collect());
    let password = USER_INFO_1003 {
        usri1003_password: wide.as_mut_ptr(),
    };
    set(&account, 1003, &raw const password).map_err(|code| match code {
        AGAINST_POLICY => "Windows' password policy does not accept this Administrator password.".to_owned(),
        other => trouble("The Administrator password can't be set", other),
    })?;
    let flags = USER_INFO_1008 {
        usri1008_flags: account.flags | UF_DONT_EXPIRE_PASSWD,
    };
    // The password is set; that it expires one day is no reason to report that it is not.
    if let Err(code) = set(&account, 1008, &raw const flags) {
        tracing::warn!(code, "the Administrator password will expire");
    }
    Ok(())
}

fn administrator() -> Result<Account, String> {
    let (mut buffer, mut read, mut total) = (null_mut::<u8>(), 0, 0);
    // SAFETY: every pointer lives through the call; this machine is meant where no server is named.
    let code = unsafe {
        NetUserEnum(
            null(),
            20,
            FILTER_NORMAL_ACCOUNT,
            &raw mut buffer,
            MAX_PREFERRED_LENGTH,
            &raw mut read,
            &raw mut total,
            null_mut(),
        )
    };
    if code != 0 || buffer.is_null() {
        return Err(trouble("The accounts of this machine can't be listed", code));
    }
    // SAFETY: level 20 answers with so many of these, aligned by Windows.
    let users = unsafe { std::slice::from_raw_parts(buffer.cast::<USER_INFO_20>(), read as usize) };
    let found = users.iter().find(|user| user.usri20_user_id == ADMINISTRATOR);
    let account = found.map(|user| Account {
        // SAFETY: the name of an account ends with 0.
        name: unsafe { with_its_end(user.usri20_name) },
        flags: user.usri20_flags,
    });
    // SAFETY: Windows made the buffer, and nothing points into it any more.
    unsafe { NetApiBufferFree(buffer.cast()) };
    account.ok_or_else(|| "This machine has no Administrator account.".to_owned())
}

fn set<T>(account: &Account, level: u32, value: *const T) -> Result<(), u32> {
    // SAFETY: the name ends with 0, and `value` is the structure of this level.
    let code = unsafe { NetUserSetInfo(null(), account.name.as_ptr(), level, value.cast(), null_mut()) };
    if code == 0 { Ok(()) } else { Err(code) }
}

/// # Safety
/// `text` points to a string that ends with 0.
unsafe fn with_its_end(text: *const u16) -> Vec<u16> {
    let mut copy = Vec::new();
    loop {
        // SAFETY: the end has not been passed yet.
        let unit = unsafe { *text.add(copy.len()) };
        copy.push(unit);
        if unit == 0 {
            return copy;
        }
    }
}

fn trouble(what: &str, code: u32) -> String {
    format!("{what}: Windows answers with error {code}.")
}
