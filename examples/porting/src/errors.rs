//! What can go wrong, told apart by the classes that the vendor documents.

use xerus_api::pdumodel::{Inlet, Pdu};
use xerus_rpc::error::ErrorClass;
use xerus_rpc::{Agent, Credentials, Error};

async fn attempt<T>(
    what: &str,
    call: impl IntoFuture<Output = Result<T, Error>>,
) -> Result<(), Error> {
    match call.await {
        Ok(_) => println!("{what}: done"),
        Err(error) => match error.class() {
            ErrorClass::Http => println!("{what}: HttpException"),
            ErrorClass::JsonRpc => println!("{what}: JsonRpcErrorException"),
            ErrorClass::JsonRpcSyntax => println!("{what}: JsonRpcSyntaxException"),
            ErrorClass::Local => return Err(error), // a mistake of this program
        },
    }
    Ok(())
}

pub(crate) async fn run(agent: &Agent) -> Result<(), Error> {
    let pdu = Pdu::at(agent, "/model/pdu/0");
    attempt("a call", pdu.get_nameplate()).await?;
    let missing = Pdu::at(agent, "/model/pdu/99");
    attempt("an object that is not there", missing.get_nameplate()).await?;
    let other = Inlet::at(agent, "/model/pdu/0");
    attempt("an object of another interface", other.get_poles()).await?;
    agent.login(Credentials::basic("nobody", "nothing")).await?;
    attempt("a user who is not known", pdu.get_nameplate()).await
}
