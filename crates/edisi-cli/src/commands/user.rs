//! `edisi user`

use std::io::{self, IsTerminal};

use edisi_server::auth::people::{self, PeopleError};
use edisi_server::auth::secret;
use edisi_server::serve::{database_in, make_folder};
use edisi_store::{Role, Store, User};

use super::newsroom::runtime;
use super::print;
use crate::args::{Place, UserAction, UserRole, Users};
use crate::failure::{Code, Failure};

/// Who the audit log says it was.
const ACTOR: &str = "command line";

pub fn run(args: &Users) -> Result<(), Failure> {
    runtime()?.block_on(async {
        match &args.action {
            UserAction::Add(args) => {
                let store = open(&args.place).await?;
                let login = people::login(&args.login)?;
                if store.user_by_login(&login).await?.is_some() {
                    let message = format!(
                        "there is already a user `{login}`; `edisi user passwd {login}` gives a new password"
                    );
                    return Err(Failure::new(Code::Usage, message));
                }
                let (password, said) = password(&login, args.generate)?;
                let user = people::add(&store, &login, &args.name, role(args.role), &password, ACTOR).await?;
                store.close().await;
                print(&format!("{} may sign in as {}\n{said}", user.login, name(user.role)))
            }
            UserAction::Passwd(args) => {
                let store = open(&args.place).await?;
                let user = user(&store, &args.login).await?;
                let (password, said) = password(&user.login, args.generate)?;
                people::set_password(&store, &user, &password, ACTOR).await?;
                store.close().await;
                print(&format!("{} has a new password; their sessions have ended\n{said}", user.login))
            }
            UserAction::List(args) => {
                let store = open(&args.place).await?;
                let users = store.users().await?;
                store.close().await;
                users.iter().try_for_each(|user| print(&line(user, args.json)))
            }
            UserAction::Disable(args) => keep_out(&args.place, &args.login, true).await,
            UserAction::Enable(args) => keep_out(&args.place, &args.login, false).await,
        }
    })
}

async fn keep_out(place: &Place, login: &str, disabled: bool) -> Result<(), Failure> {
    let store = open(place).await?;
    let user = user(&store, login).await?;
    people::change(&store, &user, &user.name, user.role, disabled, ACTOR).await?;
    store.close().await;
    let what = if disabled { "may not sign in any more" } else { "may sign in again" };
    print(&format!("{} {what}\n", user.login))
}

async fn open(place: &Place) -> Result<Store, Failure> {
    if let Some(database) = &place.database {
        return Ok(Store::open(database).await?);
    }
    make_folder(&place.data)?;
    Ok(Store::open(&database_in(&place.data)).await?)
}

async fn user(store: &Store, login: &str) -> Result<User, Failure> {
    let login = people::login(login)?;
    let nobody = || Failure::new(Code::Usage, format!("there is no user `{login}`; see `edisi user list`"));
    store.user_by_login(&login).await?.ok_or_else(nobody)
}

/// A new password, and what is printed of it: it is asked for at a terminal, read from standard input (its first line)
/// elsewhere.
fn password(login: &str, generate: bool) -> Result<(String, String), Failure> {
    if generate {
        let made = secret::passphrase();
        let said = format!("password: {made}\n");
        return Ok((made, said));
    }
    let unreadable = |e: io::Error| Failure::new(Code::Input, format!("cannot read the password: {e}"));
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map_err(unreadable)?;
        return Ok((line.trim_end_matches(['\r', '\n']).to_owned(), String::new()));
    }
    let first = rpassword::prompt_password(format!("Password for {login}: ")).map_err(unreadable)?;
    if first != rpassword::prompt_password("Once more: ").map_err(unreadable)? {
        return Err(Failure::new(Code::Usage, "the two are not the same; nothing was changed"));
    }
    Ok((first, String::new()))
}

fn role(role: UserRole) -> Role {
    match role {
        UserRole::Reader => Role::Reader,
        UserRole::Editor => Role::Editor,
        UserRole::Admin => Role::Admin,
    }
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Editor => "editor",
        Role::Admin => "admin",
    }
}

fn line(user: &User, json: bool) -> String {
    if json {
        return format!("{}\n", serde_json::json!(user));
    }
    let kept_out = if user.disabled { "  may not sign in" } else { "" };
    format!("{:20} {:7} {}{kept_out}\n", user.login, name(user.role), user.name)
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Failure {
        match error {
            PeopleError::Store(error) => error.into(),
            other => Failure::new(Code::Usage, other.to_string()),
        }
    }
}
