//! The name under which an attribute was read, if it has several.

/// The names under which the attributes of one value were read so far.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct ReadNames(Vec<(&'static str, usize)>);

impl ReadNames {
    /// Notes that the attribute exists under its own name, which counts before any other.
    pub fn own(&mut self, attribute: &'static str, _rank: usize) {
        self.takes(attribute, 0);
    }

    /// Whether to read the attribute under a further name: true if none that counts before it was found so far.
    pub fn takes(&mut self, attribute: &'static str, rank: usize) -> bool {
        match self.0.iter_mut().find(|(known, _)| *known == attribute) {
            Some((_, known)) if *known <= rank => false,
            Some((_, known)) => {
                *known = rank;
                true
            }
            None => {
                self.0.push((attribute, rank));
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ReadNames;

    #[test]
    fn the_first_name_counts_in_whatever_order_they_come() {
        let mut names = ReadNames::default();
        assert!(names.takes("a", 2));
        assert!(names.takes("a", 1));
        assert!(!names.takes("a", 2));
        names.own("a", 1);
        assert!(!names.takes("a", 1));
        assert!(names.takes("b", 3));
    }
}
