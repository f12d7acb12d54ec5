"""A launch with boto3's own waiters, as they come. Arguments: a name, the image."""

import sys

import boto3
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

name, image = sys.argv[1:]
ec2 = boto3.client("ec2")
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
ec2.import_key_pair(KeyName=name, PublicKeyMaterial=public)
ask = dict(ImageId=image, InstanceType="t3.large", MinCount=1, MaxCount=1, KeyName=name, ClientToken=name)
server = ec2.run_instances(**ask)["Instances"][0]["InstanceId"]
print("launched", flush=True)
ec2.get_waiter("instance_running").wait(InstanceIds=[server])
print("running", flush=True)
ec2.get_waiter("password_data_available").wait(InstanceId=server)
print("password", flush=True)
