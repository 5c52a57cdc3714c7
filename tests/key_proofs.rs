//! The proof that no two models have one key, against all keys of small values: nothing is passed over in silence, every key
//! that it shows is one that both models can have, and what reads keys that begin alike tells their models apart.
//!
//! `DYNAMORM_PROOFS` is the number of pairs of models, `DYNAMORM_SEED` another choice of them.

use dynamorm_generator::{Code, Generated, generate_str};
use fastrand::Rng;

/// A part of a template: a field, and the text behind it.
#[derive(Clone, Debug)]
struct Part {
    form: Form,
    literal: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Text,
    Escaped,
    Digit,
    /// A number of as many digits as it has.
    Plain,
    Variant,
    /// The first character of a text, or nothing of an empty one.
    Beginning,
    /// A text in upper case.
    Upper,
    /// One of twelve shards.
    Shard,
}

#[derive(Clone, Debug)]
struct Template {
    begin: String,
    parts: Vec<Part>,
}

const VARIANTS: [&str; 3] = ["a", "ab", "0"];

impl Template {
    fn random(rng: &mut Rng, escape: bool) -> Self {
        let literal = |rng: &mut Rng| {
            let literals = ["#", "a", "a#", "##", "0", "ab", "%"];
            rng.choice(literals).unwrap().to_owned()
        };
        let count = rng.usize(0..3);
        let mut begin = if rng.bool() { literal(rng) } else { String::new() };
        if count == 0 && begin.is_empty() {
            begin = literal(rng);
        }
        let mut parts = Vec::new();
        for number in 0..count {
            let is_last = number + 1 == count;
            let form = match rng.u8(0..8) {
                0 => Form::Digit,
                1 => Form::Variant,
                2 => Form::Beginning,
                3 => Form::Plain,
                4 => Form::Upper,
                5 if parts.iter().all(|part: &Part| part.form != Form::Shard) => Form::Shard,
                _ if escape && !is_last => Form::Escaped,
                _ => Form::Text,
            };
            let literal = if is_last && rng.bool() { String::new() } else { literal(rng) };
            // Digits end before another digit nowhere.
            let form = if form == Form::Plain && literal.starts_with('0') { Form::Digit } else { form };
            // Text with something behind it is not the last piece of its template.
            let form = if form == Form::Text && escape && !literal.is_empty() { Form::Escaped } else { form };
            parts.push(Part { form, literal });
        }
        Template { begin, parts }
    }

    fn declared(&self) -> String {
        let mut text = self.begin.clone();
        for (number, part) in self.parts.iter().enumerate() {
            let format = match part.form {
                Form::Digit => ":1",
                Form::Plain => ":plain",
                Form::Beginning => ":prefix(1)",
                Form::Upper => ":upper",
                Form::Shard => ":shard(12)",
                Form::Text | Form::Escaped | Form::Variant => "",
            };
            text.push_str(&format!("{{f{number}{format}}}{}", part.literal));
        }
        text
    }

    fn schema(&self) -> String {
        let fields = self.parts.iter().enumerate().map(|(number, part)| {
            let kind = match part.form {
                Form::Text | Form::Escaped | Form::Beginning | Form::Upper | Form::Shard => "string",
                Form::Digit | Form::Plain => "u8",
                Form::Variant => "Letter",
            };
            format!("f{number} = \"{kind}\"\n")
        });
        fields.chain(["other = \"string\"\n".to_owned()]).collect()
    }

    /// The keys of all values that have two characters at most.
    fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.begin.clone()];
        for part in &self.parts {
            let values = part.values();
            keys = keys
                .iter()
                .flat_map(|key| values.iter().map(move |value| format!("{key}{value}{}", part.literal)))
                .collect();
        }
        keys
    }

    /// Whether some values have this key.
    fn has(&self, key: &str) -> bool {
        key.strip_prefix(&self.begin).is_some_and(|rest| ends(&self.parts, rest))
    }
}

