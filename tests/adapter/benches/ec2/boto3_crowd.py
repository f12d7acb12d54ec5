"""Launches with boto3's own waiters, each in a thread of its own. Arguments: how many, the image."""

import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

count, image = int(sys.argv[1]), sys.argv[2]
ec2 = boto3.client("ec2")


def launch(number):
    name = f"crowd-{number}"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    ec2.import_key_pair(KeyName=name, PublicKeyMaterial=public)
    ask = dict(ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, KeyName=name, ClientToken=name)
    server = ec2.run_instances(**ask)["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[server])
    ec2.get_waiter("password_data_available").wait(InstanceId=server)


with ThreadPoolExecutor(max_workers=count) as threads:
    list(threads.map(launch, range(count)))
print("password", flush=True)
