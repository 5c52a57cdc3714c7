//! The places of a path's parts in its text. The text alone does not tell, because a stored name may contain a dot or a bracket.

/// The parts of a path, as ranges of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PathParts(Vec<PartRange>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PartRange {
    start: usize,
    end: usize,
    is_position: bool,
}

/// One part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// A field, an entry of a map, or a variant.
    Name(&'a str),
    /// An element of a list or set.
    Position(usize),
}

impl PathParts {
    /// The parts of a path that is one name, or the value as a whole.
    pub(super) fn whole(path: &str) -> Self {
        let name = (!path.is_empty()).then_some(PartRange { start: 0, end: path.len(), is_position: false });
        PathParts(name.into_iter().collect())
    }

    /// Whether the first part is a name, which may be empty or look like a position.
    pub(super) fn begin_with_name(&self) -> bool {
        self.0.first().is_some_and(|step| !step.is_position)
    }

    /// The same parts after a position whose text has so many bytes, including a following separator.
    pub(super) fn behind_position(&self, digits: usize, shift: usize) -> Self {
        self.behind(PartRange { start: 1, end: 1 + digits, is_position: true }, shift)
    }

    /// The same parts after a name whose text has so many bytes, including a following separator.
    pub(super) fn behind_name(&self, length: usize, shift: usize) -> Self {
        self.behind(PartRange { start: 0, end: length, is_position: false }, shift)
    }

    fn behind(&self, first: PartRange, shift: usize) -> Self {
        let shifted =
            self.0.iter().map(|step| PartRange { start: step.start + shift, end: step.end + shift, ..*step });
        PathParts(std::iter::once(first).chain(shifted).collect())
    }

    pub(super) fn parts<'a>(&self, path: &'a str) -> impl Iterator<Item = Part<'a>> {
        self.0.iter().map(|step| {
            let text = path.get(step.start..step.end).unwrap_or_default();
            match text.parse() {
                Ok(position) if step.is_position => Part::Position(position),
                _ => Part::Name(text),
            }
        })
    }
}
