"""Deletes the own images of a name, which may end in *, with their snapshots."""

import sys

import boto3

ec2 = boto3.client("ec2")
named = [{"Name": "name", "Values": [sys.argv[1]]}]
for image in ec2.describe_images(Owners=["self"], Filters=named)["Images"]:
    ec2.deregister_image(ImageId=image["ImageId"])
    for mapping in image["BlockDeviceMappings"]:
        ec2.delete_snapshot(SnapshotId=mapping["Ebs"]["SnapshotId"])
