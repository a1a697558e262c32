//! Clients that may not connect for a while.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    cursor,
    failure::Failure,
};
use crate::model::Ban;

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::ListBans, _, _>(list)
        .add::<proto::ShowBan, _, _>(show)
        .add::<proto::LiftBan, _, _>(lift)
}

async fn list(api: Api, call: Call<proto::ListBans>) -> Result<proto::Page<proto::Ban>, Failure> {
    let (after, limit) = cursor::by_name(&call.query)?;
    Ok(cursor::page(api.bans.list(&after, limit), ban))
}

async fn show(api: Api, call: Call<proto::ShowBan>) -> Result<proto::Ban, Failure> {
    Ok(ban(api.bans.find(&call.path.address)?))
}

async fn lift(api: Api, call: Call<proto::LiftBan>) -> Result<proto::Nothing, Failure> {
    api.bans.lift(&call.path.address).await?;
    Ok(proto::Nothing {})
}

fn ban(ban: Ban) -> proto::Ban {
    proto::Ban {
        address: ban.client(),
        since: ban.since,
        until: ban.until,
        times: ban.times,
        username: ban.username,
    }
}
