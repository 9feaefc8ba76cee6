//! What the store promises, on SQLite, and with the feature `test-postgres` on PostgreSQL too.

mod articles;
mod backup;
mod books;
mod common;
mod desk;
mod frozen;
mod jobs;
mod kill;
mod open;
mod people;
mod site;
