//! A service that answers as a test says: throttled, without rights, or not at all.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

/// Where a service listens until the test ends.
pub struct Service {
    pub endpoint: String,
}

/// What is answered to a request: a status and a body, or nothing.
pub type Answer = Option<(u16, Value)>;

impl Service {
    /// `answer` gets the name of an operation, and how many requests of it came before.
    pub fn start(answer: impl Fn(&str, usize) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            let mut known = Vec::new();
            let mut unanswered = Vec::new();
            for stream in listener.incoming().filter_map(Result::ok) {
                let operation = read(&stream);
                let before = known.iter().filter(|one| **one == operation).count();
                match answer(&operation, before) {
                    Some((status, body)) => write(&stream, status, &body.to_string()),
                    None => unanswered.push(stream),
                }
                known.push(operation);
            }
        });
        Service { endpoint }
    }
}

/// The error that DynamoDB has for a refused request.
pub fn refusal(code: &str, message: &str) -> Answer {
    let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Some((400, json!({ "__type": code, "message": message })))
}

/// Reads a request, and returns its operation.
fn read(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let (mut operation, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a request");
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "x-amz-target" => operation = value.rsplit('.').next().unwrap_or_default().to_owned(),
            "content-length" => length = value.parse().expect("a length"),
            _ => {}
        }
    }
    reader.read_exact(&mut vec![0; length]).expect("a body");
    operation
}

fn write(mut stream: &TcpStream, status: u16, body: &str) {
    let written = write!(
        stream,
        "HTTP/1.1 {status} Answer\r\nContent-Type: application/x-amz-json-1.0\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    written.expect("an answer is read");
}
