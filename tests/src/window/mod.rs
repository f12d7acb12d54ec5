//! The real window on a screen that nobody sees, used as a person uses it: by role and name of what is on it.

mod bus;
mod driver;
mod page;
pub mod processes;
mod screen;

pub use driver::Driver;
pub use page::Page;
pub use screen::Screen;
