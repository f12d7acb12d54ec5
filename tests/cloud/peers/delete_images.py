"""Deletes every own image with its snapshots."""

import boto3

ec2 = boto3.client("ec2")
for image in ec2.describe_images(Owners=["self"])["Images"]:
    ec2.deregister_image(ImageId=image["ImageId"])
    for mapping in image["BlockDeviceMappings"]:
        ec2.delete_snapshot(SnapshotId=mapping["Ebs"]["SnapshotId"])
