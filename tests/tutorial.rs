//! docs/tutorial.md, followed in an empty folder: every file and every command as it is printed, with the output that is printed.
//! Only the packages of this repository, which a reader has from a registry, come from here.
//!
//! `cargo test --workspace --all-features --test tutorial -- --ignored` follows it to its end, which takes minutes and the network: a
//! reader's crate is compiled with features that no other test has, and a deployment adds packages.
#![cfg(all(feature = "serve", unix))]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a reader does next.
enum Step {
    Write {
        file: String,
        text: String,
    },
    /// A command, and the lines that are printed below it.
    Run {
        command: String,
        output: Vec<String>,
    },
}

fn steps() -> Vec<Step> {
    let page = fs::read_to_string(root().join("docs/tutorial.md")).expect("a page");
    let mut steps = Vec::new();
    let mut block: Option<(String, String)> = None;
    for event in Parser::new(&page) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                block = Some((language.into_string(), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, block)) = &mut block {
                    block.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let (language, text) = block.take().expect("a block");
                steps.extend(steps_of(&language, text));
            }
            _ => {}
        }
    }
    steps
}

/// A file names itself in a comment of its first line.
fn steps_of(language: &str, text: String) -> Vec<Step> {
    let comment = match language {
        "console" => return commands(&text),
        "toml" => "# ",
        "rust" => "// ",
        other => panic!("what does a reader do with `{other}`?"),
    };
    let name = text.lines().next().and_then(|line| line.strip_prefix(comment));
    let file = name.unwrap_or_else(|| panic!("this file has no name:\n{text}")).to_owned();
    vec![Step::Write { file, text }]
}

fn commands(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => {
                steps.push(Step::Run { command: command.to_owned(), output: Vec::new() });
            }
            (None, Some(Step::Run { output, .. })) => output.push(line.to_owned()),
            (None, _) => panic!("no command prints `{line}`"),
        }
    }
    steps
}

/// Somebody in a folder, who has installed nothing but Rust.
struct Reader {
    /// Removed at the end.
    _home: TempDir,
    folder: PathBuf,
    variables: BTreeMap<String, String>,
    server: Option<Server>,
}

impl Reader {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let (generator, runtime) = (root(), root().join("runtime"));
        let packages = format!(
            "[patch.crates-io]\ndynamorm-generator = {{ path = {generator:?} }}\ndynamorm = {{ path = {runtime:?} }}\n"
        );
        fs::create_dir(home.path().join(".cargo")).expect("a folder");
        fs::write(home.path().join(".cargo/config.toml"), packages).expect("a file");
        let folder = home.path().join("empty");
        fs::create_dir(&folder).expect("a folder");
        // What is compiled for the tests is not compiled again.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a folder").display().to_string();
        let variables = BTreeMap::from([("CARGO_TARGET_DIR".to_owned(), target)]);
        Reader { _home: home, folder, variables, server: None }
    }

    fn follow(&mut self, step: &Step) {
        match step {
            Step::Write { file, text } => {
                let path = self.folder.join(file);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).expect("a file");
            }
            Step::Run { command, output } => self.run(command, output),
        }
    }

    fn run(&mut self, line: &str, output: &[String]) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["cd", folder] => self.folder.push(folder),
            ["export", assignments @ ..] => {
                for assignment in assignments {
                    let (name, value) = assignment.split_once('=').expect("a variable");
                    self.variables.insert(name.to_owned(), self.at_the_server(value));
                }
            }
            // The command was compiled together with this test.
            ["cargo", "install", "dynamorm-generator", "--features", "serve"] => {}
            ["dynamorm", "serve", ..] => {
                self.server = Some(Server::start(&self.folder, &words[1..]));
            }
            ["cargo", arguments @ ..] => {
                let printed = self.cargo(arguments);
                for expected in output {
                    assert!(printed.lines().any(|line| line == expected), "`{line}` prints:\n{printed}");
                }
                if arguments[0] == "new" {
                    let lock = self.folder.join(arguments.last().expect("a name")).join("Cargo.lock");
                    fs::copy(root().join("Cargo.lock"), lock).expect("a file");
                }
            }
            _ => panic!("what does a reader do with `{line}`?"),
        }
    }

    /// What a command prints that succeeds.
    fn cargo(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&self.folder)
            .envs(&self.variables)
            .output()
            .expect("cargo runs");
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        assert!(output.status.success(), "{arguments:?} prints:\n{printed}");
        printed
    }

    /// The server of the test has a port that nobody else uses.
    fn at_the_server(&self, value: &str) -> String {
        match &self.server {
            Some(server) => value.replace("http://127.0.0.1:8000", &server.url),
            None => value.to_owned(),
        }
    }
}

/// Ends with the test.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dynamorm"))
            .args(arguments)
            .args(["--port", "0"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command runs");
        let mut url = String::new();
        let output = process.stdout.as_mut().expect("an output");
        BufReader::new(output).read_line(&mut url).expect("it prints where it listens");
        Server { process, url: url.trim_end().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_declarations_of_the_tutorial_have_no_warning() {
    let mut count = 0;
    for step in steps() {
        if let Step::Write { file, text } = step
            && file == "models.toml"
        {
            let generated = dynamorm_generator::generate_str(&file, &text);
            let generated = generated.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(generated.warnings().warnings(), 0, "{}", generated.warnings());
            count += 1;
        }
    }
    assert_eq!(count, 2);
}

#[test]
#[ignore = "compiles for minutes, and needs the network"]
fn the_tutorial_works_to_its_end() {
    let mut reader = Reader::new();
    steps().iter().for_each(|step| reader.follow(step));
    assert!(reader.server.is_some(), "nothing was deployed");
}
