//! Who does it, with what is needed to check and to note it.

use axum::{extract::FromRequestParts, http::request::Parts};
use chrono::{DateTime, Utc};

use crate::hub::{
    Fail, Hub, audit,
    db::areas::{self, Tree},
    who::{Address, Person},
};

/// Whoever is logged in, at this hub.
pub struct Doer {
    /// The hub.
    pub hub: Hub,
    /// Who.
    pub person: Person,
    /// From where.
    pub from: Address,
}

impl FromRequestParts<Hub> for Doer {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Fail> {
        Ok(Self {
            hub: hub.clone(),
            person: Person::from_request_parts(parts, hub).await?,
            from: Address::from_request_parts(parts, hub).await?,
        })
    }
}

impl Doer {
    /// The wall clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.hub.now()
    }

    /// The areas.
    ///
    /// # Errors
    /// The database.
    pub async fn tree(&self) -> Result<Tree, Fail> {
        Ok(areas::tree(&self.hub.db).await?)
    }

    /// That `area` is this person's to see.
    ///
    /// # Errors
    /// Not found: it does not exist, or belongs to others; the two look alike.
    pub fn sees(&self, tree: &Tree, area: &str) -> Result<(), Fail> {
        let seen = tree.get(area).is_some() && tree.is_within(area, &self.person.area);
        if seen { Ok(()) } else { Err(Fail::NotFound) }
    }

    /// Notes a deed, before it is done.
    ///
    /// # Errors
    /// The database: then the deed is not done either.
    pub async fn note(&self, what: &str, detail: impl AsRef<str>) -> Result<(), Fail> {
        audit::note(&self.hub, &self.person, &self.from, what, detail.as_ref()).await
    }
}
