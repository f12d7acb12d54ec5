//! Random names in EC2's form.

use std::io;

/// `prefix-` and 17 hexadecimal digits, as EC2 makes them.
pub fn new(prefix: &str) -> io::Result<String> {
    let mut id = hex(&random::<9>()?);
    id.truncate(17);
    Ok(format!("{prefix}-{id}"))
}

/// Bytes from the operating system's random numbers.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| io::Error::other("the operating system gives no random numbers"))?;
    Ok(bytes)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
