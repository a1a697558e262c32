//! `relayctl limits set`

use relay_proto::{LimitSettings, SetLimits};

use super::{Scope, Target, bans, print};
use crate::args::byte_size;
use crate::error::Failure;
use crate::session::Session;

/// Set limits of an account, a relay user or a system
///
/// For a relay user they stand in the place of the plan's; for a system or an account they count
/// besides. Limits that are not given stay, and 0 takes one back. Affects live mail: asks for
/// confirmation, or takes --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  relayctl limits set scanner --scope user --messages-per-day 200 --yes
  relayctl limits set erp-prod --scope system --messages-per-minute 10 --yes
  relayctl limits set --account acme --recipients-per-day 20000 --yes")]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// Messages in any minute; a burst of as many at once is fine
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_MESSAGES_PER_MINUTE",
        hide_env = true
    )]
    messages_per_minute: Option<u32>,
    /// Messages in a day (UTC)
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_MESSAGES_PER_DAY",
        hide_env = true
    )]
    messages_per_day: Option<u32>,
    /// Recipients in a day (UTC)
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_RECIPIENTS_PER_DAY",
        hide_env = true
    )]
    recipients_per_day: Option<u32>,
    /// Recipients of one message
    #[arg(
        long,
        value_name = "N",
        env = "RELAYCTL_RECIPIENTS_PER_MESSAGE",
        hide_env = true
    )]
    recipients_per_message: Option<u32>,
    /// Size of one message: 25MiB, 500KiB or a number of bytes
    #[arg(long, value_name = "SIZE", value_parser = byte_size, env = "RELAYCTL_MESSAGE_SIZE", hide_env = true)]
    message_size: Option<u64>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        if self.target.scope == Scope::Ip {
            return Err(bans::set());
        }
        let settings = LimitSettings {
            messages_per_minute: self.messages_per_minute,
            messages_per_day: self.messages_per_day,
            recipients_per_day: self.recipients_per_day,
            recipients_per_message: self.recipients_per_message,
            message_size: self.message_size,
        };
        if settings == LimitSettings::default() {
            return Err(Failure::usage("there is nothing to set").hint(
                "give --messages-per-minute, --messages-per-day, --recipients-per-day, \
                 --recipients-per-message or --message-size",
            ));
        }
        let (path, query, whose) = self.target.find(session)?;
        session.confirm(&format!(
            "mail of {whose} beyond {} will be refused",
            sentence(&settings)
        ))?;
        let client = session.client()?;
        let answer = client.call_with::<SetLimits>(&path, &query, &settings, None)?;
        print(session, &answer)
    }
}

/// `200 messages a day, 10 recipients a message`.
fn sentence(settings: &LimitSettings) -> String {
    let of = |limit: Option<u32>, what: &str, per: &str| {
        limit.map(|limit| match limit {
            0 => format!("the plan's {what}s {per}"),
            1 => format!("1 {what} {per}"),
            limit => format!("{limit} {what}s {per}"),
        })
    };
    let size = settings.message_size.map(|size| match size {
        0 => "the plan's message size".to_owned(),
        size => format!("{size} bytes a message"),
    });
    [
        of(settings.messages_per_minute, "message", "a minute"),
        of(settings.messages_per_day, "message", "a day"),
        of(settings.recipients_per_day, "recipient", "a day"),
        of(settings.recipients_per_message, "recipient", "a message"),
        size,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_is_told_in_numbers() {
        let settings = LimitSettings {
            messages_per_day: Some(200),
            recipients_per_message: Some(0),
            message_size: Some(1024),
            ..LimitSettings::default()
        };
        assert_eq!(
            sentence(&settings),
            "200 messages a day, the plan's recipients a message, 1024 bytes a message"
        );
    }
}
