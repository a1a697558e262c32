//! Sessions against a scripted backend.
