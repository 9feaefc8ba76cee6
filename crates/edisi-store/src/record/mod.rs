//! The rows, as the rest of Edisi sees them.

mod article;
mod desk;
mod job;
mod person;
mod site;

pub use article::*;
pub use desk::*;
pub use job::*;
pub use person::*;
pub use site::*;
