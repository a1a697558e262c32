//! All data of an account.

use relay_proto as proto;

use super::{
    Api, audit,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
    route_view, stats,
};
use crate::{
    accounts::{ExportItem, ExportPlace},
    store::{HourOfErrors, HourOfUse, PastSubscription, SetLimits},
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.add::<proto::ExportAccount, _, _>(export)
}

async fn export(
    api: Api,
    call: Call<proto::ExportAccount>,
) -> Result<proto::Page<proto::ExportRecord>, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let place = cursor::decode(call.query.cursor.as_deref())?;
    let place = place.unwrap_or_else(ExportPlace::start);
    let limit = cursor::limit(call.query.limit)?;
    let records = api.accounts.export(&account, &place, limit).await?;
    Ok(cursor::page(records, |item| record(item, &account.name)))
}

fn record(item: ExportItem, account: &str) -> proto::ExportRecord {
    use proto::ExportRecord as R;
    match item {
        ExportItem::Account(it) => R::Account(convert::account(*it)),
        ExportItem::Subscription(it) => R::Subscriptions(subscription(it)),
        ExportItem::Route(it) => R::Route(route_view::route(*it)),
        ExportItem::RouteVersion(it) => R::RouteVersions(route_view::version(*it)),
        ExportItem::RelayUser(it) => R::RelayUsers(convert::relay_user(it, account)),
        ExportItem::Credential { user, credential } => R::Credentials(proto::CredentialOf {
            user,
            credential: convert::credential(credential),
        }),
        ExportItem::Domain(it) => R::Domains(convert::domain(*it, account)),
        ExportItem::System(it) => R::Systems(convert::system(it, account)),
        ExportItem::Limits(it) => R::Limits(limits(it, account)),
        ExportItem::Usage(it) => R::Usage(usage(it)),
        ExportItem::Errors(it) => R::Errors(errors(it)),
        ExportItem::Message(it) => R::Messages(proto::Trace {
            found_by: None,
            ..convert::trace(*it)
        }),
        ExportItem::Reject(it) => R::Rejects(convert::reject(*it)),
        ExportItem::Audit(it) => R::Audit(audit::entry_of(*it)),
    }
}

fn subscription(past: PastSubscription) -> proto::PastSubscription {
    proto::PastSubscription {
        id: past.id.to_string(),
        plan: past.plan,
        started_at: past.started_at,
        ended_at: past.ended_at,
    }
}

fn limits(found: SetLimits, account: &str) -> proto::SetLimitsOf {
    let limits = found.set.limits;
    proto::SetLimitsOf {
        scope: found.scope.into(),
        name: if found.name.is_empty() {
            account.to_owned()
        } else {
            found.name
        },
        set_by: found.set.set_by.into(),
        messages_per_minute: limits.messages_per_minute.map(u64::from),
        messages_per_day: limits.messages_per_day.map(u64::from),
        recipients_per_day: limits.recipients_per_day.map(u64::from),
        recipients_per_message: limits.recipients_per_message.map(u64::from),
        message_size: limits.message_size,
    }
}

fn usage(hour: HourOfUse) -> proto::HourOfUse {
    proto::HourOfUse {
        hour: hour.hour,
        user: hour.user,
        system: hour.system,
        domain: hour.domain,
        counts: stats::counts(&hour.counts),
    }
}

fn errors(hour: HourOfErrors) -> proto::HourOfErrors {
    proto::HourOfErrors {
        hour: hour.hour,
        user: hour.user,
        system: hour.system,
        domain: hour.domain,
        kind: stats::error_kind(hour.kind),
        reason: hour.reason.to_string(),
        count: hour.count,
    }
}
