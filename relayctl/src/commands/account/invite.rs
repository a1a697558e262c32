//! `relayctl account invite`

use relay_proto::{CreateInvitation, NewInvitation, Nothing};

use crate::error::Failure;
use crate::output::Format;
use crate::output::cell::harmless;
use crate::session::Session;
use crate::time::Moment;

/// Make an invitation to register: a code for one account, shown once (operator)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  relayctl account invite --email ops@acme.example\n  relayctl account invite --expires 24h -o json"
)]
pub(crate) struct Args {
    /// Good for this contact e-mail only
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// When it ends: 24h, 30d, 2027-01-01 or a full time [default: in seven days]
    #[arg(long, value_name = "TIME")]
    expires: Option<Moment>,
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let new = NewInvitation {
            email: self.email,
            expires_at: self.expires.map(|moment| moment.ahead_of(session.out.now)),
        };
        let client = session.client()?;
        let answer = client.call::<CreateInvitation>(&Nothing {}, &new)?;
        let code = harmless(&answer.value.code);
        match session.out.format {
            Format::Json | Format::Jsonl => session.out.item_as_sent(&answer),
            Format::Tsv | Format::Name => session.out.block(&format!("{code}\n")),
            Format::Table | Format::Wide => {
                session.out.block(&format!(
                    "Invitation {} made; it is good for one account until {:.0}.\n  Code  {code}  \
                     \u{20}  shown once\n",
                    answer.value.id, answer.value.expires_at
                ))?;
                session
                    .out
                    .next(&format!("relayctl account create --invitation {code}"));
                Ok(())
            }
        }
    }
}
