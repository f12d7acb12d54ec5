//! Instances: launching, reading, switching on and off, and what they say.

pub(crate) mod console;
pub(crate) mod launch;
pub(crate) mod power;
pub(crate) mod read;
