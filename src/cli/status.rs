//! The exit status, as a value.

/// How a command ended. Ordered by precedence: a failure outweighs a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    /// Nothing was found, or the answer is yes.
    Clean,
    /// Something was found, or the answer is not yes.
    Found,
    /// The command, or a part of it, could not be done.
    CouldNot,
}

impl Status {
    /// [`Status::Found`] where something was.
    pub(super) fn found_if(found: bool) -> Self {
        if found { Self::Found } else { Self::Clean }
    }

    /// The number that the process ends with.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::CouldNot => 2,
        }
    }
}
