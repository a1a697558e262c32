//! `relayctl completion`

use clap::ValueEnum;

use crate::error::Failure;
use crate::generated;
use crate::session::Session;

/// Print what makes a shell complete relayctl, names of objects included
///
/// Source it again after an upgrade.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  echo 'source <(relayctl completion bash)' >> ~/.bashrc
  echo 'source <(relayctl completion zsh)' >> ~/.zshrc
  relayctl completion fish > ~/.config/fish/completions/relayctl.fish")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// Shells that can be served.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
}

impl Shell {
    const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
        }
    }

    const fn install(self) -> &'static str {
        match self {
            Self::Bash => "echo 'source <(relayctl completion bash)' >> ~/.bashrc",
            Self::Zsh => "echo 'source <(relayctl completion zsh)' >> ~/.zshrc",
            Self::Fish => "relayctl completion fish > ~/.config/fish/completions/relayctl.fish",
            Self::Powershell => {
                "relayctl completion powershell | Out-String | Invoke-Expression  (in $PROFILE)"
            }
        }
    }
}

impl Args {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let hook = generated::hook(self.shell.name())
            .map_err(|error| Failure::local("cannot write the completion", &error))?;
        session
            .out
            .block(&format!("# Install: {}\n{hook}", self.shell.install()))
    }
}
