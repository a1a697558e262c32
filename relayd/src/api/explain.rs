//! What would come of a mail.

use relay_proto as proto;

use super::{
    Api,
    call::{Call, Routes},
    failure::Failure,
};
use crate::{
    accounts::{ExplainedStep, Explanation, MailToExplain, StepVerdict},
    model::ReversePath,
};

/// What a device hears whose mail is taken.
const TAKEN: &str = "250 2.0.0 Ok: queued as ID";

pub(super) fn routes(routes: Routes) -> Routes {
    routes.add::<proto::ExplainMail, _, _>(explain)
}

async fn explain(api: Api, call: Call<proto::ExplainMail>) -> Result<proto::Explanation, Failure> {
    let account = api.accounts.find_account(&call.path.account).await?;
    let body = call.body;
    let mail = MailToExplain {
        user: body.user,
        address: body.address,
        listener: body.listener,
        encrypts: body.encrypted,
        sender: body.from,
        from: body.header_from,
        recipients: body.to,
        size: body.size,
    };
    let explained = api
        .accounts
        .explain_mail(&account, mail, call.authority)
        .await?;
    Ok(explanation(explained))
}

fn explanation(explanation: Explanation) -> proto::Explanation {
    let refused = explanation.refused();
    let reply = match refused {
        Some(step) => step.reply.clone(),
        None => Some(TAKEN.to_owned()),
    };
    let reason = refused.and_then(|step| step.reason);
    proto::Explanation {
        accepted: refused.is_none(),
        waits: explanation.waits(),
        reason: reason.map(|reason| reason.to_string()),
        reply,
        route: explanation.route,
        listener: explanation.explained.listener,
        encrypted: explanation.explained.is_encrypted,
        user: explanation.explained.username,
        system: explanation.explained.system,
        sender: explanation.explained.sender.as_ref().map(path),
        steps: explanation.explained.steps.into_iter().map(step).collect(),
    }
}

fn path(path: &ReversePath) -> String {
    path.address().map(ToString::to_string).unwrap_or_default()
}

fn step(step: ExplainedStep) -> proto::ExplainedStep {
    proto::ExplainedStep {
        name: step.name.to_owned(),
        stage: step.stage.to_owned(),
        verdict: match step.verdict {
            StepVerdict::Ok => proto::StepVerdict::Ok,
            StepVerdict::Warning => proto::StepVerdict::Warning,
            StepVerdict::Refused => proto::StepVerdict::Refused,
            StepVerdict::Skipped => proto::StepVerdict::Skipped,
        },
        detail: step.detail,
        reason: step.reason.map(|reason| reason.to_string()),
        remedy: step.remedy,
        reply: step.reply,
    }
}
