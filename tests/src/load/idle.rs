//! Devices that connect and then do nothing: what a connection costs.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::{sync::Semaphore, task::JoinSet};

use super::send::{Plan, connect};
use crate::wire::Wire;

/// Connections that are being opened at one time.
const AT_A_TIME: usize = 64;

/// What came of opening them.
#[derive(Debug, Clone, Serialize)]
pub struct Opened {
    /// Connections that are open.
    pub open: usize,
    /// Connections that failed; see `first_failure`.
    pub failed: usize,
    /// What the first of those met.
    pub first_failure: Option<String>,
}

/// Connections that are held open until this is dropped.
pub struct Held {
    /// How many, and what failed.
    pub opened: Opened,
    _connections: Vec<Wire>,
}

/// Opens the connections of a plan, with its encryption and sign-in, and sends nothing.
pub async fn hold(plan: Plan) -> Result<Held> {
    let plan = Arc::new(plan);
    let permits = Arc::new(Semaphore::new(AT_A_TIME));
    let mut tasks = JoinSet::new();
    for _ in 0..plan.connections {
        let permit = Arc::clone(&permits).acquire_owned().await?;
        let plan = Arc::clone(&plan);
        tasks.spawn(async move {
            let _permit = permit;
            tokio::time::timeout(Duration::from_mins(1), connect(&plan))
                .await
                .context("no answer")?
                .map_err(anyhow::Error::from)
        });
    }
    let (mut connections, mut failures) = (Vec::new(), Vec::new());
    for done in tasks.join_all().await {
        match done {
            Ok(wire) => connections.push(wire),
            Err(error) => failures.push(error.to_string()),
        }
    }
    Ok(Held {
        opened: Opened {
            open: connections.len(),
            failed: failures.len(),
            first_failure: failures.into_iter().next(),
        },
        _connections: connections,
    })
}
