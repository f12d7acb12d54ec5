//! Requests held against AWS's own descriptions of its services, as botocore carries them: what the services would not
//! understand is a mistake of the client, however patient moto is.

mod form;
mod json;
mod model;
mod rest;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::call::Call;
use model::Model;

/// Service as signatures name it, and botocore's folder.
const SERVICES: &[(&str, &str)] = &[
    ("ec2", "ec2/2016-11-15"),
    ("sts", "sts/2011-06-15"),
    ("iam", "iam/2010-05-08"),
    ("ssm", "ssm/2014-11-06"),
    ("pricing", "pricing/2017-10-15"),
    ("servicequotas", "service-quotas/2019-06-24"),
    ("sso", "sso/2019-06-10"),
    ("sso-oidc", "sso-oidc/2019-06-10"),
    ("signin", "signin/2023-01-01"),
];

/// The descriptions.
pub struct Models(HashMap<&'static str, Model>);

impl Models {
    /// Reads them from the botocore of a Python environment.
    ///
    /// # Panics
    /// Where there is none.
    pub fn load(programs: &Path) -> Self {
        let data = botocore(programs).unwrap_or_else(|| panic!("no botocore beside {}", programs.display()));
        let read = |(service, folder): &(&'static str, &str)| {
            let file = data.join(folder).join("service-2.json.gz");
            let model = Model::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            (*service, model)
        };
        Models(SERVICES.iter().map(read).collect())
    }

    /// What the service would not understand; of services without a description nothing.
    pub fn violations(&self, call: &Call) -> Vec<String> {
        let Some(model) = self.0.get(call.service.as_str()) else {
            return Vec::new();
        };
        let Some(input) = model.input(&call.action) else {
            return vec!["there is no such action".to_owned()];
        };
        let mut found = Vec::new();
        match input {
            None => {}
            Some(shape) if model.is_rest() => rest::check(model, shape, call, &mut found),
            Some(shape) if call.json.is_null() => form::check(model, shape, &call.params, &mut found),
            Some(shape) => json::check(model, shape, &call.json, &mut found),
        }
        found
    }
}

/// `lib/python3.*/site-packages/botocore/data` of a virtual environment.
fn botocore(programs: &Path) -> Option<PathBuf> {
    let folders = std::fs::read_dir(programs.parent()?.join("lib")).ok()?;
    let data = |folder: std::fs::DirEntry| folder.path().join("site-packages/botocore/data");
    folders.flatten().map(data).find(|data| data.is_dir())
}
