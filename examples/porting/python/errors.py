"""What can go wrong, told apart by the exceptions."""

from connect import agent
from raritan import rpc
from raritan.rpc import pdumodel


def attempt(what, call):
    try:
        call()
        print("%s: done" % what)
    except rpc.HttpException:
        print("%s: HttpException" % what)
    except rpc.JsonRpcErrorException:
        print("%s: JsonRpcErrorException" % what)
    except rpc.JsonRpcSyntaxException:
        print("%s: JsonRpcSyntaxException" % what)


agent = agent()
attempt("a call", pdumodel.Pdu("/model/pdu/0", agent).getNameplate)
attempt("an object that is not there", pdumodel.Pdu("/model/pdu/99", agent).getNameplate)
attempt("an object of another interface", pdumodel.Inlet("/model/pdu/0", agent).getPoles)
agent.set_auth_basic("nobody", "nothing")
attempt("a user who is not known", pdumodel.Pdu("/model/pdu/0", agent).getNameplate)
