//! `dynamorm serve` as a process that tests talk to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A server, killed at the latest when the test ends.
pub struct Server {
    pub child: Child,
    /// `127.0.0.1:8000`
    pub address: String,
}

impl Server {
    pub fn start(folder: &TempDir, arguments: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dynamorm"))
            .args(["serve", "--port", "0"])
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.as_mut().expect("an output"));
        output.read_line(&mut line).expect("the command prints");
        let address = line.trim_end().strip_prefix("http://").expect("an address").to_owned();
        Server { child, address }
    }

    /// Sends a request as any SDK does.
    pub fn send(&self, operation: &str, body: &Value) -> Value {
        let body = body.to_string();
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\n\
             X-Amz-Target: DynamoDB_20120810.{operation}\r\nX-Amz-Date: 20240101T000000Z\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=any/20240101/eu-central-1/dynamodb/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=any\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let body = answer.split_once("\r\n\r\n").expect("an answer has a body").1;
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
