//! The product behind the door: who are you, may you send this, is it safe on disk.

mod header;
mod repair;
