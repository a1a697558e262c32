//! The admin API: JSON over a Unix socket and loopback TCP.
