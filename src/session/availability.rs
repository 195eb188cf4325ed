//! Whether Burn's program can be loaded, as `reference.json` says: `scripts/build` and `scripts/serve` write it.

use serde::Deserialize;

/// Whether Burn's program can be loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Availability {
    /// Its files are there.
    Ready,
    /// It is being compiled.
    Building,
    /// It was compiled, and that failed.
    Failed,
    /// The page in one file leaves it out.
    Absent,
    /// There is no answer yet, or none that can be read. Choosing Burn will say what is wrong, if anything is.
    #[default]
    #[serde(skip)]
    Unknown,
}

impl Availability {
    /// What the bytes of `reference.json` say; none when they could not be fetched.
    pub fn of_file(bytes: Option<&[u8]>) -> Self {
        #[derive(Deserialize)]
        struct Reference {
            state: Availability,
        }
        let parsed = bytes.and_then(|bytes| serde_json::from_slice::<Reference>(bytes).ok());
        parsed.map_or(Self::Unknown, |reference| reference.state)
    }

    /// Whether Burn can be chosen.
    pub fn is_offered(self) -> bool {
        matches!(self, Self::Ready | Self::Unknown)
    }

    /// What stands in its place in the list of programs.
    pub fn text(self) -> &'static str {
        match self {
            Self::Ready | Self::Unknown => "Burn, the reference",
            Self::Building => "Burn is being built",
            Self::Failed => "Burn could not be built",
            Self::Absent => "Burn is not in this file",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_whether_burn_can_be_chosen() {
        for (text, availability) in [
            (r#"{"state":"ready"}"#, Availability::Ready),
            (
                r#"{"state":"building","seconds":240}"#,
                Availability::Building,
            ),
            (r#"{"state":"failed"}"#, Availability::Failed),
            (r#"{"state":"absent"}"#, Availability::Absent),
            (r#"{"state":"other"}"#, Availability::Unknown),
            ("<html>", Availability::Unknown),
        ] {
            let found = Availability::of_file(Some(text.as_bytes()));
            assert_eq!(found, availability, "{text}");
        }
        assert_eq!(Availability::of_file(None), Availability::Unknown);
    }
}
