//! The table: what stands in the files, what we list, and what botocore does where that is something else.

use std::path::Path;

/// One pair of files.
pub struct Row {
    /// What is odd about it.
    pub name: &'static str,
    pub config: &'static [u8],
    pub credentials: &'static [u8],
    /// As `told` writes it.
    pub ours: &'static [&'static str],
    /// What botocore lists, and why ours is better; `None` where it lists the same.
    pub differs: Option<(&'static [&'static str], &'static str)>,
}

impl Row {
    /// What botocore lists.
    pub fn botocore(&self) -> Vec<String> {
        let same = || {
            self.ours
                .iter()
                .map(|line| line.split(", line").next().unwrap_or(line).to_owned())
        };
        match self.differs {
            None => same().collect(),
            Some((_, "")) => panic!("{}: why is ours better?", self.name),
            Some((lines, _)) => lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }
}

/// `@FOLDER@` stands for the row's own folder.
pub fn with_folder(bytes: &[u8], folder: &Path) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace("@FOLDER@", &folder.to_string_lossy()).into_bytes(),
        Err(_) => bytes.to_vec(),
    }
}

const fn same(
    name: &'static str,
    config: &'static [u8],
    credentials: &'static [u8],
    ours: &'static [&'static str],
) -> Row {
    Row {
        name,
        config,
        credentials,
        ours,
        differs: None,
    }
}

const fn better(row: Row, botocore: &'static [&'static str], why: &'static str) -> Row {
    Row {
        differs: Some((botocore, why)),
        ..row
    }
}

