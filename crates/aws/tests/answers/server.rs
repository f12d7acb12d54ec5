//! A server that answers every request as a test says, and remembers what was asked.

use std::sync::{Arc, Mutex};

use slipway_aws::{Access, AgentProgram, AwsCloud, AwsOptions, Files, Surroundings};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request, as far as tests look at it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Such as `RunInstances`, of the form or of the target header.
    pub action: String,
    /// The region that it was signed for.
    pub region: String,
    /// The body.
    pub body: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    date: Option<String>,
    body: String,
}

/// A good answer.
pub fn ok(body: impl Into<String>) -> Reply {
    Reply {
        status: 200,
        date: None,
        body: body.into(),
    }
}

/// A refusal in EC2's form.
pub fn refuse(status: u16, code: &str, message: &str) -> Reply {
    let body = format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>\
         <RequestID>6f2c-1</RequestID></Response>"
    );
    Reply {
        status,
        date: None,
        body,
    }
}

/// A refusal in the form of STS.
pub fn refuse_sts(status: u16, code: &str) -> Reply {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
    );
    Reply {
        status,
        date: None,
        body,
    }
}

impl Reply {
    /// With this in its `Date` header.
    pub fn dated(mut self, date: &str) -> Self {
        self.date = Some(date.to_owned());
        self
    }
}

type Answer = dyn FnMut(&Asked) -> Reply + Send;

/// The server.
pub struct World {
    endpoint: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl World {
    /// Starts it.
    pub async fn start(answer: impl FnMut(&Asked) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Mutex<Box<Answer>>> = Arc::new(Mutex::new(Box::new(answer)));
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, log) = (answer.clone(), log.clone());
                tokio::spawn(async move { serve(stream, &answer, &log).await });
            }
        });
        World { endpoint, asked }
    }

    /// The adapter in this world.
    pub fn cloud(&self) -> AwsCloud {
        cloud_at(&self.endpoint)
    }

    /// What was asked so far, of one action.
    pub fn asked(&self, action: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|asked| asked.action == action)
            .cloned()
            .collect()
    }
}

/// The adapter at an endpoint.
pub fn cloud_at(endpoint: &str) -> AwsCloud {
    let options = AwsOptions {
        access: Access::Keys {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI".to_owned().into(),
            session: None,
        },
        region: "eu-central-1".into(),
        agent: AgentProgram::Built("agent.exe".into()),
    };
    let surroundings = Surroundings {
        endpoint: Some(endpoint.to_owned()),
        who_am_i: format!("{endpoint}/who"),
        files: Files::from_env(),
    };
    AwsCloud::open_in(options, surroundings)
}

async fn serve(stream: TcpStream, answer: &Mutex<Box<Answer>>, log: &Mutex<Vec<Asked>>) {
    let mut stream = BufReader::new(stream);
    let asked = read(&mut stream).await;
    let reply = (answer.lock().unwrap())(&asked);
    log.lock().unwrap().push(asked);
    let date = reply
        .date
        .map_or_else(String::new, |date| format!("Date: {date}\r\n"));
    let head = format!(
        "HTTP/1.1 {} X\r\nConnection: close\r\n{date}Content-Length: {}\r\nx-amzn-requestid: 6f2c-1\r\n\r\n",
        reply.status,
        reply.body.len()
    );
    let text = head + &reply.body;
    let _ = stream.get_mut().write_all(text.as_bytes()).await;
}

async fn read(stream: &mut BufReader<TcpStream>) -> Asked {
    let (mut target, mut region, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            "x-amz-target" => target = value.split('.').next_back().unwrap().to_owned(),
            "authorization" => region = value.split('/').nth(2).unwrap_or_default().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let body = String::from_utf8(body).unwrap();
    let in_form = body
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="))
        .map(str::to_owned);
    Asked {
        action: in_form.unwrap_or(target),
        region,
        body,
    }
}
