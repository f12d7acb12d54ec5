//! The proxy as a server on loopback, and how a test gets one.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answer::Answer;
use crate::call::Call;
use crate::cloud::Cloud;
use crate::moto::{self, Moto};
use crate::rack::{Rack, Times};
use crate::racks::{Paper, Processes};
use crate::validate::Models;
use crate::{control, route};

/// How often machines are looked after while nobody asks for them.
const LOOK: Duration = Duration::from_millis(250);

/// What kind of cloud is wanted.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// A moto that runs already; else one is started.
    pub moto: Option<String>,
    /// Programs of the Python environment.
    pub python: PathBuf,
    /// Where this workspace's programs are.
    pub programs: PathBuf,
    /// Where instances run.
    pub instances: Instances,
}

/// Where instances run.
#[derive(Debug, Clone, Copy)]
pub enum Instances {
    /// As processes with the real agent, this many times quicker than life.
    Processes {
        /// 1 is life.
        speed: f64,
    },
    /// On paper, by the clock.
    Paper(Times),
}

impl Options {
    /// A cloud of its own for a test, below whose target folder everything is found.
    pub fn of_test(instances: Instances) -> Self {
        let own = std::env::current_exe().expect("the test's own path");
        let programs = own.parent().and_then(std::path::Path::parent);
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            moto: None,
            python: moto::python_folder(),
            programs: programs.expect("the folder of the programs").to_owned(),
            instances,
        }
    }
}

/// A running cloud.
pub struct TestCloud {
    /// The `AWS_ENDPOINT_URL` of it.
    pub url: String,
    /// What is behind it.
    pub cloud: Arc<Cloud>,
    tasks: Vec<JoinHandle<()>>,
    _folder: TempDir,
}

impl TestCloud {
    /// Starts moto, then the proxy in front of it.
    ///
    /// # Panics
    /// Where either can't be started.
    pub async fn start(options: Options) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let moto = match &options.moto {
            Some(url) => Moto::at(url),
            None => Moto::start(&options.python.join("moto_server"), folder.path()).await,
        };
        let rack: Box<dyn Rack> = match options.instances {
            Instances::Paper(times) => Box::new(Paper::new(times)),
            Instances::Processes { speed } => {
                let program = |name: &str| options.programs.join(name);
                let machine = program("slipway-practice-machine");
                let bootstrap = program("slipway-test-bootstrap");
                Box::new(Processes::open(
                    &folder.path().join("machines"),
                    machine,
                    bootstrap,
                    speed,
                ))
            }
        };
        let cloud = Arc::new(Cloud::new(moto, rack, Models::load(&options.python)));
        let listener = TcpListener::bind(options.listen)
            .await
            .expect("the address is free");
        let address = listener.local_addr().expect("a bound address");
        let tasks = vec![
            tokio::spawn(serve(listener, Arc::clone(&cloud))),
            tokio::spawn(look_after(Arc::clone(&cloud))),
        ];
        TestCloud {
            url: format!("http://{address}"),
            cloud,
            tasks,
            _folder: folder,
        }
    }

    /// Removes all instances, then stops.
    pub async fn stop(mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
        }
        self.cloud.rack.clear().await;
    }
}

impl Drop for TestCloud {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Machines are brought on by whoever reads of them.
async fn look_after(cloud: Arc<Cloud>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let one = cloud.world.known().instances.keys().next().cloned();
        if let Some(id) = one {
            cloud.rack.look(&id).await;
        }
    }
}

async fn serve(listener: TcpListener, cloud: Arc<Cloud>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(LOOK).await;
            continue;
        };
        let cloud = Arc::clone(&cloud);
        let service = service_fn(move |request| handle(Arc::clone(&cloud), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .serve_connection(TokioIo::new(stream), service);
        // One that breaks is either a fault that a test asked for or the client's business.
        tokio::spawn(async move { drop(connection.await) });
    }
}

/// An error breaks the connection without a word, as a lost answer does.
async fn handle(cloud: Arc<Cloud>, request: Request<Incoming>) -> io::Result<Answer> {
    let (head, body) = request.into_parts();
    let body: Bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();
    if head.uri.path().starts_with(control::PREFIX) {
        return Ok(control::respond(&cloud, &head, &body).await);
    }
    let mut call = Call::new(head, body);
    call.place.access_key = cloud.sign_ins.account_key(&call.key);
    // A client that goes away must not take a half-done request with it.
    let answering = tokio::spawn(async move { route::respond(&cloud, &call).await });
    let answer = answering.await.map_err(io::Error::other)?;
    answer.ok_or_else(|| io::Error::other("this answer is lost on purpose"))
}
