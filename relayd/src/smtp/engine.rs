//! The session engine: samotop-core, with our parser and our verbs.
//!
//! samotop keeps the dialogue (what comes next, who the client is, what is to be said) and runs
//! `Parser` → `Action` for each line; [`Session`] decides. Nothing of samotop leaves `smtp/`.
//!
//! Its own actions are not used. They let RCPT through behind a refused MAIL, return to command
//! mode in the middle of a body when its sink fails, name transactions by a 32-bit hash of the
//! time, and know no enhanced codes, 235, 334, 530 or 535. Replies are raw
//! `DriverControl::Response` therefore, and bodies pass it by.

use std::{fmt, marker::PhantomData, sync::Arc};

use samotop_core::{
    common::S1Fut,
    smtp::{
        Action, DriverControl, Interpret, Interpretter, ParseError, ParseResult, Parser,
        SmtpContext, SmtpSession,
    },
};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Backend, Offer, Peer,
    body::{Framing, Intake},
    quirk::Quirks,
    session::{Door, Session, Step},
    syntax::{self, Command, Fault},
};
use crate::model::{Reason, Refusal};

/// The mode of a samotop session in which lines are SASL responses.
const AUTH_MODE: &str = "AUTH";

/// What an idle session keeps for its next line.
const IDLE_INPUT: usize = 512;

/// What every session of a door has in common; made once.
pub(super) struct Grammar(Interpretter);

impl Grammar {
    pub(super) fn new<B: Backend>() -> Self {
        Self(
            Interpretter::default()
                .parse::<Response>()
                .with(Syntax)
                .and_apply(Verbs::<B>::new())
                .parse::<Parsed>()
                .with(Syntax)
                .and_apply(Verbs::<B>::new()),
        )
    }
}

/// One session.
pub(super) struct Engine<B: Backend> {
    context: SmtpContext,
    grammar: Arc<Grammar>,
    door: PhantomData<fn() -> B>,
}

impl<B: Backend> Engine<B> {
    /// A session that knows nothing yet. STARTTLS makes another: what was said before it was
    /// said in the clear, and is forgotten (RFC 3207 §4.2).
    pub(super) fn new(grammar: Arc<Grammar>, door: Arc<Door<B>>, peer: Peer, offer: Offer) -> Self {
        let mut context = SmtpContext::default();
        context.session.service_name.clone_from(&door.hostname);
        context.set(Session::new(door, peer, offer));
        Self {
            context,
            grammar,
            door: PhantomData,
        }
    }

    /// Says 220.
    pub(super) fn greet(&mut self) {
        self.with(|session| session.greeting());
    }

    /// Takes a line without its CRLF and wipes it. `pipelined` tells that more arrived with it.
    pub(super) async fn line(&mut self, line: &mut [u8], pipelined: bool) {
        if let Some(session) = session::<B>(&mut self.context) {
            session.pipelined = pipelined;
        }
        self.context.session.input.extend_from_slice(line);
        line.zeroize();
        let read = self.grammar.0.interpret(&mut self.context).await;
        self.context.session.input.zeroize();
        // A long line must not be paid for as long as the session is idle.
        self.context.session.input.shrink_to(IDLE_INPUT);
        if read.is_err() {
            self.end(&Reason::Internal.into());
        }
    }

    /// A line over the limit was dropped.
    pub(super) fn line_too_long(&mut self) {
        self.with(|session| session.unreadable(Reason::LineTooLong));
    }

    /// Says why and ends the session.
    pub(super) fn end(&mut self, refusal: &Refusal) {
        self.with(|session| session.end(refusal));
    }

    /// Whether the next line is a SASL response.
    pub(super) fn expects_response(&self) -> bool {
        self.context.session.mode == Some(AUTH_MODE)
    }

    /// The body that comes next instead of a line.
    pub(super) fn take_body(&mut self) -> Option<(Framing, Intake<B::Sink>)> {
        if self.context.session.mode != Some(SmtpSession::DATA_MODE) {
            return None;
        }
        self.context.session.mode = None;
        session::<B>(&mut self.context)?.take_body()
    }

    /// That body, or chunk, has come in.
    pub(super) async fn received(&mut self, framing: Framing, intake: Intake<B::Sink>) {
        if let Some(session) = session::<B>(&mut self.context) {
            let step = session.received(framing, intake).await;
            perform(&mut self.context.session, step);
        }
    }

