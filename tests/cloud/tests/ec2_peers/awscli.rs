//! awscli, one program a request, with its own waiters.

use std::process::Output;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use slipway_test_cloud::client::client;
use slipway_test_cloud::moto;

use crate::Told;

const NAME: &str = "awscli-story";
const FAMILY: &str = "/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base";

/// Runs it.
pub fn story(url: &str) -> Told {
    let mut story = Story {
        url: url.to_owned(),
        apis: Vec::new(),
    };
    let ended = story.tell();
    if ended.is_none() {
        let last = story
            .apis
            .last()
            .map_or("nothing", |(api, _)| api.as_str())
            .to_owned();
        story
            .apis
            .push(("the whole story".into(), Some(format!("broke off after {last}"))));
    }
    Told {
        peer: "awscli",
        apis: Some(story.apis),
    }
}

/// The newest Windows, for whoever needs an image.
pub fn newest_windows(url: &str) -> String {
    let output = aws(
        url,
        &["ssm", "get-parameter", "--name", FAMILY, "--output", "json"],
    );
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["Parameter"]["Value"].as_str().expect("an image").to_owned()
}

struct Story {
    url: String,
    apis: Vec<(String, Option<String>)>,
}

impl Story {
    /// `None` where it can't go on.
    fn tell(&mut self) -> Option<()> {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).expect("a key");
        let public = key_file(&key);
        let public = format!("fileb://{}", public.path().display());
        let import = [
            "import-key-pair",
            "--key-name",
            NAME,
            "--public-key-material",
            &public,
        ];
        self.ec2("ImportKeyPair", &import)?;
        let group = self.group()?;
        let server = self.launch(&group)?;
        let wait = ["wait", "instance-running", "--instance-ids", &server];
        self.ec2("DescribeInstances", &wait)?;
        let wait = ["wait", "password-data-available", "--instance-id", &server];
        self.ec2("GetPasswordData", &wait)?;
        let sealed = self.ec2(
            "GetPasswordData",
            &["get-password-data", "--instance-id", &server],
        )?;
        let opens = sealed["PasswordData"]
            .as_str()
            .is_some_and(|sealed| opens(key, sealed));
        self.check("GetPasswordData", opens, "the password can't be decrypted");
        self.image(&server)?;
        self.end(&server, &group)
    }

    fn group(&mut self) -> Option<String> {
        let create = [
            "create-security-group",
            "--group-name",
            NAME,
            "--description",
            "of a test",
        ];
        let group = self.ec2("CreateSecurityGroup", &create)?["GroupId"]
            .as_str()?
            .to_owned();
        let open = [
            "authorize-security-group-ingress",
            "--group-id",
            &group,
            "--protocol",
            "tcp",
        ];
        let from = ["--port", "8080", "--cidr", "198.51.100.7/32"];
        self.ec2("AuthorizeSecurityGroupIngress", &[&open[..], &from].concat())?;
        Some(group)
    }

    fn launch(&mut self, group: &str) -> Option<String> {
        let image = newest_windows(&self.url);
        let run = [
            "run-instances",
            "--image-id",
            &image,
            "--instance-type",
            "t3.large",
        ];
        let rest = [
            "--key-name",
            NAME,
            "--security-group-ids",
            group,
            "--client-token",
            NAME,
        ];
        let run = [&run[..], &rest].concat();
        let first = self.ec2("RunInstances", &run)?["Instances"][0]["InstanceId"]
            .as_str()?
            .to_owned();
        let again = self.ec2("RunInstances", &run)?["Instances"][0]["InstanceId"].clone();
        self.check(
            "RunInstances",
            again == first.as_str(),
            "the same token gave another instance",
        );
        Some(first)
    }

    fn image(&mut self, server: &str) -> Option<()> {
        let create = ["create-image", "--instance-id", server, "--name", NAME];
        let image = self.ec2("CreateImage", &create)?["ImageId"].as_str()?.to_owned();
        self.ec2(
            "DescribeImages",
            &["wait", "image-available", "--image-ids", &image],
        )?;
        let found = self.ec2("DescribeImages", &["describe-images", "--image-ids", &image])?;
        let snapshot = &found["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"];
        self.ec2("DeregisterImage", &["deregister-image", "--image-id", &image])?;
        self.ec2(
            "DeleteSnapshot",
            &["delete-snapshot", "--snapshot-id", snapshot.as_str()?],
        )?;
        Some(())
    }

    fn end(&mut self, server: &str, group: &str) -> Option<()> {
        self.ec2(
            "TerminateInstances",
            &["terminate-instances", "--instance-ids", server],
        )?;
        self.ec2(
            "DescribeInstances",
            &["wait", "instance-terminated", "--instance-ids", server],
        )?;
        self.ec2(
            "DeleteSecurityGroup",
            &["delete-security-group", "--group-id", group],
        )?;
        self.ec2("DeleteKeyPair", &["delete-key-pair", "--key-name", NAME])?;
        Some(())
    }

    fn ec2(&mut self, api: &str, arguments: &[&str]) -> Option<Value> {
        let output = aws(&self.url, &[&["ec2", "--output", "json"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        self.check(api, output.status.success(), &said);
        output
            .status
            .success()
            .then(|| serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    fn check(&mut self, api: &str, good: bool, wrong: &str) {
        let wrong = (!good).then(|| wrong.to_owned());
        self.apis.push((api.to_owned(), wrong));
    }
}

fn aws(url: &str, arguments: &[&str]) -> Output {
    let mut aws = client(moto::python_folder().join("aws"), url);
    aws.args(arguments).output().expect("awscli starts")
}

/// The public half in the form that EC2 takes beside OpenSSH's: DER in base64.
fn key_file(key: &PrivateDecryptingKey) -> tempfile::NamedTempFile {
    let der: PublicKeyX509Der<'_> = key.public_key().as_der().expect("a public key");
    let text = openssh(der.as_ref());
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), text).expect("the file is written");
    file
}

/// `ssh-rsa …` of a 2048 bit key, whose X.509 form always has the same lengths in front.
fn openssh(der: &[u8]) -> String {
    const HEAD: usize = 33;
    let modulus = &der[HEAD..HEAD + 256];
    let field = |bytes: &[u8]| {
        let mut field = (bytes.len() as u32).to_be_bytes().to_vec();
        field.extend_from_slice(bytes);
        field
    };
    let signed = [&[0], modulus].concat();
    let body = [field(b"ssh-rsa"), field(&[1, 0, 1]), field(&signed)].concat();
    format!("ssh-rsa {} test", BASE64.encode(body))
}

fn opens(key: PrivateDecryptingKey, sealed: &str) -> bool {
    let Ok(sealed) = BASE64.decode(sealed) else {
        return false;
    };
    let key = Pkcs1PrivateDecryptingKey::new(key).expect("a key");
    let mut room = vec![0; key.min_output_size()];
    key.decrypt(&sealed, &mut room)
        .is_ok_and(|password| password.len() > 8)
}
