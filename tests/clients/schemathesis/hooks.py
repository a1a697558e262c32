"""What schemathesis may not do while it tries the API."""

import os

import schemathesis

# Id and name of the token that it works with itself.
OWN_TOKEN = os.environ["OWN_TOKEN"].split()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.operation.label == "DELETE /v1/tokens/{token}" and case.path_parameters["token"] in OWN_TOKEN:
        case.path_parameters["token"] = "another"
    # Nothing is tried beyond this machine.
    if isinstance(case.body, dict) and isinstance(case.body.get("server"), str):
        case.body["server"] = "localhost"
