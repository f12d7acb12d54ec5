//! The least that passes for the agent for Windows: the headers of a program for x86-64 with one section, as tests upload it.

/// Such a program; another text makes another one.
pub fn windows_program(text: &str) -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    let mut put = |at: usize, what: &[u8]| bytes[at..at + what.len()].copy_from_slice(what);
    put(0, b"MZ");
    put(0x3c, &[0x40]);
    put(0x40, b"PE\0\0");
    put(0x44, &0x8664u16.to_le_bytes());
    // One section, of 512 bytes from the 512th.
    put(0x46, &[1]);
    put(0x40 + 24 + 16, &512u32.to_le_bytes());
    put(0x40 + 24 + 20, &512u32.to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes
}
