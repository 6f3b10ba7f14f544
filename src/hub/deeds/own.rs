//! What everybody does to the own account: password, sessions, tokens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Doer, words};
use crate::{
    digest::Digest,
    hub::{
        Fail,
        account::{
            lockout::{self, Of},
            login, password, secret,
        },
        db::{accounts, instant, micros, sessions},
    },
    text::{hub as say, hub_account as acc},
};

/// So many open tokens an account.
const TOKENS: usize = 20;

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangePassword)]
pub struct Change {
    /// The one so far.
    pub current: String,
    /// The new one, 10 to 200 letters.
    pub new: String,
    /// The new one again; a program may leave it out.
    pub again: Option<String>,
}

/// A session of the own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its name, 64 hex digits; it opens nothing.
    pub id: String,
    /// When it began, RFC 3339.
    pub began: String,
    /// When it was last used, within five minutes.
    pub used: String,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// A token of the own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Token {
    /// Its name, 64 hex digits; it opens nothing.
    pub id: String,
    /// What for.
    pub title: String,
    /// When it was made, RFC 3339.
    pub made: String,
    /// When it was last used, within an hour.
    pub used: Option<String>,
    /// Whether it was closed.
    pub closed: bool,
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MakeToken {
    /// What for, so that it can be told from others.
    pub title: String,
}

/// A new token. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewToken {
    /// For `Authorization: Bearer …`.
    pub token: String,
}

fn rfc(at: i64) -> String {
    instant(at).to_rfc3339()
}

/// Changes the own password. All other sessions end, and so does this one: the answer brings a new one.
///
/// # Errors
/// Refused: the current one is wrong, the new one is too short, the same, or typed differently; or locked out.
pub async fn change_password(doer: &Doer, typed: Change) -> Result<String, Fail> {
    let login = doer.person.login.as_str();
    let db = &doer.hub.db;
    let now = doer.now();
    let account = accounts::get(db, login).await?.ok_or(Fail::NotFound)?;
    // Who found an open browser must not be able to guess here what the login page would not let be guessed.
    let who = format!("password {login}");
    let until = accounts::locked_until(db, &who).await?;
    if until > micros(now) {
        return Err(Fail::Slow(say::locked_out((until - micros(now)).div_euclid(1_000_000) + 1)));
    }
    let (current, kept) = (typed.current, account.password);
    let right =
        tokio::task::spawn_blocking(move || password::is_right(&current, Some(&kept)).then_some(current));
    let Some(current) = right.await.map_err(Fail::machine)? else {
        let lock = |failures| micros(now + lockout::wait(Of::Login, failures));
        accounts::failed(db, &who, now, lockout::FORGET, lock).await?;
        return Err(Fail::Refused(acc::current_is_wrong()));
    };
    if typed.again.is_some_and(|again| again != typed.new) {
        return Err(Fail::Refused(acc::typed_differently()));
    }
    if !password::LETTERS.contains(&typed.new.chars().count()) {
        return Err(Fail::Refused(say::short_password(*password::LETTERS.start())));
    }
    if typed.new == current {
        return Err(Fail::Refused(acc::same_password()));
    }
    let new = typed.new;
    let hash = tokio::task::spawn_blocking(move || password::hash(&new)).await.map_err(Fail::machine)??;
    doer.note("password-changed", "").await?;
    accounts::succeeded(db, &who).await?;
    accounts::set_password(db, login, &hash, None).await?;
    let (cookie, id) = secret::new()?;
    sessions::begin_session(db, &id, login, now, login::LASTS).await?;
    Ok(cookie)
}

/// The own sessions, the newest first.
///
/// # Errors
/// The database.
pub async fn sessions(doer: &Doer) -> Result<Vec<Session>, Fail> {
    let all = sessions::sessions(&doer.hub.db, &doer.person.login, doer.now(), login::IDLE).await?;
    let this = doer.person.session.map(|s| s.0.to_vec());
    let shown = |s: sessions::Session| Session {
        began: rfc(s.made_at),
        used: rfc(s.seen_at),
        this: this.as_deref() == Some(&s.id[..]),
        id: hex::encode(s.id),
    };
    Ok(all.into_iter().map(shown).collect())
}

/// Ends an own session.
///
/// # Errors
/// Not found.
pub async fn end_session(doer: &Doer, id: &str) -> Result<(), Fail> {
    let id: Digest = id.parse().map_err(|_| Fail::NotFound)?;
    if !sessions::end_of(&doer.hub.db, &doer.person.login, &id).await? {
        return Err(Fail::NotFound);
    }
    doer.note("session-ended", "").await
}

/// The own tokens, the newest first.
///
/// # Errors
/// The database.
pub async fn tokens(doer: &Doer) -> Result<Vec<Token>, Fail> {
    let all = sessions::tokens(&doer.hub.db, &doer.person.login).await?;
    let shown = |t: sessions::Token| Token {
        id: hex::encode(t.id),
        title: t.title,
        made: rfc(t.made_at),
        used: t.used_at.map(rfc),
        closed: t.closed_at.is_some(),
    };
    Ok(all.into_iter().map(shown).collect())
}

/// Makes a token that may what the own account may.
///
/// # Errors
/// Refused: no title, or too many.
pub async fn make_token(doer: &Doer, make: MakeToken) -> Result<NewToken, Fail> {
    let title = words::needed(acc::token_title(), &make.title)?;
    if tokens(doer).await?.iter().filter(|t| !t.closed).count() >= TOKENS {
        return Err(Fail::Refused(acc::too_many_tokens(TOKENS)));
    }
    let (token, id) = secret::new()?;
    doer.note("token-made", &title).await?;
    sessions::make_token(&doer.hub.db, &id, &doer.person.login, &title, doer.now()).await?;
    Ok(NewToken { token })
}

/// Closes an own token.
///
/// # Errors
/// Not found.
pub async fn close_token(doer: &Doer, id: &str) -> Result<(), Fail> {
    let id: Digest = id.parse().map_err(|_| Fail::NotFound)?;
    if !sessions::close_token(&doer.hub.db, &doer.person.login, &id, doer.now()).await? {
        return Err(Fail::NotFound);
    }
    doer.note("token-closed", &id.to_string()[..8]).await
}
