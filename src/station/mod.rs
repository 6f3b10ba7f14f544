//! The daemon: everything that happens on the box in the commune, around one pure controller.

pub mod budget;
pub mod enroll;
pub mod layout;
pub mod sync;
