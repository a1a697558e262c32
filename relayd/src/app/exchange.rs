//! The doctor looks at the routes.

use async_trait::async_trait;

use crate::{
    accounts::Accounts,
    doctor::Examination,
    model::{Finding, FindingArea},
};

/// The routes of active accounts.
pub(super) struct Routes(pub(super) Accounts);

#[async_trait]
impl Examination for Routes {
    fn area(&self) -> FindingArea {
        FindingArea::Exchange
    }

    async fn examine(&self) -> Vec<Finding> {
        self.0.examine_routes().await
    }
}
