//! Webhooks.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    convert, cursor,
    failure::Failure,
};
use crate::{
    accounts::{NewWebhook, Scope, WebhookChange},
    model::Account,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .add::<proto::CreateWebhook, _, _>(create)
        .add::<proto::ListWebhooks, _, _>(list)
        .add_versioned::<proto::ShowWebhook, _, _>(|reply| reply.version, show)
        .add_versioned::<proto::EditWebhook, _, _>(|reply| reply.version, edit)
        .add::<proto::DeleteWebhook, _, _>(delete)
        .add::<proto::TestWebhook, _, _>(test)
        .add::<proto::ListDeliveries, _, _>(deliveries)
}

/// Whose webhooks a request is about; `None` for those of the operator.
async fn owner(api: &Api, scope: &Scope, key: Option<&str>) -> Result<Option<Account>, Failure> {
    Ok(api.accounts.account_named(scope, key).await?)
}

fn name_of(owner: Option<Account>) -> Option<String> {
    owner.map(|account| account.name)
}

async fn create(
    api: Api,
    call: Call<proto::CreateWebhook>,
) -> Result<proto::WebhookWithSecret, Failure> {
    let owner = owner(&api, &call.scope, call.body.account.as_deref()).await?;
    let new = NewWebhook {
        name: call.body.name,
        url: call.body.url,
        events: call.body.events.into_iter().map(Into::into).collect(),
    };
    let created = api.accounts.create_webhook(owner.as_ref(), new).await?;
    Ok(proto::WebhookWithSecret {
        webhook: convert::webhook(created.webhook, name_of(owner)),
        secret: created.secret.expose().to_owned(),
    })
}

async fn list(
    api: Api,
    call: Call<proto::ListWebhooks>,
) -> Result<proto::Page<proto::Webhook>, Failure> {
    let owner = owner(&api, &call.scope, call.query.account.as_deref()).await?;
    let (id, name) = owner.map(|account| (account.id, account.name)).unzip();
    let after: String = cursor::decode(call.query.cursor.as_deref())?.unwrap_or_default();
    let limit = cursor::limit(call.query.limit)?;
    let webhooks = api.accounts.list_webhooks(id, &after, limit).await?;
    Ok(cursor::page(webhooks, |webhook| {
        convert::webhook(webhook, name.clone())
    }))
}

async fn show(api: Api, call: Call<proto::ShowWebhook>) -> Result<proto::Webhook, Failure> {
    let owner = owner(&api, &call.scope, call.query.account.as_deref()).await?;
    let id = owner.as_ref().map(|account| account.id);
    let webhook = api.accounts.find_webhook(id, &call.path.webhook).await?;
    Ok(convert::webhook(webhook, name_of(owner)))
}

async fn edit(api: Api, call: Call<proto::EditWebhook>) -> Result<proto::Webhook, Failure> {
    let owner = owner(&api, &call.scope, call.query.account.as_deref()).await?;
    let id = owner.as_ref().map(|account| account.id);
    let body = call.body;
    let events = body.events;
    let change = WebhookChange {
        url: body.url,
        events: events.map(|events| events.into_iter().map(Into::into).collect()),
        state: body.state.map(Into::into),
    };
    let key = &call.path.webhook;
    let webhook = api
        .accounts
        .edit_webhook(id, key, change, call.if_match)
        .await?;
    Ok(convert::webhook(webhook, name_of(owner)))
}

async fn delete(api: Api, call: Call<proto::DeleteWebhook>) -> Result<proto::Nothing, Failure> {
    let owner = owner(&api, &call.scope, call.query.account.as_deref()).await?;
    let id = owner.map(|account| account.id);
    api.accounts.delete_webhook(id, &call.path.webhook).await?;
    Ok(proto::Nothing {})
}

async fn test(api: Api, call: Call<proto::TestWebhook>) -> Result<proto::WebhookTest, Failure> {
    let owner = owner(&api, &call.scope, call.query.account.as_deref()).await?;
    let key = &call.path.webhook;
    let test = api.accounts.test_webhook(owner.as_ref(), key).await?;
    Ok(proto::WebhookTest {
        ok: test.ok,
        status: test.status,
        detail: test.detail,
        ms: u64::try_from(test.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

async fn deliveries(
    api: Api,
    call: Call<proto::ListDeliveries>,
) -> Result<proto::Page<proto::WebhookDelivery>, Failure> {
    let owner = owner(&api, &call.scope, call.query.account.as_deref()).await?;
    let id = owner.map(|account| account.id);
    let webhook = api.accounts.find_webhook(id, &call.path.webhook).await?;
    let before = cursor::decode(call.query.cursor.as_deref())?;
    let limit = cursor::limit(call.query.limit)?;
    let found = api
        .accounts
        .list_deliveries(&webhook, before, limit)
        .await?;
    Ok(cursor::page(found, convert::delivery))
}
