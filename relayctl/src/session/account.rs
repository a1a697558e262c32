//! The account in question.

use relay_proto::{Account, AccountQuery, ListAccounts, Nothing};

use super::Session;
use crate::client::Part;
use crate::error::{Exit, Failure};

/// So many names are told of accounts of which one is to be named.
const SHOWN: usize = 10;

impl Session {
    /// The account that was named, for commands that work without one, too.
    pub(crate) fn named_account(&self) -> Result<Option<String>, Failure> {
        Ok(self.target()?.account)
    }

    /// The account to act for: the one that was named, or the only one there is.
    pub(crate) fn account(&self) -> Result<String, Failure> {
        if let Some(account) = self.account.get() {
            return Ok(account.clone());
        }
        let account = match self.named_account()? {
            Some(account) => account,
            None => self.only_account()?,
        };
        Ok(self.account.get_or_init(|| account).clone())
    }

    fn only_account(&self) -> Result<String, Failure> {
        let accounts = self.accounts()?;
        match accounts.as_slice() {
            [] => Err(
                Failure::new(Exit::NotFound, "no-account", "there is no account yet")
                    .hint("relayctl account create"),
            ),
            [only] => {
                self.out
                    .detail(&format!("account {} (the only one)", only.name));
                Ok(only.name.clone())
            }
            several => {
                let names: Vec<_> = several.iter().map(|account| account.name.clone()).collect();
                if self.prompts.off().is_none() {
                    let chosen = self.prompts.choice("Account", &names, 0)?;
                    return Ok(names.get(chosen).cloned().unwrap_or_default());
                }
                let shown = match names.get(..SHOWN) {
                    Some(some) if names.len() > SHOWN => some.join(", ") + ", …",
                    _ => names.join(", "),
                };
                Err(Failure::missing(&["--account"])
                    .cause(format!("there are {} accounts: {shown}", names.len()))
                    .hint("name one by --account or RELAYCTL_ACCOUNT"))
            }
        }
    }

    /// Every account that may be seen.
    pub(crate) fn accounts(&self) -> Result<Vec<Account>, Failure> {
        let all = self.client()?.list::<ListAccounts, _>(
            &Nothing {},
            &AccountQuery::default(),
            &Part::default(),
        )?;
        Ok(all.items)
    }
}
