//! DynamoDB Local does not outlive the process that started it, however that ends.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use test_support::can_run;

#[test]
fn the_server_stops_when_its_command_ends() {
    if !can_run("the_server_stops_when_its_command_ends") {
        return;
    }
    let mut starter = start();
    assert!(starter.server_listens());

    drop(starter.command_input.take());

    assert!(starter.process.wait().expect("the process ends").success());
    assert!(!starter.server_listens());
}

#[test]
fn the_server_stops_when_its_starter_is_killed() {
    if !can_run("the_server_stops_when_its_starter_is_killed") {
        return;
    }
    let mut starter = start();
    assert!(starter.server_listens());

    starter.process.kill().expect("the process is killed");
    starter.process.wait().expect("the process ends");

    let killed = Instant::now();
    while starter.server_listens() {
        assert!(killed.elapsed() < Duration::from_secs(10), "the server outlives its starter");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A process that has started a server, and waits for the end of its input.
struct Starter {
    process: Child,
    command_input: Option<ChildStdin>,
    address: String,
}

/// Starts one.
fn start() -> Starter {
    let mut process = Command::new(env!("CARGO_BIN_EXE_with-dynamodb-local"))
        .args(["sh", "-c", "echo \"$DYNAMORM_DYNAMODB_LOCAL_URL\"; cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the process starts");
    let mut url = String::new();
    BufReader::new(process.stdout.take().expect("standard output is piped"))
        .read_line(&mut url)
        .expect("the process prints the server's address");
    let address = url.trim().strip_prefix("http://").expect("the server has started").to_owned();
    let command_input = process.stdin.take();
    Starter { process, command_input, address }
}

impl Starter {
    fn server_listens(&self) -> bool {
        TcpStream::connect(&self.address).is_ok()
    }
}
