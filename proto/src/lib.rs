//! Types of the admin API of relayd, shared by server and client. No I/O.
