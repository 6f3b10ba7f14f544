//! Why an office verb did not do what was asked. The words are made where the facts are known.

use std::path::Path;

use crate::{
    fault::Faults,
    text::{Text, office as say},
};

/// What every verb of the office returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Three kinds, since callers differ: refused is final, wrong use is the caller's, a broken machine may be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// What was asked is not allowed or does not hold. Nothing was changed.
    Refused(Text),
    /// Faults with places. Nothing was changed.
    Faults(Faults),
    /// A name, a key or an option is missing or unknown.
    Usage(Text),
    /// Disk or permission.
    Machine(Text),
}

impl Error {
    /// For `map_err`: an I/O error at `path`.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |e| Self::Machine(say::io(path.display(), &e))
    }

    /// The message in both languages.
    pub fn text(&self) -> Text {
        use crate::text::Lang;
        match self {
            Self::Refused(t) | Self::Usage(t) | Self::Machine(t) => t.clone(),
            Self::Faults(f) => Text { vi: f.to(Lang::Vi), en: f.to(Lang::En) },
        }
    }
}

impl std::fmt::Display for Error {
    /// English, for developers and logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for Error {}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}
