//! Ctrl-C. Each test runs in a process of its own, because the signal is for a whole process.
#![cfg(unix)]

use std::env;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use docdrift_fetch::Settings;
use docdrift_testkit::LoopbackServer;

use crate::outcomes::routes;
use crate::setup::{local, patient, run, words};

const SERVER_VARIABLE: &str = "DOCDRIFT_TEST_SERVER";

/// Runs the ignored test `name` of this file against `server`.
fn start_test(name: &str, server: &LoopbackServer) -> Child {
    let arguments = ["--exact", name, "--ignored", "--nocapture"];
    let mut command = Command::new(env::current_exe().expect("a program"));
    command.args(arguments).env(SERVER_VARIABLE, server.url("")).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("a process")
}

fn wait_for(server: &LoopbackServer, path: &str) {
    while !server.paths().iter().any(|requested| requested == path) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn press_ctrl_c(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a process");
    assert!(sent.success());
}

fn wait_for_line(child: &mut Child, line: &str) {
    let output = BufReader::new(child.stdout.take().expect("piped"));
    assert!(output.lines().any(|found| found.expect("text").ends_with(line)), "{line} is not printed");
}

fn is_killed_by_ctrl_c(status: ExitStatus) -> bool {
    status.signal() == Some(2)
}

fn url(path: &str) -> String {
    env::var(SERVER_VARIABLE).expect("a server") + path
}

#[test]
fn ctrl_c_ends_a_run_and_keeps_what_was_fetched() {
    let server = LoopbackServer::start(routes);
    let mut child = start_test("interrupt::inner_ended", &server);
    wait_for(&server, "/silent");
    press_ctrl_c(&child);
    assert!(child.wait().unwrap().success());
    assert_eq!(server.paths(), ["/ok", "/silent"]);
}

#[test]
#[ignore = "run by ctrl_c_ends_a_run_and_keeps_what_was_fetched"]
fn inner_ended() {
    let start = Instant::now();
    let fetched = run(&["/ok", "/silent", "/ok"].map(|path| local(url(path))), &patient());
    assert_eq!(words(&fetched), ["fresh", "interrupted", "interrupted"]);
    assert!(fetched.interrupted);
    assert!(start.elapsed() < patient().read_timeout, "it did not wait for the silent server");
}

#[test]
fn a_request_in_progress_may_finish_after_ctrl_c() {
    let server = LoopbackServer::start(|request| match request.path.as_str() {
        "/slow" => {
            std::thread::sleep(Duration::from_millis(150));
            crate::setup::page()
        }
        _ => crate::setup::page(),
    });
    let mut child = start_test("interrupt::inner_in_progress", &server);
    wait_for(&server, "/slow");
    press_ctrl_c(&child);
    assert!(child.wait().unwrap().success());
    assert_eq!(server.paths(), ["/slow"]);
}

#[test]
#[ignore = "run by a_request_in_progress_may_finish_after_ctrl_c"]
fn inner_in_progress() {
    let settings = Settings { interval: Duration::from_secs(1000), ..patient() };
    let fetched = run(&["/slow", "/never"].map(|path| local(url(path))), &settings);
    assert_eq!(words(&fetched), ["fresh", "interrupted"]);
}

#[test]
fn a_second_ctrl_c_ends_the_process() {
    let server = LoopbackServer::start(routes);
    let mut child = start_test("interrupt::inner_ended", &server);
    wait_for(&server, "/silent");
    press_ctrl_c(&child);
    press_ctrl_c(&child);
    // Two signals at the same time may arrive as one.
    while child.try_wait().unwrap().is_none() {
        press_ctrl_c(&child);
    }
    let status = child.wait().unwrap();
    assert!(is_killed_by_ctrl_c(status), "{status:?}");
}

#[test]
fn ctrl_c_after_a_run_ends_the_process() {
    let server = LoopbackServer::start(routes);
    let mut child = start_test("interrupt::inner_after", &server);
    wait_for_line(&mut child, "the run is over");
    press_ctrl_c(&child);
    let status = child.wait().unwrap();
    assert!(is_killed_by_ctrl_c(status), "{status:?}");
}

#[test]
#[ignore = "run by ctrl_c_after_a_run_ends_the_process"]
fn inner_after() {
    assert_eq!(words(&run(&[local(url("/ok"))], &patient())), ["fresh"]);
    println!("the run is over");
    std::thread::sleep(Duration::from_mins(1));
}
