//! Every deed of a person, for admins to read later.

use super::{
    Fail, Hub,
    account::secret,
    db::audit::{self, Deed},
    who::{Address, Person},
};

/// Notes what `who` did: a word, and on what. Never a secret in either.
///
/// # Errors
/// The database: then the deed is not done either.
pub async fn note(hub: &Hub, who: &Person, from: &Address, what: &str, detail: &str) -> Result<(), Fail> {
    let deed = Deed {
        at: 0,
        login: who.login.clone(),
        address: from.0.clone(),
        area: who.area.clone(),
        what: what.to_owned(),
        detail: detail.to_owned(),
    };
    audit::add(&hub.db, secret::random()?, hub.now(), &deed).await?;
    Ok(())
}
