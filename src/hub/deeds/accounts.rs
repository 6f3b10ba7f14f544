//! Accounts, as an admin keeps them. An admin of an area sees and makes accounts of that area and below, and never touches
//! the own one, so that a province never is without an admin.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Doer, words};
use crate::{
    hub::{
        Fail,
        account::{password, secret},
        db::{accounts, accounts::Account, areas::Tree, instant, micros},
        rule::Role,
    },
    text::hub_account as acc,
};

/// A first password waits so long to be used.
pub const FIRST_LASTS: TimeDelta = TimeDelta::days(7);
/// Groups of a first password: 79 bits, and it is tried online only.
const GROUPS: usize = 4;

/// An account to make.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MakeAccount)]
pub struct Make {
    /// What its holder will type: a-z, 0-9 and `.`, `-`, `_`, `@`.
    pub login: String,
    /// What people call the holder.
    pub name: String,
    /// `admin`, `editor`, `approver`, `area`, `inspector` or `operator`.
    pub role: String,
    /// The area that it is for.
    pub area: String,
}

/// What to change of an account.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangeAccount)]
pub struct Change {
    /// What people call the holder.
    pub name: String,
    /// See `Make`.
    pub role: String,
    /// The area that it is for.
    pub area: String,
}

/// A first password. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FirstPassword)]
pub struct First {
    /// Of which account.
    pub login: String,
    /// To be handed to its holder, who must change it.
    pub password: String,
    /// Until when it opens, RFC 3339.
    pub until: String,
}

/// An account, without its password.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct Shown {
    /// What its holder types.
    pub login: String,
    /// What people call the holder.
    pub name: String,
    /// See `Make`.
    pub role: String,
    /// The area that it is for.
    pub area: String,
    /// Whether it was closed.
    pub closed: bool,
    /// Whether its holder has not chosen a password yet.
    pub first: bool,
}

impl From<Account> for Shown {
    fn from(a: Account) -> Self {
        let (closed, first) = (a.closed_at.is_some(), a.first_until.is_some());
        Self { login: a.login, name: a.name, role: a.role, area: a.area, closed, first }
    }
}

/// The accounts of the doer's area, by login.
///
/// # Errors
/// The database.
pub async fn list(doer: &Doer) -> Result<Vec<Shown>, Fail> {
    let tree = doer.tree().await?;
    let all = accounts::all(&doer.hub.db).await?;
    Ok(all.into_iter().filter(|a| tree.is_within(&a.area, &doer.person.area)).map(Shown::from).collect())
}

/// One account of the doer's area.
///
/// # Errors
/// Not found.
pub async fn get(doer: &Doer, login: &str) -> Result<Shown, Fail> {
    Ok(find(doer, &doer.tree().await?, login).await?.into())
}

async fn find(doer: &Doer, tree: &Tree, login: &str) -> Result<Account, Fail> {
    let account = accounts::get(&doer.hub.db, login).await?.ok_or(Fail::NotFound)?;
    doer.sees(tree, &account.area)?;
    Ok(account)
}

/// One that is open and another's.
async fn others(doer: &Doer, tree: &Tree, login: &str) -> Result<Account, Fail> {
    let account = find(doer, tree, login).await?;
    if account.login == doer.person.login {
        return Err(Fail::Refused(acc::not_own_account()));
    }
    if account.closed_at.is_some() {
        return Err(Fail::Refused(acc::account_closed_already(login)));
    }
    Ok(account)
}

fn place(doer: &Doer, tree: &Tree, role: &str, area: &str) -> Result<Role, Fail> {
    let role = Role::parse(role).ok_or_else(|| Fail::Refused(acc::choose_role()))?;
    if doer.sees(tree, area).is_err() || tree.get(area).is_some_and(|a| a.merged_into.is_some()) {
        return Err(Fail::Refused(acc::choose_area()));
    }
    Ok(role)
}

/// Makes an account.
///
/// # Errors
/// Refused: login, name, role or area is wrong, or the login is taken.
pub async fn make(doer: &Doer, make: Make) -> Result<First, Fail> {
    let tree = doer.tree().await?;
    let login = make.login.trim().to_lowercase();
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_@".contains(&b);
    if !(2..=64).contains(&login.len()) || !login.bytes().all(letter) {
        return Err(Fail::Refused(acc::login_rule()));
    }
    let name = words::needed(acc::holder(), &make.name)?;
    let role = place(doer, &tree, &make.role, &make.area)?;
    if accounts::get(&doer.hub.db, &login).await?.is_some() {
        return Err(Fail::Refused(acc::login_taken(&login)));
    }
    let (first, password) = first(doer, &login).await?;
    let account = Account {
        login,
        name,
        role: role.word().into(),
        area: make.area,
        password,
        closed_at: None,
        first_until: Some(micros(doer.now() + FIRST_LASTS)),
    };
    doer.note("account-made", format!("{} {} {}", account.login, account.role, account.area)).await?;
    if !accounts::make(&doer.hub.db, &account, doer.now()).await? {
        return Err(Fail::Refused(acc::login_taken(&account.login)));
    }
    Ok(first)
}

/// Another name, role or area.
///
/// # Errors
/// Not found, refused.
pub async fn change(doer: &Doer, login: &str, to: Change) -> Result<(), Fail> {
    let tree = doer.tree().await?;
    let account = others(doer, &tree, login).await?;
    let name = words::needed(acc::holder(), &to.name)?;
    let role = place(doer, &tree, &to.role, &to.area)?;
    let detail = format!("{login}: {} {} -> {} {}", account.role, account.area, role.word(), to.area);
    doer.note("account-changed", detail).await?;
    accounts::change(&doer.hub.db, login, &name, role.word(), &to.area).await?;
    Ok(())
}

/// Closes an account with all its sessions and tokens.
///
/// # Errors
/// Not found, refused.
pub async fn close(doer: &Doer, login: &str) -> Result<(), Fail> {
    others(doer, &doer.tree().await?, login).await?;
    doer.note("account-closed", login).await?;
    accounts::close(&doer.hub.db, login, doer.now()).await?;
    Ok(())
}

/// A new first password for whoever forgot it. All sessions end, a lock-out too.
///
/// # Errors
/// Not found, refused.
pub async fn reset(doer: &Doer, login: &str) -> Result<First, Fail> {
    others(doer, &doer.tree().await?, login).await?;
    let (first, hash) = first(doer, login).await?;
    doer.note("password-reset", login).await?;
    let until = micros(doer.now() + FIRST_LASTS);
    accounts::set_password(&doer.hub.db, login, &hash, Some(until)).await?;
    Ok(first)
}

async fn first(doer: &Doer, login: &str) -> Result<(First, String), Fail> {
    let password = secret::readable(GROUPS)?;
    let typed = password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&typed)).await.map_err(Fail::machine)??;
    let until = instant(micros(doer.now() + FIRST_LASTS)).to_rfc3339();
    Ok((First { login: login.to_owned(), password, until }, hash))
}
