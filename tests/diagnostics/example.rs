//! What the explanation of a code shows: wrong declarations, what is found in them, and the corrected ones.

use std::fs;
use std::ops::Range;

use dynamorm_generator::{Code, Generator, Report};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// Codes about files as such, and about more than an example can hold. They are explained in words.
pub const IN_WORDS: [Code; 7] = [
    Code::FileMissing,
    Code::FileUnreadable,
    Code::FileIsDirectory,
    Code::FileNotUtf8,
    Code::FileTooLarge,
    Code::TooMany,
    Code::ProjectionTooLarge,
];

/// The codes whose explanation has an example.
pub fn codes() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| !IN_WORDS.contains(code))
}

/// Declarations as files by name; the generator is given `models.toml`.
pub type Declarations = Vec<(String, String)>;

/// The example of an explanation.
pub struct Example {
    pub wrong: Declarations,
    /// What a user sees, and where it stands in the explanation. It is missing while an explanation is being written.
    pub found: Option<(String, Range<usize>)>,
    pub right: Declarations,
}

/// A part of an example, which begins with a paragraph of its name and a colon.
#[derive(Clone, Copy)]
enum Part {
    Wrong,
    Found,
    Right,
}

impl Example {
    pub fn of(code: Code) -> Self {
        let mut example = Example { wrong: Vec::new(), found: None, right: Vec::new() };
        let mut part = None;
        let mut block: Option<(String, String, Range<usize>)> = None;
        for (event, range) in Parser::new(code.explanation()).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    block = Some((info.to_string(), String::new(), range));
                }
                Event::Text(text) => match (&mut block, &*text) {
                    (Some((_, content, _)), text) => content.push_str(text),
                    (None, "Wrong:") => part = Some(Part::Wrong),
                    (None, "Found:") => part = Some(Part::Found),
                    (None, "Right:") => part = Some(Part::Right),
                    (None, _) => {}
                },
                Event::End(TagEnd::CodeBlock) => {
                    let (info, content, range) = block.take().expect("a block that ends has begun");
                    let part = part.unwrap_or_else(|| panic!("{code}: a block stands before `Wrong:`"));
                    example.add(code, part, &info, content, range);
                }
                _ => {}
            }
        }
        example
    }

    fn add(&mut self, code: Code, part: Part, info: &str, content: String, range: Range<usize>) {
        let declarations = match part {
            Part::Wrong => &mut self.wrong,
            Part::Right => &mut self.right,
            Part::Found => {
                assert_eq!(info, "text", "{code}: what is found is text");
                self.found = Some((content, range));
                return;
            }
        };
        let name =
            info.strip_prefix("toml").unwrap_or_else(|| panic!("{code}: an example in `{info}`")).trim();
        declarations.push((if name.is_empty() { "models.toml" } else { name }.to_owned(), content));
    }
}

/// What is found in declarations, with the files' names as an explanation writes them, and whether they generate.
pub fn outcome(declarations: &Declarations) -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in declarations {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let (report, generates) = match Generator::new(folder.path().join("models.toml")).generate() {
        Ok(generated) => (generated.warnings().clone(), true),
        Err(error) => (error.report().expect("a report").clone(), false),
    };
    let folder = folder.path().join("").display().to_string();
    let shown = format!("{}\n", report.render(false).trim_end().replace(&folder, ""));
    Outcome { report, shown, generates }
}

/// What becomes of declarations.
pub struct Outcome {
    pub report: Report,
    /// The report as a user sees it.
    pub shown: String,
    pub generates: bool,
}