fn ends(parts: &[Part], key: &str) -> bool {
    let Some((part, others)) = parts.split_first() else { return key.is_empty() };
    let places = key.char_indices().map(|(place, _)| place).chain([key.len()]);
    places
        .filter(|place| part.holds(&key[..*place]))
        .any(|place| key[place..].strip_prefix(&part.literal).is_some_and(|rest| ends(others, rest)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Part {
    fn delimiter(&self) -> Option<char> {
        self.literal.chars().next()
    }

    fn values(&self) -> Vec<String> {
        match self.form {
            Form::Variant => VARIANTS.map(str::to_owned).to_vec(),
            Form::Shard => (0..12).map(|shard| format!("{shard:02}")).collect(),
            _ => {
                let alphabet = ["", "#", "a", "b", "0", "%"];
                let texts =
                    alphabet.iter().flat_map(|one| alphabet.iter().map(move |two| format!("{one}{two}")));
                match self.form {
                    Form::Escaped => texts.map(|text| self.escaped(&text)).collect(),
                    _ => texts.filter(|text| self.holds(text)).collect(),
                }
            }
        }
    }

    /// Whether some value is written so.
    fn holds(&self, text: &str) -> bool {
        match self.form {
            Form::Text => self.delimiter().is_none_or(|delimiter| !text.contains(delimiter)),
            Form::Plain => text == "0" || text.len() <= 3 && !text.starts_with('0') && is_digits(text),
            Form::Beginning => {
                text.chars().count() <= 1
                    && self.delimiter().is_none_or(|delimiter| !text.contains(delimiter))
            }
            Form::Upper => {
                let is_own = |character: char| character.to_uppercase().eq([character]);
                text.chars().all(is_own) && self.delimiter().is_none_or(|delimiter| !text.contains(delimiter))
            }
            Form::Shard => text.len() == 2 && is_digits(text) && text < "12",
            Form::Digit => text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_digit()),
            Form::Variant => VARIANTS.contains(&text),
            Form::Escaped => {
                let delimiter = self.delimiter().unwrap();
                let code = format!("%{:02X}", u32::from(delimiter));
                let value = text.replace(&code, &delimiter.to_string()).replace("%25", "%");
                !text.contains(delimiter) && self.escaped(&value) == text
            }
        }
    }

    fn escaped(&self, value: &str) -> String {
        let delimiter = self.delimiter().unwrap();
        let written = |character: char| match character {
            _ if character == '%' || character == delimiter => format!("%{:02X}", u32::from(character)),
            _ => character.to_string(),
        };
        value.chars().map(written).collect()
    }
}

fn declarations(one: &Template, two: &Template, escape: bool) -> String {
    let model = |name: &str, template: &Template| {
        let (declared, schema) = (template.declared(), template.schema());
        let lossy = template.parts.iter().any(|part| matches!(part.form, Form::Beginning | Form::Upper));
        format!(
            "[model.{name}]\ntable = \"keys\"\n\
             key = {{ partition_key = \"{declared}\", escape = {escape}, lossy = {lossy} }}\n\
             [model.{name}.schema]\n{schema}"
        )
    };
    let variants =
        VARIANTS.map(|variant| format!("{{ name = \"{variant}\", rust_name = \"V{variant}\" }}")).join(", ");
    format!(
        "[table.keys]\npartition_key = \"pk\"\n{}{}[enum.Letter]\nvariants = [{variants}]\n",
        model("One", one),
        model("Two", two)
    )
}

/// The key that the generator says two models have in common.
fn finding(text: &str) -> Option<String> {
    let error = generate_str("models.toml", text).err()?;
    let found =
        error.report().expect("a report").diagnostics().iter().find(|one| one.code == Code::KeysConflict)?;
    let (_, key) = found.message.split_once("pk = ").expect("a key is shown");
    Some(serde_json::from_str(key).expect("a text"))
}

/// Whether the scans of each model tell apart what they read, by its name.
fn tells_apart(generated: &Generated, model: &str) -> bool {
    generated.files()[&format!("{model}.rs")].contains(".among_alike()")
}

#[test]
fn the_proof_misses_no_key_and_shows_real_ones() {
    let number = |variable: &str, default: u64| {
        std::env::var(variable).ok().map_or(default, |text| text.parse().expect("a number"))
    };
    let mut rng = Rng::with_seed(number("DYNAMORM_SEED", 1));
    let (mut conflicting, mut alike, mut apart) = (0, 0, 0);
    for _ in 0..number("DYNAMORM_PROOFS", 500) {
        let escape = rng.bool();
        let (one, two) = (Template::random(&mut rng, escape), Template::random(&mut rng, escape));
        let text = declarations(&one, &two, escape);
        let begins = |template: &Template, key: &str| match template.parts.as_slice() {
            [] => key == template.begin,
            _ => key.starts_with(&template.begin),
        };
        let shared = one.keys().into_iter().find(|key| !key.is_empty() && two.has(key));
        let shared = shared.or_else(|| two.keys().into_iter().find(|key| !key.is_empty() && one.has(key)));
        if let Some(key) = finding(&text) {
            conflicting += 1;
            assert!(!key.is_empty() && one.has(&key) && two.has(&key), "{key:?} is no key of both\n{text}");
            continue;
        }
        let Ok(generated) = generate_str("models.toml", &text) else { continue };
        assert_eq!(shared, None, "both have it\n{text}");
        let captured = two.keys().into_iter().find(|key| begins(&one, key));
        let captured = captured.or_else(|| one.keys().into_iter().find(|key| begins(&two, key)));
        let told = ["one", "two"].map(|model| tells_apart(&generated, model));
        assert_eq!(told[0], told[1], "one of them alone is told apart\n{text}");
        assert!(told[0] || captured.is_none(), "a read captures {captured:?}\n{text}");
        *if told[0] { &mut alike } else { &mut apart } += 1;
    }
    assert!(conflicting > 20 && alike > 20 && apart > 20, "{conflicting} {alike} {apart}");
}
