"""What botocore makes of files of ~/.aws: one folder a case, with `config` and `credentials` in it; one JSON line each.

A profile is told as "NAME | REGION | KIND", with "-" for no region and "no" where it gives no credentials. A file that
botocore refuses is told by its error.
"""

import json
import os
import sys

import botocore.exceptions
import botocore.session

KINDS = {
    "shared-credentials-file": "keys",
    "config-file": "keys",
    "assume-role": "role",
    "assume-role-with-web-identity": "web",
    "sso": "sso",
    "login": "login",
    "custom-process": "process",
}


def kind(name):
    try:
        found = botocore.session.Session(profile=name).get_credentials()
    except Exception:
        return "no"
    return KINDS.get(found.method, found.method) if found else "no"


def read(folder):
    os.environ["AWS_CONFIG_FILE"] = os.path.join(folder, "config")
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.path.join(folder, "credentials")
    try:
        names = botocore.session.Session().available_profiles
    except (botocore.exceptions.ConfigParseError, ValueError, AttributeError) as error:
        return [type(error).__name__]
    told = []
    for name in sorted(names):
        try:
            region = botocore.session.Session(profile=name).get_config_variable("region")
        except botocore.exceptions.ConfigParseError as error:
            return [type(error).__name__]
        told.append(f"{name} | {region or '-'} | {kind(name)}")
    return told


for folder in sys.argv[1:]:
    print(json.dumps(read(folder)))
