//! The search for secrets: every form of them, in every place where they could turn up.

pub mod forms;
pub mod found;
pub mod places;
pub mod user_data;
