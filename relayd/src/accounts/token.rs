//! Tokens: the operator's, and those of accounts.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use rand::{TryRng, rngs::SysRng};
use subtle::ConstantTimeEq;

use super::{Accounts, AdminError, Listing, account::refuse_ended, field::Fields, session::hash};
use crate::{
    model::{AccountId, Secret, TokenId},
    store::{StoreError, Token},
};

/// Tells what leaked when a scanner finds one.
const PREFIX: &str = "rlt_";

/// A new token as it was asked for.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Name.
    pub name: String,
    /// The account it is for; `None` for one of the operator.
    pub account_id: Option<AccountId>,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Who makes it.
    pub created_by: String,
    /// When the token ends that it is made with, if it is made with one that ends.
    pub no_later_than: Option<Timestamp>,
}

/// A token with its text.
#[derive(Debug, Clone)]
pub struct TokenWithSecret {
    /// The token.
    pub token: Token,
    /// To be shown once.
    pub secret: Secret,
}

impl Accounts {
    /// Creates a token of 256 bits.
    pub async fn create_token(&self, new: NewToken) -> Result<TokenWithSecret, AdminError> {
        if let Some(id) = new.account_id
            && let Some(account) = self.store.account(id).await?
        {
            refuse_ended(&account)?;
        }
        let now = self.clock.now();
        let mut fields = Fields::default();
        fields.name("name", &new.name, ".-_", 64);
        if new.expires_at.is_some_and(|at| at <= now) {
            fields.refuse("expires_at", "lies in the past");
        }
        if let Some(end) = new.no_later_than
            && new.expires_at.is_none_or(|at| at > end)
        {
            let why = format!("a token makes none that outlives it: at the latest {end}");
            fields.refuse("expires_at", why);
        }
        fields.check()?;
        let text = random_text(PREFIX)?;
        let token = Token {
            id: TokenId::new(&self.ids, now),
            account_id: new.account_id,
            name: new.name,
            hash: hash(&text),
            read_only: new.read_only,
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
            created_by: new.created_by,
        };
        self.store
            .insert_token(&token)
            .await
            .map_err(|error| AdminError::on_insert(error, &token.name))?;
        tracing::info!(token = %token.name, "token created");
        Ok(TokenWithSecret {
            token,
            secret: Secret::new(text),
        })
    }

    /// The tokens of an account, or of the operator, whose names stand behind `after`, by name.
    pub async fn list_tokens(
        &self,
        owner: Option<AccountId>,
        after: &str,
        limit: u32,
    ) -> Result<Listing<Token>, AdminError> {
        let tokens = self.store.tokens(owner, after, limit + 1).await?;
        Ok(Listing::cut(tokens, limit, |token| token.name.clone()))
    }

    /// Revokes the token that `key` names, by id or name, among those of an account or of the
    /// operator.
    pub async fn revoke_token(
        &self,
        owner: Option<AccountId>,
        key: &str,
    ) -> Result<(), AdminError> {
        let by_id = match key.parse() {
            Ok(id) => self.store.token(id).await?,
            Err(_) => None,
        };
        let found = match by_id.filter(|token| token.account_id == owner) {
            None => self.store.token_by_name(owner, key).await?,
            found => found,
        };
        let id = found.ok_or_else(|| AdminError::not_found("token", key))?.id;
        self.store
            .delete_token(id)
            .await
            .map_err(|error| match error {
                StoreError::NotFound => AdminError::not_found("token", key),
                error => AdminError::Store(error),
            })?;
        tracing::info!(token = %key, "token revoked");
        Ok(())
    }

    /// The token that a text belongs to, if it is valid now.
    pub async fn redeem_token(&self, text: &str) -> Result<Option<Token>, AdminError> {
        let now = self.clock.now();
        let hash = hash(text);
        let Some(token) = self.store.token_by_hash(&hash).await? else {
            return Ok(None);
        };
        // The index compared already; this does not depend on how it does that.
        let is_equal: bool = token.hash.as_slice().ct_eq(&hash).into();
        if !is_equal || token.expires_at.is_some_and(|at| at <= now) {
            return Ok(None);
        }
        let minute = SignedDuration::from_mins(1);
        let is_fresh = |used: Timestamp| now.duration_since(used) < minute;
        if !token.last_used_at.is_some_and(is_fresh)
            && let Err(error) = self.store.touch_token(token.id, now).await
        {
            tracing::warn!(%error, token = %token.name, "the use of a token was not noted");
        }
        Ok(Some(token))
    }
}

/// A prefix and 256 random bits.
pub(super) fn random_text(prefix: &str) -> Result<String, AdminError> {
    let mut bytes = [0; 32];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| AdminError::Internal(error.to_string()))?;
    Ok(format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)))
}
