//! The desk over HTTP: who may, what pages say, and that nobody's work is overwritten.

#[path = "../common/mod.rs"]
mod common;
mod editor;
mod entrance;
mod pages;
mod room;
