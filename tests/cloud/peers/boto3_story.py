"""The life of one server as boto3 sees it: one JSON line for each API, with what was wrong with its answer, if anything.

Arguments: a name of its own. Everything else comes from the environment, as for any program of AWS's SDKs.
"""

import base64
import json
import sys
import time

import boto3
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

NAME = sys.argv[1]
# The proxy answers at once; a waiter for people's patience would only make the test slow.
WAIT = {"Delay": 1, "MaxAttempts": 120}


def said(api, wrong=None):
    print(json.dumps({"api": api, "wrong": wrong}), flush=True)


def check(api, *facts):
    wrong = [text for good, text in facts if not good]
    said(api, "; ".join(wrong) or None)


def waited(ec2, waiter, api, **ask):
    begun = time.monotonic()
    ec2.get_waiter(waiter).wait(WaiterConfig=WAIT, **ask)
    said(f"{api} (waiter {waiter})")
    return time.monotonic() - begun


def refused(call, code):
    try:
        call()
    except Exception as error:  # botocore makes its classes at run time
        told = getattr(error, "response", {}).get("Error", {}).get("Code", repr(error))
        return (told == code, f"refused with {told}, not {code}")
    return (False, f"not refused with {code}")


def main():
    ec2, ssm = boto3.client("ec2"), boto3.client("ssm")
    account = boto3.client("sts").get_caller_identity()["Account"]
    check("GetCallerIdentity", (account == "123456789012", account))

    family = "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base"
    image = ssm.get_parameter(Name=family)["Parameter"]["Value"]
    check("ssm:GetParameter", (image.startswith("ami-"), image))
    found = ec2.describe_images(ImageIds=[image])["Images"][0]
    check("DescribeImages", (found["Platform"] == "windows", found["Platform"]), (found["State"] == "available", found["State"]))

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    pair = ec2.import_key_pair(KeyName=NAME, PublicKeyMaterial=public)
    check("ImportKeyPair", (pair["KeyName"] == NAME, pair))

    group = ec2.create_security_group(GroupName=NAME, Description="of a test")["GroupId"]
    said("CreateSecurityGroup")
    rules = [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "198.51.100.7/32"}]}
        for port in (80, 443, 3389, 8080)
    ]
    told = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)["SecurityGroupRules"]
    check("AuthorizeSecurityGroupIngress", (len(told) == 4, f"{len(told)} rules of 4"))

    ask = dict(
        ImageId=image, InstanceType="t3.large", MinCount=1, MaxCount=1, KeyName=NAME, SecurityGroupIds=[group],
        ClientToken=NAME, UserData="<powershell>'hello'</powershell>",
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "InstanceMetadataTags": "enabled"},
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": NAME}]}],
    )
    begun = time.monotonic()
    first = ec2.run_instances(**ask)["Instances"][0]
    server = first["InstanceId"]
    again = ec2.run_instances(**ask)["Instances"][0]["InstanceId"]
    check(
        "RunInstances",
        (first["State"]["Name"] == "pending", first["State"]),
        (again == server, "the same token gave another instance"),
        refused(lambda: ec2.run_instances(**{**ask, "InstanceType": "t3.small"}), "IdempotentParameterMismatch"),
    )
    by_token = ec2.describe_instances(Filters=[{"Name": "client-token", "Values": [NAME]}])["Reservations"]
    check("DescribeInstances (by token)", (len(by_token) == 1, f"{len(by_token)} found"))

    early = ec2.get_password_data(InstanceId=server)["PasswordData"]
    waited(ec2, "instance_running", "DescribeInstances", InstanceIds=[server])
    running = time.monotonic() - begun
    there = ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"][0]
    check("DescribeInstances", (there["PublicIpAddress"].startswith("127."), there["PublicIpAddress"]))
    waited(ec2, "password_data_available", "GetPasswordData", InstanceId=server)
    sealed = ec2.get_password_data(InstanceId=server)["PasswordData"]
    password = key.decrypt(base64.b64decode(sealed), padding.PKCS1v15()).decode()
    check("GetPasswordData", (early == "", "there was one before Windows was ready"), (len(password) > 12, "too short"))
    print(json.dumps({"running": running, "password": time.monotonic() - begun}), flush=True)

    console = ""
    for _ in range(120):
        console = ec2.get_console_output(InstanceId=server, Latest=True).get("Output", "")
        if "Windows is Ready to use" in console:
            break
        time.sleep(0.5)
    check("GetConsoleOutput", ("Windows is Ready to use" in console, "Windows does not become ready"))
    picture = base64.b64decode(ec2.get_console_screenshot(InstanceId=server)["ImageData"])
    check("GetConsoleScreenshot", (picture.startswith(b"\xff\xd8"), "not a JPEG"))
    in_use = refused(lambda: ec2.delete_security_group(GroupId=group), "DependencyViolation")
    check("DeleteSecurityGroup (in use)", in_use)

    tags = [{"ResourceType": kind, "Tags": [{"Key": "made-by", "Value": NAME}]} for kind in ("image", "snapshot")]
    own = ec2.create_image(InstanceId=server, Name=NAME, TagSpecifications=tags)["ImageId"]
    check(
        "CreateImage",
        refused(lambda: ec2.create_image(InstanceId=server, Name=NAME), "InvalidAMIName.Duplicate"),
        refused(lambda: ec2.run_instances(ImageId=own, MinCount=1, MaxCount=1), "InvalidAMIID.Unavailable"),
    )
    waited(ec2, "image_available", "DescribeImages", ImageIds=[own])
    made = ec2.describe_images(ImageIds=[own])["Images"][0]
    snapshot = made["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    kept = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    check(
        "DescribeSnapshots",
        (kept["Progress"] == "100%", kept["Progress"]),
        ({"Key": "made-by", "Value": NAME} in kept.get("Tags", []), "not tagged"),
    )
    ec2.deregister_image(ImageId=own)
    said("DeregisterImage")
    ec2.delete_snapshot(SnapshotId=snapshot)
    said("DeleteSnapshot")

    ec2.stop_instances(InstanceIds=[server])
    waited(ec2, "instance_stopped", "StopInstances", InstanceIds=[server])
    ec2.start_instances(InstanceIds=[server])
    waited(ec2, "instance_running", "StartInstances", InstanceIds=[server])
    moved = ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"][0]["PublicIpAddress"]
    check("StartInstances (address)", (moved != there["PublicIpAddress"], "the address did not change"))
    ec2.terminate_instances(InstanceIds=[server])
    waited(ec2, "instance_terminated", "TerminateInstances", InstanceIds=[server])
    ec2.delete_security_group(GroupId=group)
    said("DeleteSecurityGroup")
    ec2.delete_key_pair(KeyName=NAME)
    said("DeleteKeyPair")

    quota = boto3.client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")
    check("servicequotas:GetServiceQuota", (quota["Quota"]["Value"] > 0, quota))
    prices = boto3.client("pricing", region_name="us-east-1").get_products(
        ServiceCode="AmazonEC2", Filters=[{"Type": "TERM_MATCH", "Field": "instanceType", "Value": "t3.large"}]
    )["PriceList"]
    check("pricing:GetProducts", ("TEST PRICE" in prices[0], "not marked as a test's"))


main()
