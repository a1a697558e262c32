//! The terminal while a screen is shown, and how it was before: given back whatever happens.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::error::Failure;

/// The other screen, wiped; no cursor.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[0m\x1b[2J\x1b[H";
/// No colour; the cursor; the screen from before.
const LEAVE: &[u8] = b"\x1b[0m\x1b[?25h\x1b[?1049l";

/// A terminal that shows a screen until this is dropped. A panic of any thread gives it back, too,
/// before it says anything.
pub(super) struct Screen(Arc<Place>);

struct Place {
    terminal: OwnedFd,
    before: Termios,
    is_entered: AtomicBool,
}

impl Screen {
    /// Takes the terminal over: keys come one by one, without echo, and none becomes a signal.
    pub(super) fn enter(terminal: &impl AsFd) -> Result<Self, Failure> {
        let terminal = terminal.as_fd().try_clone_to_owned().map_err(unusable)?;
        let before = tcgetattr(&terminal).map_err(unusable)?;
        let place = Arc::new(Place {
            terminal,
            before,
            is_entered: AtomicBool::new(false),
        });
        let screen = Self(place);
        screen.again()?;
        give_back_in_panics(Arc::clone(&screen.0));
        Ok(screen)
    }

    /// Shows the screen again after [`Self::leave`].
    pub(super) fn again(&self) -> Result<(), Failure> {
        let mut raw = self.0.before.clone();
        raw.make_raw();
        self.0.is_entered.store(true, Ordering::SeqCst);
        tcsetattr(&self.0.terminal, OptionalActions::Now, &raw).map_err(unusable)?;
        self.0.write(ENTER);
        Ok(())
    }

    /// Gives the terminal back.
    pub(super) fn leave(&self) {
        self.0.give_back();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Place {
    /// Only the first call after the screen was taken does anything.
    fn give_back(&self) {
        if self.is_entered.swap(false, Ordering::SeqCst) {
            self.write(LEAVE);
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        }
    }

    /// Not through stdout, whose lock may be held by whoever panics.
    fn write(&self, mut bytes: &[u8]) {
        while let Ok(count @ 1..) = rustix::io::write(&self.terminal, bytes) {
            bytes = bytes.get(count..).unwrap_or_default();
        }
    }
}

/// The terminal does not do what it has to.
pub(super) fn unusable(error: impl Into<std::io::Error>) -> Failure {
    Failure::local("the terminal cannot be used", &error.into())
}

/// A panic of any thread ends the program: what it says stands on the screen from before.
fn give_back_in_panics(place: Arc<Place>) {
    let say = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        place.give_back();
        say(panic);
    }));
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read as _;

    use rustix::fs::{Mode, OFlags};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::LocalModes;

    use super::*;
    use crate::fault::ended;

    /// Both sides of a terminal.
    fn terminal() -> (File, OwnedFd) {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        (File::from(ours), theirs)
    }

    fn modes(terminal: &OwnedFd) -> LocalModes {
        tcgetattr(terminal).unwrap().local_modes
    }

    /// What was written is just this, and nothing after it.
    fn shows(ours: &mut File, theirs: &OwnedFd, parts: &[&[u8]]) {
        rustix::io::write(theirs, b"end").unwrap();
        let expected = [&parts.concat()[..], b"end"].concat();
        let mut bytes = vec![0; expected.len()];
        ours.read_exact(&mut bytes).unwrap();
        assert_eq!(bytes, expected);
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_speaks() {
        let (mut ours, theirs) = terminal();
        let before = modes(&theirs);
        let watched = theirs.try_clone().unwrap();
        let spoken = Arc::new(std::sync::Mutex::new(None));
        let heard = Arc::clone(&spoken);
        std::panic::set_hook(Box::new(move |_| {
            *heard.lock().unwrap() = Some(modes(&watched));
        }));
        let result = std::panic::catch_unwind(|| {
            let _screen = Screen::enter(&theirs).unwrap();
            assert!(!modes(&theirs).contains(LocalModes::ECHO));
            assert!(!modes(&theirs).contains(LocalModes::ISIG));
            panic!("in the middle of a picture");
        });
        assert!(result.is_err());
        assert_eq!(*spoken.lock().unwrap(), Some(before));
        assert_eq!(modes(&theirs), before);
        // Once: what the shell shows next is not wiped.
        shows(&mut ours, &theirs, &[ENTER, LEAVE]);
    }

    #[test]
    fn a_screen_is_left_and_taken_again() {
        let (mut ours, theirs) = terminal();
        let screen = Screen::enter(&theirs).unwrap();
        screen.leave();
        screen.again().unwrap();
        drop(screen);
        shows(&mut ours, &theirs, &[ENTER, LEAVE, ENTER, LEAVE]);
    }

    /// What the process does that the test below starts.
    fn panic_elsewhere() {
        crate::fault::report_panics(false);
        let _screen = Screen::enter(&std::io::stdin()).unwrap();
        let other = std::thread::spawn(|| panic!("elsewhere"));
        let _ = other.join();
    }

    #[test]
    fn a_panic_of_another_thread_gives_the_terminal_back_too() {
        let name = "commands::top::screen::tests::\
                    a_panic_of_another_thread_gives_the_terminal_back_too";
        let Some(mut process) = ended::process(name) else {
            return panic_elsewhere();
        };
        let (mut ours, theirs) = terminal();
        let before = modes(&theirs);
        let output = process.stdin(theirs.try_clone().unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("error: relayctl has a fault"), "{text}");
        assert_eq!(modes(&theirs), before);
        shows(&mut ours, &theirs, &[ENTER, LEAVE]);
    }
}
