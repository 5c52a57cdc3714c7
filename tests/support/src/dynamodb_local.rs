//! AWS's DynamoDB Local: started once per test process, gone when the process is.

use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The environment variable that names a server that runs already, such as `http://127.0.0.1:8000`.
pub const URL_VARIABLE: &str = "DYNAMORM_DYNAMODB_LOCAL_URL";

/// The environment variable that names the folder of `DynamoDBLocal.jar`.
const HOME_VARIABLE: &str = "DYNAMORM_DYNAMODB_LOCAL_HOME";

/// A slow machine under load needs some ten seconds.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// How often another port is tried, where somebody else took the free one first.
const START_ATTEMPTS: usize = 3;

/// Runs the command that it is given, and kills it once standard input ends or a signal asks it to stop. Standard
/// input ends when the process that holds its other end is gone, however it ended: killed, aborted or done.
/// Being the server's parent, it never kills a process that took over the server's id.
const KEEPER: &str = r#"
trap : HUP INT TERM
"$@" </dev/null 2>&1 &
server=$!
exec >/dev/null 2>&1
read -r line
kill -KILL "$server"
wait "$server"
"#;

/// A DynamoDB Local that keeps everything in memory, a database per access key and region.
///
/// It stops when this value is dropped, and at the latest when this process ends. It listens on all network
/// interfaces, because it has no option for fewer. A POSIX shell and Java 17 or later are needed.
#[derive(Debug)]
pub struct Server {
    url: String,
    keeper: Child,
    output: Output,
}

/// The address of the server of this test process: the one that `DYNAMORM_DYNAMODB_LOCAL_URL` names, or else one that
/// the first call starts.
///
/// # Panics
///
/// If the server does not start.
pub(crate) fn url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    // Never dropped: it stops because the process does.
    static SERVER: OnceLock<Server> = OnceLock::new();
    URL.get_or_init(|| match env::var(URL_VARIABLE) {
        Ok(url) => url,
        Err(_) => {
            SERVER.get_or_init(|| Server::start().unwrap_or_else(|error| panic!("{error}"))).url().to_owned()
        }
    })
}

impl Server {
    /// Starts a server on a free port, and waits until it answers.
    ///
    /// # Errors
    ///
    /// If the jar or Java is missing, or the server fails or does not answer within a minute.
    pub fn start() -> io::Result<Server> {
        let home = home()?;
        let mut attempt = 1;
        loop {
            let port = free_port()?;
            let server = Server::spawn(&home, port)?;
            match server.wait_until_it_answers(port) {
                Err(error) if error.kind() == ErrorKind::AddrInUse && attempt < START_ATTEMPTS => {
                    attempt += 1
                }
                Err(error) => return Err(error),
                Ok(()) => return Ok(server),
            }
        }
    }

    /// The address that clients send requests to.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn spawn(home: &Path, port: u16) -> io::Result<Server> {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "dynamodb-local"])
            .args(["java", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"])
            .args(["-inMemory", "-disableTelemetry", "-port", &port.to_string()])
            .current_dir(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = Output::read(keeper.stdout.take().expect("standard output is piped"));
        Ok(Server { url: format!("http://{}:{port}", Ipv4Addr::LOCALHOST), keeper, output })
    }

    fn wait_until_it_answers(&self, port: u16) -> io::Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        while !answers(port) {
            // A server that cannot bind its port does not end: it has to be told by what it prints.
            if self.output.text().contains("BindException") {
                return Err(self.failure(ErrorKind::AddrInUse, "found its port taken"));
            }
            if self.output.ended() {
                return Err(self.failure(ErrorKind::Other, "ended at once; it needs Java 17 or later"));
            }
            if Instant::now() > deadline {
                return Err(self.failure(ErrorKind::TimedOut, "has not answered for a minute"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn failure(&self, kind: ErrorKind, what: &str) -> io::Error {
        io::Error::new(kind, format!("DynamoDB Local {what}:\n{}", self.output.text()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It fails only if somebody else has waited for it: then it is gone as well.
        let _ = self.keeper.wait();
    }
}

/// What the server prints, read as it comes, so that it never waits for a reader.
#[derive(Debug)]
struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Output {
    fn read(mut source: ChildStdout) -> Output {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(length @ 1..) = source.read(&mut chunk) {
                let mut bytes = shared.lock().unwrap_or_else(PoisonError::into_inner);
                bytes.extend_from_slice(&chunk[..length]);
            }
        });
        Output { bytes, reader }
    }

    fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether the server has closed its output, as it does when it ends.
    fn ended(&self) -> bool {
        self.reader.is_finished()
    }
}

/// The folder of the jar.
fn home() -> io::Result<PathBuf> {
    let home = match env::var_os(HOME_VARIABLE) {
        Some(home) => PathBuf::from(home),
        None => [env!("CARGO_MANIFEST_DIR"), "..", "..", "target", "dynamodb-local"].iter().collect(),
    };
    if home.join("DynamoDBLocal.jar").is_file() {
        Ok(home)
    } else {
        Err(io::Error::new(
            ErrorKind::NotFound,
            format!(
                "there is no DynamoDBLocal.jar in {}: fetch it with `.ci/fetch-dynamodb-local`, \
                 or name its folder in {HOME_VARIABLE}",
                home.display()
            ),
        ))
    }
}

/// A port that is free now, on every interface, because the server listens on all of them.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))?.local_addr()?.port())
}

/// Whether an HTTP server answers there.
fn answers(port: u16) -> bool {
    let request = || -> io::Result<bool> {
        let timeout = Duration::from_secs(1);
        let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), timeout)?;
        stream.set_read_timeout(Some(timeout))?;
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        Ok(&start == b"HTTP/")
    };
    request().unwrap_or(false)
}
