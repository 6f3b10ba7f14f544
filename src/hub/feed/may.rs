//! Whose draft is whose. Pure. What counts in the end is who signed; this keeps offices out of each other's way, and a
//! stolen token to its own corner.

use crate::{
    feed::roles::area_role,
    hub::{rule::Role, who::Person},
    ids::AreaId,
};

/// The accounts that have to do with drafts at all.
pub const ROLES: &[Role] = &[Role::Admin, Role::Editor, Role::Approver, Role::Area];

/// Whether `person` may hand over drafts of `role`, the contents that they list, and ask to publish them.
pub fn write(person: &Person, role: &str) -> bool {
    match person.role {
        Role::Admin => true,
        Role::Editor | Role::Approver => {
            matches!(role, "bulletins" | "urgent-audio" | "urgent" | "withdrawals")
        }
        Role::Area => person.area.parse::<AreaId>().is_ok_and(|area| area_role(&area) == role),
        Role::Inspector | Role::Operator => false,
    }
}

/// Whether `person` may see drafts of `role`: who names keys may concern everybody.
pub fn read(person: &Person, role: &str) -> bool {
    match person.role {
        Role::Admin | Role::Editor | Role::Approver => true,
        Role::Area => write(person, role) || matches!(role, "root" | "targets"),
        Role::Inspector | Role::Operator => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(role: Role, area: &str) -> Person {
        Person { login: "a".into(), name: "A".into(), role, area: area.into(), session: None, first: false }
    }

    #[test]
    fn an_area_office_hands_over_its_own_list_and_no_other() {
        let area = person(Role::Area, "yen-the");
        assert!(write(&area, "area-yen-the") && read(&area, "area-yen-the"));
        for other in
            ["area-son-dong", "area-yen-the-2", "area-", "bulletins", "withdrawals", "targets", "root"]
        {
            assert!(!write(&area, other), "{other}");
        }
        assert!(!read(&area, "bulletins") && !read(&area, "area-son-dong"));
        assert!(read(&area, "targets"), "who may sign its list may be about to change");
    }

    #[test]
    fn editors_and_approvers_touch_recordings_and_no_keys() {
        for role in [Role::Editor, Role::Approver] {
            let person = person(role, "bac-ninh");
            for own in ["bulletins", "urgent-audio", "urgent", "withdrawals"] {
                assert!(write(&person, own));
            }
            for other in ["root", "targets", "registry", "area-yen-the", "area-bac-ninh"] {
                assert!(!write(&person, other), "{other}");
            }
        }
    }

    #[test]
    fn who_only_looks_on_has_to_do_with_none() {
        for role in Role::ALL {
            let person = person(role, "yen-the");
            let any = ["root", "targets", "bulletins", "area-yen-the"].iter().any(|r| read(&person, r));
            assert_eq!(any, ROLES.contains(&role), "{role:?}");
        }
    }
}
