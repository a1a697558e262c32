//! The terminal: keys in, pictures out. Requests are made elsewhere; nothing here waits for them.

use std::io::BufWriter;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::style::force_color_output;
use relay_proto::{Nothing, ShowCaller};
use rustix::process::{Signal, getpid, kill_process};

use super::model::{Action, Key, Model};
use super::screen::{Screen, unusable};
use super::view::{self, Look};
use super::worker::{News, Order, Worker};
use crate::chart::charset::Charset;
use crate::error::{Exit, Failure};
use crate::session::{Session, now};
use crate::signals::{self, SignalKind};

/// Keys are waited for so long before anything else is looked at.
const GLANCE: Duration = Duration::from_millis(100);
/// What has happened and was not looked at yet, at most: while a terminal takes no picture, the
/// worker waits with the next sample.
const HAPPENINGS: usize = 16;
/// Bytes of a picture, written at once.
const PICTURE: usize = 64 * 1024;
/// An answer has so long, unless --timeout says otherwise.
const ANSWER: Duration = Duration::from_secs(20);

/// What does not come from the keyboard.
enum Happening {
    News(News),
    Signal(SignalKind),
}

/// Runs until a person or a signal ends it. What goes wrong before the first picture is told as
/// by any command.
pub(super) fn run(session: &Session, every: Duration, ascii: bool) -> Result<(), Failure> {
    let worker = Worker {
        client: session.silent_client(ANSWER)?,
        account: session.named_account()?,
    };
    let (place, may_change) = place(session, &worker)?;
    let mut model = Model::new(place, every, may_change, worker.sample()?);
    let look = Look {
        color: session.out.color,
        charset: Charset::decide(ascii, &session.environment),
    };
    force_color_output(look.color);
    let (tell, events) = mpsc::sync_channel(HAPPENINGS);
    let tell_signal = tell.clone();
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
        stop(),
    ];
    signals::on(&kinds, move |kind| {
        let _ = tell_signal.send(Happening::Signal(kind));
    });
    let orders = worker.start(every, move |news| tell.send(Happening::News(news)).is_ok())?;
    let screen = Screen::enter(&std::io::stdin())?;
    let ended = Loop {
        screen: &screen,
        model: &mut model,
        look,
        events,
        orders,
    }
    .turn();
    screen.leave();
    ended
}

/// Which relayd and whose mail, and whether lanes may be held.
fn place(session: &Session, worker: &Worker) -> Result<(String, bool), Failure> {
    let caller = worker.client.call::<ShowCaller>(&Nothing {}, &Nothing {})?;
    let account = worker.account.clone().or(caller.value.account);
    let whose = account.unwrap_or_else(|| "all accounts".to_owned());
    let place = match session.target()?.context {
        Some(context) => format!("{context}  {whose}"),
        None => whose,
    };
    Ok((place, !caller.value.read_only))
}

struct Loop<'a> {
    screen: &'a Screen,
    model: &'a mut Model,
    look: Look,
    events: Receiver<Happening>,
    orders: SyncSender<Order>,
}

type Picture = Terminal<CrosstermBackend<BufWriter<std::io::Stdout>>>;

impl Loop<'_> {
    fn turn(mut self) -> Result<(), Failure> {
        let mut picture = picture()?;
        let mut is_new = true;
        loop {
            if is_new {
                self.draw(&mut picture)?;
            }
            let (is_pressed, action) = self.keys()?;
            is_new = is_pressed | self.model.tick(now());
            // At once: an order that is not taken is taken back before any news comes between.
            if self.act(action, &mut picture)?.is_break() {
                return Ok(());
            }
            while let Ok(happening) = self.events.try_recv() {
                is_new = true;
                let action = match happening {
                    Happening::News(news) => self.model.hear(news),
                    Happening::Signal(kind) => Some(of_signal(kind)),
                };
                if self.act(action, &mut picture)?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// Does what is next, if anything. Breaks where a person has had enough.
    fn act(
        &mut self,
        action: Option<Action>,
        picture: &mut Picture,
    ) -> Result<ControlFlow<()>, Failure> {
        match action {
            None => {}
            Some(Action::Order(order)) => self.order(order),
            Some(Action::Quit) => return Ok(ControlFlow::Break(())),
            Some(Action::Fail(failure)) => return Err(failure),
            Some(Action::Suspend) => {
                self.suspend()?;
                // The shell has shown something else meanwhile: all is drawn anew.
                *picture = self::picture()?;
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn draw(&mut self, picture: &mut Picture) -> Result<(), Failure> {
        let (model, look) = (&mut *self.model, self.look);
        let drawn = picture.draw(|frame| {
            model.size = (frame.area().width, frame.area().height);
            view::draw(model, look, frame);
        });
        drawn.map_err(unusable)?;
        Ok(())
    }

    /// Hands the keys that were pressed to the model, up to one that asks for something. Gives
    /// whether there was any, and what it asks for.
    fn keys(&mut self) -> Result<(bool, Option<Action>), Failure> {
        let mut wait = GLANCE;
        let mut any = false;
        while event::poll(wait).map_err(unusable)? {
            wait = Duration::ZERO;
            any = true;
            if let Event::Key(key) = event::read().map_err(unusable)?
                && let Some(action) = meaning(key).and_then(|key| self.model.press(key))
            {
                return Ok((any, Some(action)));
            }
        }
        Ok((any, None))
    }

    fn order(&mut self, order: Order) {
        if let Err(mpsc::TrySendError::Full(order)) = self.orders.try_send(order) {
            self.model.take_back(order);
        }
    }

    /// Stops as Ctrl-Z does, until the shell lets it go on.
    fn suspend(&self) -> Result<(), Failure> {
        self.screen.leave();
        let stopped = kill_process(getpid(), Signal::STOP);
        self.screen.again()?;
        stopped
            .map_err(|error| Failure::local("it cannot be stopped", &std::io::Error::from(error)))
    }
}

fn picture() -> Result<Picture, Failure> {
    let writer = BufWriter::with_capacity(PICTURE, std::io::stdout());
    Terminal::new(CrosstermBackend::new(writer)).map_err(unusable)
}

/// What a shell sends for Ctrl-Z.
const fn stop() -> SignalKind {
    SignalKind::from_raw(Signal::TSTP.as_raw())
}

fn of_signal(kind: SignalKind) -> Action {
    if kind == stop() {
        Action::Suspend
    } else {
        Action::Fail(Failure::silent(Exit::of_signal(kind)))
    }
}

/// What a key means here, if anything.
fn meaning(key: KeyEvent) -> Option<Key> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char('c') if is_control => Key::Interrupt,
        KeyCode::Char('z') if is_control => Key::Suspend,
        KeyCode::Char(_) if is_control => return None,
        KeyCode::Char(character) => Key::Char(character),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Tab => Key::Tab,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        _ => return None,
    })
}
