//! Clients that may not connect for a while.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Nothing, Page, PageQuery, endpoint::endpoints};

/// A client that guessed passwords and may not connect for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ban {
    /// Its address: one of IPv4, or the /64 of an IPv6 address.
    pub address: String,
    /// When it was banned.
    pub since: Timestamp,
    /// When the ban ends.
    pub until: Timestamp,
    /// Which ban in a row it is; each is longer than the one before.
    pub times: u32,
    /// The user name that was tried last.
    pub username: String,
}

/// Names a banned client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BanPath {
    /// Its address, or the network that the list shows; a slash is written `%2F`.
    pub address: String,
}

endpoints! {
    /// Lists the clients that are banned now.
    ListBans: Operator Get "/v1/bans" (Nothing, PageQuery, Nothing) -> 200 Page<Ban>;
    /// Shows the ban of a client.
    ShowBan: Operator Get "/v1/bans/{address}" (BanPath, Nothing, Nothing) -> 200 Ban;
    /// Lifts a ban; its client may connect at once. A ban that is over is forgotten: the next one is
    /// short again.
    LiftBan: Operator Delete "/v1/bans/{address}" (BanPath, Nothing, Nothing) -> 204 Nothing;
}
