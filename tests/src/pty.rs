//! A pseudo-terminal with a program on it: what a person sees and types.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    num::NonZero,
    os::fd::OwnedFd,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::{
    fs::{Mode, OFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};

use crate::harness::PATIENCE;

/// Columns and rows: what most terminals have at least.
const SIZE: (u16, u16) = (80, 24);
/// How often something is looked at that tells no news by itself.
const GLANCE: Duration = Duration::from_millis(5);

/// Down, as the key of a terminal.
pub const DOWN: &str = "\x1b[B";
/// Ctrl-C.
pub const INTERRUPT: &str = "\x03";

/// A terminal, until its program has ended. Dropping it kills the program.
pub struct Terminal {
    master: File,
    child: Child,
    screen: Arc<Screen>,
    reader: Option<JoinHandle<()>>,
    /// Bytes of the screen that were answered to.
    answered: usize,
    /// Columns and rows.
    size: (u16, u16),
}

/// All that came out, ever.
#[derive(Default)]
struct Screen {
    shown: Mutex<Shown>,
    changed: Condvar,
}

#[derive(Default)]
struct Shown {
    text: Vec<u8>,
    ended: bool,
}

impl Shown {
    fn all(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }
}

impl Screen {
    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminal {
    /// Runs a program on a terminal of its own, which controls it: keys become signals.
    pub fn start(program: &Command) -> Result<Self> {
        Self::start_sized(program, SIZE)
    }

    /// The same on one of so many columns and rows.
    pub fn start_sized(program: &Command, size: (u16, u16)) -> Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let slave = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
        tcsetwinsize(&slave, winsize(size))?;
        let child = on_terminal(program, &slave)?.spawn().context("setsid")?;
        let screen = Arc::new(Screen::default());
        let master = File::from(master);
        let reader = std::thread::spawn({
            let (mut from, screen) = (master.try_clone()?, Arc::clone(&screen));
            move || copy(&mut from, &screen)
        });
        Ok(Self {
            master,
            child,
            screen,
            reader: Some(reader),
            answered: 0,
            size,
        })
    }

    /// The program, to send it signals.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What stands on the screen now: a line for each row, without the spaces at its end.
    pub fn screen(&self) -> String {
        let at_least_one = |length| NonZero::new(length).unwrap_or(NonZero::<u16>::MIN);
        let (columns, rows) = (at_least_one(self.size.0), at_least_one(self.size.1));
        let mut parser = vt100::Parser::new(rows, columns, 0);
        parser.process(&self.screen.shown().text);
        parser.screen().contents()
    }

    /// Waits until the screen is as wanted; gives its text.
    pub fn expect_screen(&self, is_wanted: impl Fn(&str) -> bool) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_wanted(&screen) {
                return Ok(screen);
            }
            ensure!(Instant::now() < deadline, "the screen shows:\n{screen}");
            std::thread::sleep(GLANCE);
        }
    }

    /// Makes the terminal larger or smaller, as when a window is drawn; the program is told. What
    /// it shows from then on is read as on a screen of the new size.
    pub fn resize(&mut self, size: (u16, u16)) -> Result<()> {
        self.size = size;
        tcsetwinsize(&self.master, winsize(size))?;
        Ok(())
    }

    /// Waits until this text is shown, after what was answered so far.
    pub fn expect(&mut self, text: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut shown = self.screen.shown();
        loop {
            let news = String::from_utf8_lossy(shown.text.get(self.answered..).unwrap_or_default());
            if news.contains(text) {
                return Ok(());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if shown.ended || left.is_zero() {
                bail!(
                    "{text:?} was not shown; the terminal shows:\n{}",
                    shown.all()
                );
            }
            let waited = self.screen.changed.wait_timeout(shown, left);
            shown = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Answers a question with a line.
    pub fn answer(&mut self, question: &str, line: &str) -> Result<()> {
        self.expect(question)?;
        self.press(&format!("{line}\r"))
    }

    /// Answers a question with a secret, once the terminal shows nothing of what is typed.
    pub fn answer_hidden(&mut self, question: &str, secret: &str) -> Result<()> {
        self.expect_hidden(question)?;
        self.press(&format!("{secret}\r"))
    }

    /// Waits until this text is shown, and the terminal shows nothing of what is typed.
    pub fn expect_hidden(&mut self, question: &str) -> Result<()> {
        self.expect(question)?;
        let deadline = Instant::now() + PATIENCE;
        while self.echoes()? {
            ensure!(Instant::now() < deadline, "{question} is asked with echo");
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Chooses the entry of a list at this place, counted from 0, by the arrow keys.
    pub fn choose(&mut self, question: &str, place: usize) -> Result<()> {
        self.expect(question)?;
        self.press(&(DOWN.repeat(place) + "\r"))
    }

    /// Types, as it is. What was shown before is answered with that.
    pub fn press(&mut self, keys: &str) -> Result<()> {
        self.answered = self.screen.shown().text.len();
        self.master.write_all(keys.as_bytes())?;
        Ok(())
    }

    /// Whether the terminal shows what is typed, as it does outside of questions.
    pub fn echoes(&self) -> Result<bool> {
        Ok(tcgetattr(&self.master)?
            .local_modes
            .contains(LocalModes::ECHO))
    }

    /// Waits until the program has ended by itself; gives its exit code and all that was shown.
    pub fn finish(mut self) -> Result<(i32, String)> {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if Instant::now() > deadline {
                bail!(
                    "it goes on; the terminal shows:\n{}",
                    self.screen.shown().all()
                );
            }
            std::thread::sleep(GLANCE);
        };
        if let Some(reader) = self.reader.take() {
            // It ends with the last holder of the terminal.
            let _ended = reader.join();
        }
        let shown = self.screen.shown().all();
        Ok((status.code().unwrap_or(-1), shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _killed = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn winsize((columns, rows): (u16, u16)) -> Winsize {
    Winsize {
        ws_row: rows,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

/// The program as the leader of a session that the terminal controls: `setsid` becomes it.
fn on_terminal(program: &Command, slave: &OwnedFd) -> Result<Command> {
    let mut command = Command::new("setsid");
    command
        .arg("--ctty")
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::from(slave.try_clone()?))
        .stdout(Stdio::from(slave.try_clone()?))
        .stderr(Stdio::from(slave.try_clone()?));
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    Ok(command)
}

/// Reads until nobody holds the other side any more, which Linux tells by an error (EIO).
fn copy(from: &mut File, screen: &Screen) {
    let mut buffer = [0; 4096];
    loop {
        let count = from.read(&mut buffer).unwrap_or(0);
        let mut shown = screen.shown();
        shown
            .text
            .extend_from_slice(buffer.get(..count).unwrap_or_default());
        shown.ended = count == 0;
        screen.changed.notify_all();
        if count == 0 {
            return;
        }
    }
}
