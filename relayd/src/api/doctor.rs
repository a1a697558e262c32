//! The doctor.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::Examine, _, _>(examine)
        .add::<proto::ListSettings, _, _>(configuration)
}

async fn configuration(
    api: Api,
    _: Call<proto::ListSettings>,
) -> Result<proto::Page<proto::Setting>, Failure> {
    let settings = api.info.configuration.clone();
    Ok(cursor::whole(settings, |(name, value)| proto::Setting {
        name,
        value,
    }))
}

async fn examine(
    api: Api,
    call: Call<proto::Examine>,
) -> Result<proto::Page<proto::Finding>, Failure> {
    let area = call.query.area.map(Into::into);
    let findings = api.doctor.examine(area).await;
    Ok(cursor::whole(findings, convert::finding))
}