    /// What the driver has to do, in order.
    pub(super) fn take_output(&mut self) -> Vec<DriverControl> {
        std::mem::take(&mut self.context.session.output)
    }

    pub(super) fn is_known(&self) -> bool {
        let session = self.context.get::<Session<B>>();
        session.is_some_and(Session::is_known)
    }

    /// Whether a message is on its way in.
    pub(super) fn in_transaction(&self) -> bool {
        let session = self.context.get::<Session<B>>();
        session.is_some_and(Session::in_transaction)
    }

    fn with(&mut self, verb: impl FnOnce(&mut Session<B>) -> Step) {
        if let Some(session) = session::<B>(&mut self.context) {
            let step = verb(session);
            perform(&mut self.context.session, step);
        }
    }
}

fn session<B: Backend>(context: &mut SmtpContext) -> Option<&mut Session<B>> {
    context.get_mut()
}

/// Carries out a step on the dialogue.
fn perform(dialogue: &mut SmtpSession, step: Step) {
    dialogue.mode = None;
    let reply = match step {
        Step::Say(reply) => reply,
        Step::Greet(name, reply) => {
            dialogue.reset_helo(name);
            reply
        }
        Step::Prompt(reply) => {
            dialogue.mode = Some(AUTH_MODE);
            reply
        }
        Step::Body(reply) => {
            dialogue.mode = Some(SmtpSession::DATA_MODE);
            match reply {
                Some(reply) => reply,
                None => return,
            }
        }
        Step::StartTls(reply) => {
            dialogue.say(DriverControl::Response(reply.into_bytes()));
            return dialogue.say(DriverControl::StartTls);
        }
        Step::Close(reply) => {
            dialogue.say(DriverControl::Response(reply.into_bytes()));
            return dialogue.shutdown();
        }
    };
    dialogue.say(DriverControl::Response(reply.into_bytes()));
}

/// A line in command mode, and what is odd about it.
#[derive(Debug)]
struct Parsed(Result<Command, Fault>, Quirks);

/// A line in AUTH mode.
struct Response(Zeroizing<Vec<u8>>);

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[derive(Debug)]
struct Syntax;

impl Parser<Parsed> for Syntax {
    fn parse(&self, input: &[u8], _: &SmtpContext) -> ParseResult<Parsed> {
        let mut quirks = Quirks::default();
        let command = syntax::read(input, &mut quirks);
        Ok((input.len(), Parsed(command, quirks)))
    }
}

impl Parser<Response> for Syntax {
    fn parse(&self, input: &[u8], context: &SmtpContext) -> ParseResult<Response> {
        if context.session.mode != Some(AUTH_MODE) {
            return Err(ParseError::Mismatch(String::new()));
        }
        Ok((input.len(), Response(Zeroizing::new(input.to_vec()))))
    }
}

/// Our verbs as actions of samotop.
struct Verbs<B>(PhantomData<fn() -> B>);

impl<B> Verbs<B> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<B> fmt::Debug for Verbs<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verbs")
    }
}

impl<B: Backend> Action<Parsed> for Verbs<B> {
    fn apply<'a, 's, 'f>(&'a self, line: Parsed, context: &'s mut SmtpContext) -> S1Fut<'f, ()>
    where
        'a: 'f,
        's: 'f,
    {
        Box::pin(async move {
            let Some(session) = session::<B>(context) else {
                return;
            };
            let step = match line.0 {
                Ok(command) => {
                    let step = session.command(command).await;
                    // Only now is it known who sent the first MAIL by address alone.
                    session.note(line.1);
                    step
                }
                Err(fault) => session.fault(&fault),
            };
            perform(&mut context.session, step);
        })
    }
}

impl<B: Backend> Action<Response> for Verbs<B> {
    fn apply<'a, 's, 'f>(&'a self, line: Response, context: &'s mut SmtpContext) -> S1Fut<'f, ()>
    where
        'a: 'f,
        's: 'f,
    {
        Box::pin(async move {
            let Some(session) = session::<B>(context) else {
                return;
            };
            let step = session.response(&line.0).await;
            perform(&mut context.session, step);
        })
    }
}
