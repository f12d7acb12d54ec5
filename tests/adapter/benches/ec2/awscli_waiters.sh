# A launch with awscli's own waiters, as they come. Arguments: a name, the image, a folder for its key.
set -e
ssh-keygen -q -t rsa -b 2048 -N '' -f "$3/awscli"
aws ec2 import-key-pair --key-name "$1" --public-key-material "fileb://$3/awscli.pub" >/dev/null
server=$(aws ec2 run-instances --image-id "$2" --instance-type t3.large --key-name "$1" --client-token "$1" \
  --query 'Instances[0].InstanceId' --output text)
echo launched
aws ec2 wait instance-running --instance-ids "$server"
echo running
aws ec2 wait password-data-available --instance-id "$server"
echo password
