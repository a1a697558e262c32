//! `relayctl top` and `relayctl stats --watch` on a terminal, before a real relayd.

use std::process::Command;

use relay_tests::{
    harness::{Device, binary, eventually},
    load::send::Encryption,
    pty::{INTERRUPT, Terminal},
};

use crate::world::World;

/// No colour, the cursor, the screen from before.
const GIVEN_BACK: &str = "\x1b[0m\x1b[?25h\x1b[?1049l";
const ESCAPE: &str = "\x1b";
const ENTER: &str = "\r";

/// relayctl as the operator, in a locale of UTF-8.
fn relayctl(world: &World) -> Command {
    let mut command = Command::new(binary("relayctl").unwrap());
    command
        .env("HOME", world.folder.path())
        .env("LANG", "C.UTF-8")
        .env("RELAYCTL_SOCKET", world.folder.path().join("admin.sock"));
    command
}

fn enters(world: &World, arguments: &str, size: (u16, u16)) -> Terminal {
    let mut command = relayctl(world);
    command.args(arguments.split_ascii_whitespace());
    Terminal::start_sized(&command, size).unwrap()
}

fn sees(terminal: &Terminal, text: &str) -> String {
    let seen = terminal.expect_screen(|screen| screen.contains(text));
    seen.unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// It ended so, and the terminal is as it was.
fn ended(terminal: Terminal, code: i32) {
    eventually("echo", || Ok(terminal.echoes()?.then_some(()))).unwrap();
    let (ended, shown) = terminal.finish().unwrap();
    assert_eq!(ended, code, "{shown}");
    assert_eq!(
        shown.matches("\x1b[?1049h").count(),
        shown.matches(GIVEN_BACK).count()
    );
    assert!(shown.trim_end().ends_with(GIVEN_BACK), "{shown:?}");
}

fn signal(terminal: &Terminal, signal: &str) {
    let id = terminal.id().to_string();
    let status = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(status.success());
}

/// The letter of the process's state, as the kernel tells it.
fn is_stopped(terminal: &Terminal) -> bool {
    let file = format!("/proc/{}/stat", terminal.id());
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let (_, after) = text.rsplit_once(") ").unwrap_or_default();
    after.starts_with('T')
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_holds_and_releases_a_lane_and_reads_a_trace() {
    let world = World::new().await;
    let mut top = enters(&world, "top --interval 1", (80, 24));
    sees(&top, "acme");
    assert!(!top.echoes().unwrap());

    top.press("h").unwrap();
    sees(&top, "Hold acme? No mail of it leaves");
    top.press("n").unwrap();
    sees(&top, "Nothing was changed.");
    top.press("h").unwrap();
    sees(&top, "Hold acme?");
    top.press("y").unwrap();
    sees(&top, "The lane of acme is held");
    world.lane("held");

    let mail = world.submit("waits").await;
    sees(&top, "LANES  1 waiting");
    top.press(ENTER).unwrap();
    let trace = sees(&top, "from scanner@acme.example");
    assert!(
        trace.contains("mail 1 of 1") && trace.contains("held-by-operator"),
        "{trace}"
    );
    top.press("q").unwrap();
    sees(&top, "LANES");

    top.press("r").unwrap();
    sees(&top, "Release acme, held for held-by-operator?");
    top.press("y").unwrap();
    sees(&top, "The lane of acme was released");
    world.arrived(&[mail]).await;
    sees(&top, "LANES  0 waiting");
    top.press("q").unwrap();
    ended(top, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_filters_is_resized_and_outlives_relayd() {
    let mut world = World::new().await;
    let mut top = enters(&world, "top --interval 1", (80, 24));
    sees(&top, "Nothing was refused");
    let mut device = Device::connect(world.submission(), Encryption::Starttls)
        .await
        .unwrap();
    let reply = device.sign_in("guest", "wrong").await.unwrap();
    assert_eq!(reply.code, 535);
    let refused = sees(&top, "credentials-rejected");
    assert!(refused.contains("check both in the device"), "{refused}");

    top.press("/nobody").unwrap();
    sees(&top, "No lane matches");
    top.press(ESCAPE).unwrap();
    sees(&top, "acme");

    top.resize((40, 12)).unwrap();
    let small = top
        .expect_screen(|screen| screen.contains("? help") && screen.contains("LANES"))
        .unwrap();
    assert!(small.lines().count() <= 12, "{small}");
    assert!(small.contains("deferred 0  failed 0"), "{small}");
    top.resize((120, 30)).unwrap();
    sees(&top, "credentials-rejected");

    world.relayd.kill().unwrap();
    sees(&top, "reconnecting");
    world.relayd.start_again().unwrap();
    let back = |screen: &str| !screen.contains("reconnecting") && screen.contains("acme");
    top.expect_screen(back).unwrap();
    top.press(INTERRUPT).unwrap();
    ended(top, 130);
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_give_the_terminal_back_and_owners_see_their_account() {
    let world = World::new().await;
    let made = world
        .ctl
        .json("token create screen --account acme --read-only")
        .unwrap();
    let token = made["token"].as_str().or(made["secret"].as_str()).unwrap();
    let mut command = relayctl(&world);
    command
        .args(["top"])
        .env("RELAYCTL_TOKEN", token)
        .env("NO_COLOR", "1")
        .env("RELAYCTL_SOCKET", "")
        .env(
            "RELAYCTL_URL",
            format!("http://{}", world.relayd.api().unwrap()),
        );
    let mut top = Terminal::start_sized(&command, (40, 12)).unwrap();
    let first = sees(&top, "LANES");
    assert!(first.starts_with("acme"), "{first}");
    top.press("h").unwrap();
    sees(&top, "This token may only read.");

    top.press("\x1a").unwrap();
    eventually("a stop", || Ok(is_stopped(&top).then_some(()))).unwrap();
    assert!(top.echoes().unwrap());
    signal(&top, "-CONT");
    eventually("no echo", || Ok((!top.echoes()?).then_some(()))).unwrap();
    sees(&top, "LANES");
    signal(&top, "-TSTP");
    eventually("a stop", || Ok(is_stopped(&top).then_some(()))).unwrap();
    signal(&top, "-CONT");
    sees(&top, "LANES");
    signal(&top, "-TERM");
    ended(top, 143);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_come_again_and_again() {
    let world = World::new().await;
    let program = binary("relayctl").unwrap();
    let script = format!(
        "{} stats summary --watch 1 -o jsonl | head -n 2; exit ${{PIPESTATUS[0]}}",
        program.display()
    );
    let mut command = Command::new("bash");
    command.args(["-c", &script]);
    for (name, value) in relayctl(&world).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(output.stderr.is_empty(), "{:?}", output.stderr);

    let mut watch = enters(&world, "stats summary --watch 1", (80, 24));
    sees(&watch, "accepted");
    let mail = world.submit("counted").await;
    world.arrived(&[mail]).await;
    watch
        .expect_screen(|screen| {
            let lines = screen.lines();
            let mut delivered = lines.filter(|line| line.starts_with("delivered "));
            delivered.any(|line| line.split_whitespace().nth(1) == Some("1"))
        })
        .unwrap();
    assert_eq!(watch.screen().matches("delivered ").count(), 1);
    watch.press(INTERRUPT).unwrap();
    assert_eq!(watch.finish().unwrap().0, 130);
}
