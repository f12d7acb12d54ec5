//! The serial port as Windows wants it used: for oneself alone, and only for a moment.
//!
//! As the SSM Agent of AWS does it (`agent/startup/serialport/serialport_windows.go`): opened without sharing,
//! 115,200 baud, 8 bits, no parity, one stop bit. While somebody else has the port, opening fails.

#![allow(unsafe_code, reason = "a port's settings have no other interface")]

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::windows::fs::OpenOptionsExt as _;
use std::os::windows::io::AsRawHandle as _;
use std::path::Path;

use windows_sys::Win32::Devices::Communication::{
    COMMTIMEOUTS, DCB, GetCommState, NOPARITY, ONESTOPBIT, SetCommState, SetCommTimeouts,
};

const BAUD: u32 = 115_200;
/// A port that takes nothing must not hold its writer, and with it the port, for ever; in milliseconds.
const LONGEST_WRITE: u32 = 5_000;

/// Opens the port, writes the text and closes the port again.
pub fn write(port: &Path, text: &str) -> io::Result<()> {
    let alone = 0;
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .share_mode(alone)
        .open(port)?;
    set_line(&file)?;
    file.write_all(text.as_bytes())?;
    // Closing the port would drop what is not sent yet.
    file.sync_all()
}

fn set_line(port: &File) -> io::Result<()> {
    let handle = port.as_raw_handle();
    let mut line = DCB {
        DCBlength: size_of::<DCB>() as u32,
        ..DCB::default()
    };
    let timeouts = COMMTIMEOUTS {
        WriteTotalTimeoutConstant: LONGEST_WRITE,
        ..COMMTIMEOUTS::default()
    };
    // SAFETY: the handle is open, and the three structures live through the calls.
    let all_well = unsafe {
        GetCommState(handle, &raw mut line) != 0
            && {
                line.BaudRate = BAUD;
                line.ByteSize = 8;
                line.Parity = NOPARITY;
                line.StopBits = ONESTOPBIT;
                SetCommState(handle, &raw const line) != 0
            }
            && SetCommTimeouts(handle, &raw const timeouts) != 0
    };
    if all_well {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
