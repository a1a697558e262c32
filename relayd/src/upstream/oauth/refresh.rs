//! What a person allowed by device code: a refresh token that changes with each use.

use async_trait::async_trait;

use crate::model::{Route, RouteId, Secret};

/// Where refresh tokens are kept. The error says in words why they are out of reach.
#[async_trait]
pub trait RefreshTokens: Send + Sync + std::fmt::Debug {
    /// The one in force; `None` when nobody has signed in for the route as these settings have it:
    /// a candidate of another tenant or authority must not get it.
    async fn load(&self, route: &Route) -> Result<Option<Secret>, String>;

    /// Puts `new` in the place of `old`. Does nothing where another is in force by now, since
    /// somebody has signed in anew.
    async fn replace(&self, route: RouteId, old: &Secret, new: &Secret) -> Result<(), String>;
}

/// Nobody has signed in for any route.
#[derive(Debug, Clone, Copy)]
pub struct NoRefreshTokens;

#[async_trait]
impl RefreshTokens for NoRefreshTokens {
    async fn load(&self, _route: &Route) -> Result<Option<Secret>, String> {
        Ok(None)
    }

    async fn replace(&self, _route: RouteId, _old: &Secret, _new: &Secret) -> Result<(), String> {
        Ok(())
    }
}