/// All of them.
pub const ROWS: &[Row] = &[
    same("plain", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("CRLF without an end", b"[profile a]\r\nregion = eu-central-1\r\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\r\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn", b"", &["a | eu-central-1 | keys"]),
    same("CR alone", b"[profile a]\rregion = eu-central-1\raws_access_key_id = AKIAIOSFODNN7EXAMPLE\raws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\r", b"", &["a | eu-central-1 | keys"]),
    better(same("UTF-8 with a mark", b"\xef\xbb\xbf[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "Notepad writes it; it is no part of the text"),
    better(same("UTF-8 with a mark, credentials", b"[profile a]\nregion = eu-central-1\n", b"\xef\xbb\xbf[a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "the same"),
    better(same("UTF-16 with a mark", b"\xff\xfe[\x00p\x00r\x00o\x00f\x00i\x00l\x00e\x00 \x00a\x00]\x00\n\x00r\x00e\x00g\x00i\x00o\x00n\x00 \x00=\x00 \x00e\x00u\x00-\x00c\x00e\x00n\x00t\x00r\x00a\x00l\x00-\x001\x00\n\x00a\x00w\x00s\x00_\x00a\x00c\x00c\x00e\x00s\x00s\x00_\x00k\x00e\x00y\x00_\x00i\x00d\x00 \x00=\x00 \x00A\x00K\x00I\x00A\x00I\x00O\x00S\x00F\x00O\x00D\x00N\x00N\x007\x00E\x00X\x00A\x00M\x00P\x00L\x00E\x00\n\x00a\x00w\x00s\x00_\x00s\x00e\x00c\x00r\x00e\x00t\x00_\x00a\x00c\x00c\x00e\x00s\x00s\x00_\x00k\x00e\x00y\x00 \x00=\x00 \x00a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00i\x00j\x00k\x00l\x00m\x00n\x00o\x00p\x00q\x00r\x00s\x00t\x00u\x00v\x00w\x00x\x00y\x00z\x00a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00i\x00j\x00k\x00l\x00m\x00n\x00\n\x00", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "PowerShell writes it"),
    better(same("UTF-16 without a mark", b"[\x00p\x00r\x00o\x00f\x00i\x00l\x00e\x00 \x00a\x00]\x00\n\x00r\x00e\x00g\x00i\x00o\x00n\x00 \x00=\x00 \x00e\x00u\x00-\x00c\x00e\x00n\x00t\x00r\x00a\x00l\x00-\x001\x00\n\x00a\x00w\x00s\x00_\x00a\x00c\x00c\x00e\x00s\x00s\x00_\x00k\x00e\x00y\x00_\x00i\x00d\x00 \x00=\x00 \x00A\x00K\x00I\x00A\x00I\x00O\x00S\x00F\x00O\x00D\x00N\x00N\x007\x00E\x00X\x00A\x00M\x00P\x00L\x00E\x00\n\x00a\x00w\x00s\x00_\x00s\x00e\x00c\x00r\x00e\x00t\x00_\x00a\x00c\x00c\x00e\x00s\x00s\x00_\x00k\x00e\x00y\x00 \x00=\x00 \x00a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00i\x00j\x00k\x00l\x00m\x00n\x00o\x00p\x00q\x00r\x00s\x00t\x00u\x00v\x00w\x00x\x00y\x00z\x00a\x00b\x00c\x00d\x00e\x00f\x00g\x00h\x00i\x00j\x00k\x00l\x00m\x00n\x00\n\x00", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "the same, by other tools"),
    better(same("Latin-1 in a comment", b"# f\xfcr M\xfcller\n[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "a comment changes nothing"),
    better(same("Latin-1 in a name", b"[profile m\xfcller]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["müller | eu-central-1 | keys"]), &["ConfigParseError"], "the name can be read"),
    better(same("comment behind a value", b"[profile a]\nregion = eu-central-1 # Frankfurt\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["a | eu-central-1 # Frankfurt | keys"], "no region has a space in it; the SDK cuts it too"),
    better(same("comment with a semicolon", b"[profile a]\nregion = eu-central-1 ; Frankfurt\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["a | eu-central-1 ; Frankfurt | keys"], "the same"),
    same("a sign that begins no comment", b"[profile a]\nregion = eu-central-1#x\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1#x | keys"]),
    better(same("quoted region", b"[profile a]\nregion = \"eu-central-1\"\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["a | \"eu-central-1\" | keys"], "no region has quotes"),
    same("indented comment", b"[profile a]\nregion = eu-central-1\n   # note\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("indented first line", b"[profile a]\n  region = eu-central-1\n  aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n  aws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("indented by a tab", b"[profile a]\n\tregion = eu-central-1\n\taws_access_key_id = AKIAIOSFODNN7EXAMPLE\n\taws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    better(same("indented second line", b"[profile a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\nregion = eu-central-1\n  output = json\n", b"", &["a | eu-central-1 | keys"]), &["a | eu-central-1\noutput = json | keys"], "output is a setting of its own"),
    same("key: value", b"[profile a]\nregion: eu-central-1\naws_access_key_id: AKIAIOSFODNN7EXAMPLE\naws_secret_access_key: abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("capital keys", b"[profile a]\nREGION = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    better(same("a doubled key", b"[profile a]\nregion = us-east-1\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "the last one counts, as in the SDK"),
    better(same("a doubled section", b"[profile a]\nregion = eu-central-1\n[profile a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "both are read, as by the SDK"),
    same("a heading with two spaces", b"[profile  a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    better(same("a heading with spaces in the brackets", b"[ profile a ]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &[], "nothing else can be meant"),
    same("a space before the heading", b" [profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("something behind the heading", b"[profile a] # mine\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("junk behind the heading", b"[profile a] junk\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("# in a name", b"[profile a#b]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a#b | eu-central-1 | keys"]),
    same("a quoted name", b"[profile \"a\"]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("a quoted name with a space", b"[profile \"my prof\"]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["my prof | eu-central-1 | keys"]),
    better(same("a name with a space and no quotes", b"[profile my prof]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["my prof | eu-central-1 | no, line 1"]), &[], "it says what to write"),
    better(same("a name with a quote", b"[profile bob's]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["bob's | eu-central-1 | no, line 1"]), &[], "it says what to write"),
    same("letters of other countries", b"[profile \xc3\xbcber]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["über | eu-central-1 | keys"]),
    same("signs in a name", b"[profile a!,b]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a!,b | eu-central-1 | keys"]),
    same("names of other tools", b"[profile acct/Role]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile user@prod]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile a.b:c+d]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a.b:c+d | eu-central-1 | keys", "acct/Role | eu-central-1 | keys", "user@prod | eu-central-1 | keys"]),
    same("a backslash in a name", b"[profile a\\b]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["ab | eu-central-1 | keys"]),
    better(same("a name without “profile”", b"[a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | no, line 1"]), &[], "it says what to write"),
    better(same("“profile” in capitals", b"[Profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | no, line 1"]), &[], "it says what to write"),
    better(same("“default” in capitals", b"[Default]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["Default | eu-central-1 | no, line 1"]), &[], "it says what to write"),
    same("DEFAULT of configparser", b"[DEFAULT]\nregion = us-east-1\n[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("sections of other tools", b"[plugins]\ncli = x\n[preview]\ncloudfront = true\n[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    better(same("lines above the first heading", b"region = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["default | eu-central-1 | no, line 1"]), &["ConfigParseError"], "it says what to write"),
    better(same("a stray line above a good profile", b"hello\n[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys", "default | - | no, line 1"]), &["ConfigParseError"], "one line keeps no other profile from being used"),
    better(same("a word alone in one profile", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\nhello\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys", "b | - | no, line 6"]), &["ConfigParseError"], "only its own profile can't be used"),
    better(same("a line without a key", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\n= x\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys", "b | - | no, line 6"]), &["ConfigParseError"], "the same"),
    better(same("comments of other languages", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\n// note\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys", "b | - | no, line 6"]), &["ConfigParseError"], "the same"),
    better(same("a heading without an end", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys", "b | - | no, line 5"]), &["ConfigParseError"], "the same"),
    same("a nested setting", b"[profile a]\nregion = eu-central-1\ns3 =\n  addressing_style = path\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    better(same("a nested line without =", b"[profile a]\nregion = eu-central-1\ns3 =\n  path\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["ConfigParseError"], "nothing of it is needed to sign in"),
    same("[default] and [profile default]", b"[default]\nregion = us-east-1\n[profile default]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["default | eu-central-1 | keys"]),
    better(same("[profile default] and [default]", b"[profile default]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[default]\nregion = us-east-1\n", b"", &["default | eu-central-1 | keys"]), &["default | us-east-1 | no"], "the more exact heading counts, as in the SDK"),
    better(same("key and secret in two files", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", b"[a]\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["a | eu-central-1 | keys"]), &["a | eu-central-1 | no"], "together they are whole, as in the SDK"),
    same("the same key in both files", b"[profile a]\nregion = us-east-1\n", b"[a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["a | eu-central-1 | keys"]),
    same("the older name of the token", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\naws_security_token = t\n", b"", &["a | eu-central-1 | keys"]),
    same("an access key without secret", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", b"", &["a | eu-central-1 | no"]),
    same("no-break spaces", b"[profile a]\n\xc2\xa0region\xc2\xa0=\xc2\xa0eu-central-1\xc2\xa0\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("a form feed", b"[profile a]\n\x0cregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("a key with a space", b"[profile a]\nregion = eu-central-1\nsome thing = x\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]),
    same("[profile a] in the credentials", b"", b"[profile a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["profile a | - | keys"]),
    better(same("spaces in the brackets, credentials", b"", b"[ a ]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["a | eu-central-1 | keys"]), &[" a  | eu-central-1 | keys"], "the name has no spaces, as in the SDK"),
    same("a name with a space, credentials", b"", b"[my prof]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["my prof | eu-central-1 | keys"]),
    better(same("an empty value", b"[profile a]\nregion = eu-central-1\nrole_arn =\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | eu-central-1 | keys"]), &["a | eu-central-1 | no"], "a setting without a value is none"),
    better(same("a role", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\n", b"", &["a | eu-central-1 | keys", "b | eu-central-1 | role"]), &["a | eu-central-1 | keys", "b | - | role"], "the region of the profile below, as in the SDK"),
    better(same("a role of a role", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\n[profile c]\nrole_arn = arn:aws:iam::123456789012:role/y\nsource_profile = b\nregion = us-east-1\n", b"", &["a | eu-central-1 | keys", "b | eu-central-1 | role", "c | us-east-1 | role"]), &["a | eu-central-1 | keys", "b | - | role", "c | us-east-1 | role"], "the same"),
    same("a role of a quoted profile", b"[profile \"my prof\"]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = my prof\n", b"", &["b | eu-central-1 | role", "my prof | eu-central-1 | keys"]),
    same("a role of itself", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\n", b"", &["a | eu-central-1 | role"]),
    same("a role of nobody", b"[profile a]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = gone\n", b"", &["a | eu-central-1 | no"]),
    better(same("a role of a broken profile", b"[profile b]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\n[profile a]\nhello\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", b"", &["a | - | no, line 6", "b | eu-central-1 | no, line 6"]), &["ConfigParseError"], "it names the line in the other profile"),
    same("a role without source", b"[profile a]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\n", b"", &["a | eu-central-1 | no"]),
    same("a role with both sources", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\ncredential_source = Environment\n", b"", &["a | eu-central-1 | keys", "b | eu-central-1 | no"]),
    same("roles in a circle", b"[profile b]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = c\n[profile c]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = b\n", b"", &["b | eu-central-1 | no", "c | eu-central-1 | no"]),
    better(same("a role that wants a code", b"[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n[profile b]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\nregion = eu-central-1\nmfa_serial = arn:aws:iam::123456789012:mfa/x\n", b"", &["a | eu-central-1 | keys", "b | eu-central-1 | no"]), &["a | eu-central-1 | keys", "b | eu-central-1 | role"], "nobody can be asked for the code in a window; it says so"),
    same("web identity", b"[profile a]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nweb_identity_token_file = @FOLDER@/token\n", b"", &["a | eu-central-1 | web"]),
    same("a program", b"[profile a]\nregion = eu-central-1\ncredential_process = /bin/echo '{\"Version\": 1, \"AccessKeyId\": \"ASIA1234567890123456\", \"SecretAccessKey\": \"s\", \"SessionToken\": \"t ; #1\"}'\n", b"", &["a | eu-central-1 | process"]),
    same("a program and keys", b"[profile a]\nregion = eu-central-1\ncredential_process = /bin/false\n", b"[a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = abcdefghijklmnopqrstuvwxyzabcdefghijklmn\n", &["a | eu-central-1 | keys"]),
    same("a program in two lines", b"[profile a]\nregion = eu-central-1\ncredential_process = /bin/echo\n  '{\"Version\": 1, \"AccessKeyId\": \"ASIA1234567890123456\", \"SecretAccessKey\": \"s\", \"SessionToken\": \"t ; #1\"}'\n", b"", &["a | eu-central-1 | process"]),
    same("sso-session", b"[profile a]\nregion = eu-central-1\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_start_url = https://example.awsapps.com/start#/\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | sso"]),
    same("a quoted sso-session", b"[profile a]\nregion = eu-central-1\nsso_session = my org\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session \"my org\"]\nsso_start_url = https://example.awsapps.com/start#/\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | sso"]),
    same("sso without session", b"[profile a]\nregion = eu-central-1\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = Admin\n", b"", &["a | eu-central-1 | sso"]),
    same("a missing sso-session", b"[profile a]\nregion = eu-central-1\nsso_session = gone\nsso_account_id = 123456789012\nsso_role_name = Admin\n", b"", &["a | eu-central-1 | no"]),
    same("an sso-session without URL", b"[profile a]\nregion = eu-central-1\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | no"]),
    same("an sso profile with the same URL again", b"[profile a]\nregion = eu-central-1\nsso_session = corp\nsso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_start_url = https://example.awsapps.com/start#/\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | sso"]),
    same("an sso profile with another region", b"[profile a]\nregion = eu-central-1\nsso_session = corp\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = Admin\n[sso-session corp]\nsso_start_url = https://example.awsapps.com/start#/\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | no"]),
    same("sso without a role", b"[profile a]\nregion = eu-central-1\nsso_session = corp\nsso_account_id = 123456789012\n[sso-session corp]\nsso_start_url = https://example.awsapps.com/start#/\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | no"]),
    same("a role of sso", b"[profile a]\nregion = eu-central-1\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n[profile b]\nregion = eu-central-1\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = a\n[sso-session corp]\nsso_start_url = https://example.awsapps.com/start#/\nsso_region = eu-west-1\n", b"", &["a | eu-central-1 | sso", "b | eu-central-1 | role"]),
    same("a profile with nothing but a region", b"[profile a]\nregion = eu-central-1\n", b"", &["a | eu-central-1 | no"]),
    same("empty files", b"# nothing\n", b"\n", &[]),
];
