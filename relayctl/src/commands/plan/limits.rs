//! What a plan allows, as flags; shared by `plan create` and `plan edit`.

use crate::args::byte_size;

/// The flags.
#[derive(Debug, clap::Args)]
pub(super) struct Limits {
    /// Relay users an account may have
    #[arg(long, value_name = "N", env = "RELAYCTL_RELAY_USERS", hide_env = true)]
    pub(super) relay_users: Option<u32>,
    /// Messages of a relay user in any minute; a burst of as many at once is fine
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_MESSAGES_PER_MINUTE",
        hide_env = true
    )]
    pub(super) messages_per_minute: Option<u32>,
    /// Messages of a relay user in a day (UTC)
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_MESSAGES_PER_DAY",
        hide_env = true
    )]
    pub(super) messages_per_day: Option<u32>,
    /// Recipients of a relay user in a day (UTC)
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_RECIPIENTS_PER_DAY",
        hide_env = true
    )]
    pub(super) recipients_per_day: Option<u32>,
    /// Recipients of one message
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_RECIPIENTS_PER_MESSAGE",
        hide_env = true
    )]
    pub(super) recipients_per_message: Option<u32>,
    /// Size of one message: 25MiB, 500KiB or a number of bytes
    #[arg(long, value_name = "SIZE", value_parser = byte_size, env = "RELAYCTL_MESSAGE_SIZE", hide_env = true)]
    pub(super) message_size: Option<u64>,
}
