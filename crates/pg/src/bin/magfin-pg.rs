//! `magfin-pg DIR`: runs the cluster in DIR in the foreground, to look into it with psql or to kill it in a test.
//!
//! Prints one line, `ready POSTMASTER_PID PORT`, and ends when PostgreSQL ends or with any signal.

use std::process::ExitCode;

use magfin_pg::{Config, Server};

fn main() -> ExitCode {
    let Some(dir) = std::env::args_os().nth(1) else {
        eprintln!("usage: magfin-pg DIR");
        return ExitCode::from(2);
    };
    match Server::start(&Config::new(dir)) {
        Ok(server) => {
            println!("ready {} {}", server.pid(), server.port());
            let status = server.wait_exit();
            eprintln!("PostgreSQL ended: {status}");
            ExitCode::from(u8::from(!status.success()))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
