//! The operator's commands: API keys.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use magfin_app::{App, Caller, Op};
use magfin_db::cluster::Operator;
use magfin_db::sign_in::{Principal, Via};
use magfin_domain::ids::{FirmId, SessionId, UserId};
use magfin_domain::role::Role;
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::config::Settings;
use crate::{database, product};

/// `magfin token …`
#[derive(Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Prints a new API key of a user; it is shown this once.
    Create {
        /// E-mail address of the user.
        #[arg(long)]
        user: String,
        /// The role in which the key acts; the user's own when absent.
        #[arg(long)]
        role: Option<String>,
        /// What the key is for.
        #[arg(long, default_value = "command line")]
        label: String,
        #[command(flatten)]
        settings: Settings,
    },
}

/// Somebody who acts from the command line.
pub fn caller(firm: FirmId, user: UserId, role: Role) -> Caller {
    let principal = Principal { firm, user, role, session: SessionId(Uuid::nil()), via: Via::Operator, admitted: Ok(()) };
    Caller { principal, request_id: Uuid::now_v7() }
}

/// `magfin token create`.
pub async fn token(args: TokenArgs) -> anyhow::Result<()> {
    let TokenCommand::Create { user, role, label, settings } = args.command;
    let role = role
        .map(|name| {
            Role::parse(&name).with_context(|| format!("there is no role {name}; known are: {}", Role::ALL.map(Role::as_str).join(", ")))
        })
        .transpose()?;
    let database = database::join(&settings).await?;
    let found = Operator::connect(&database.migration_url).await?.users_of(&user).await?;
    let [found] = found.as_slice() else {
        bail!("{} active users have this e-mail address; a key needs exactly one", found.len());
    };
    let app: App = product::assemble(&settings, database.db.clone(), None)?;
    let caller = caller(found.firm, found.user, found.role);
    let key = Op::new(&app, &caller).create_api_key(&label, role).await?;
    println!("{}", key.expose_secret());
    if let Some(embedded) = &database.embedded {
        embedded.stop();
    }
    Ok(())
}
