//! Who may ask for what. Pure: [`allows`] is the whole of it, and every route names its rule in `routes`.

use serde::{Deserialize, Serialize};

use crate::text::{Text, hub as say};

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the hub for the province: accounts, areas, stations.
    Admin,
    /// Brings recordings.
    Editor,
    /// Approves them.
    Approver,
    /// An area's office: schedules of its area, its communes.
    Area,
    /// Reviews what aired, anywhere below its area.
    Inspector,
    /// Of one commune: sees its own stations.
    Operator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Admin, Self::Editor, Self::Approver, Self::Area, Self::Inspector, Self::Operator];

    /// As stored and typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Approver => "approver",
            Self::Area => "area",
            Self::Inspector => "inspector",
            Self::Operator => "operator",
        }
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// As people call it.
    pub fn name(self) -> Text {
        match self {
            Self::Admin => say::role_admin(),
            Self::Editor => say::role_editor(),
            Self::Approver => say::role_approver(),
            Self::Area => say::role_area(),
            Self::Inspector => say::role_inspector(),
            Self::Operator => say::role_operator(),
        }
    }
}

/// What a route asks of whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Nobody needs to log in: the feed, the login page, what a load balancer asks.
    Public,
    /// Whoever has an account. What is shown is cut to its area.
    Anyone,
    /// Whoever has an account and sits at a browser: a token, which may be stolen, makes no other and ends no session.
    Person,
    /// These roles. What is shown is cut to the account's area.
    Only(&'static [Role]),
    /// A station that proves its key with its request; no account.
    Station,
}

/// Who asks, as far as rules care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// No session and no token.
    Stranger,
    /// An account, in a browser.
    Account(Role),
    /// A token of an account.
    Token(Role),
    /// A station whose signature on the request was good.
    Station,
}

/// Whether `asker` may pass.
pub fn allows(rule: Rule, asker: Asker) -> bool {
    match (rule, asker) {
        (Rule::Public, _)
        | (Rule::Anyone, Asker::Account(_) | Asker::Token(_))
        | (Rule::Person, Asker::Account(_))
        | (Rule::Station, Asker::Station) => true,
        (Rule::Only(roles), Asker::Account(role) | Asker::Token(role)) => roles.contains(&role),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_passes_only_what_is_public() {
        for rule in [Rule::Anyone, Rule::Person, Rule::Only(&Role::ALL), Rule::Station] {
            assert!(!allows(rule, Asker::Stranger), "{rule:?}");
        }
        assert!(allows(Rule::Public, Asker::Stranger));
    }

    #[test]
    fn an_account_is_no_station_and_a_station_no_account() {
        for role in Role::ALL {
            assert!(!allows(Rule::Station, Asker::Account(role)));
            assert!(!allows(Rule::Station, Asker::Token(role)));
            assert!(!allows(Rule::Person, Asker::Token(role)) && allows(Rule::Person, Asker::Account(role)));
        }
        assert!(!allows(Rule::Anyone, Asker::Station));
        assert!(!allows(Rule::Only(&Role::ALL), Asker::Station));
    }

    #[test]
    fn each_role_has_a_word_of_its_own() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.word()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
