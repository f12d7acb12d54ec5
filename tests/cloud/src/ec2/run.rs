//! RunInstances: exactly one instance for a client token, and a machine behind it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use slipway_core::cloud::ImageState;
use xmltree::Element;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ec2::describe;
use crate::params::Params;
use crate::rack::Guest;
use crate::world::Seat;
use crate::xml;

/// Largest user data, before base64 (EC2 User Guide, “User data”).
const MAX_USER_DATA: usize = 16 * 1024;
/// What Windows images come with.
pub const DISK_GIB: u32 = 30;

/// Launches, or answers again what was answered to the same token.
pub async fn run(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    // One at a time: two requests with one token may come at once.
    let _turn = cloud.turn.lock().await;
    let token = call.params.get("ClientToken").map(str::to_owned);
    if let Some(token) = &token
        && let Some(again) = again(cloud, call, token)?
    {
        return shown(cloud, again).await;
    }
    let user_data = user_data(&call.params)?;
    let public_key = public_key(cloud, call).await?;
    check_image(cloud, &call.params).await?;
    let mut params = call.params.clone();
    // moto would keep what a client sent for one instance for all: the token is the proxy's business.
    params.remove("ClientToken");
    let answer = cloud.moto.edited(call, &params).await?;
    let instances = xml::items(&answer, "instancesSet");
    let ids: Vec<(String, Vec<String>)> = instances
        .iter()
        .map(|item| (xml::text(item, "instanceId"), groups(item)))
        .collect();
    let refused = cloud.rules().disk_key_refused;
    for (id, groups) in ids {
        let address = cloud.world.known().new_address();
        let seat = Seat {
            place: call.place.clone(),
            token: token.clone(),
            request: call.params.clone(),
            answer: answer.clone(),
            address,
            groups,
            disk_gib: disk(&call.params),
            ended: refused.then(|| "Client.InternalError: Client error on launch".to_owned()),
        };
        cloud.world.known().instances.insert(id.clone(), seat);
        cloud.created(&id);
        let guest = Guest {
            id: id.clone(),
            address,
            public_key: public_key.clone(),
            image: call.params.get("ImageId").unwrap_or_default().to_owned(),
            size: call.params.get("InstanceType").unwrap_or("m1.small").to_owned(),
            disk_gib: disk(&call.params),
            user_data: user_data.clone(),
            tags: call.params.tags_for("instance"),
        };
        let boarded = cloud.rack.board(guest).await;
        boarded.map_err(|reason| Refusal {
            code: "InternalError".into(),
            message: reason,
            status: 500,
        })?;
        if refused {
            drop(cloud.rack.terminate(&id).await);
        }
    }
    shown(cloud, answer).await
}

async fn shown(cloud: &Cloud, mut answer: Element) -> Result<Answer, Refusal> {
    describe::mend(cloud, xml::items_mut(&mut answer, "instancesSet")).await;
    Ok(answer::ec2(&answer))
}

/// The first answer to a token (“Ensuring idempotency in Amazon EC2 API requests”).
fn again(cloud: &Cloud, call: &Call, token: &str) -> Result<Option<Element>, Refusal> {
    let known = cloud.world.known();
    let Some((_, seat)) = known.by_token(&call.place, token) else {
        return Ok(None);
    };
    if sorted(&seat.request) == sorted(&call.params) {
        return Ok(Some(seat.answer.clone()));
    }
    Err(Refusal::new(
        "IdempotentParameterMismatch",
        "The client token you have provided is associated with a resource that is already in use by different \
         request parameters.",
    ))
}

fn sorted(params: &Params) -> Vec<(String, String)> {
    let mut pairs = params.0.clone();
    pairs.sort();
    pairs
}

fn user_data(params: &Params) -> Result<String, Refusal> {
    let sent = params.get("UserData").unwrap_or_default();
    let bytes = BASE64.decode(sent).map_err(|_| {
        Refusal::new(
            "InvalidUserData.Malformed",
            "Invalid BASE64 encoding of user data.",
        )
    })?;
    if bytes.len() > MAX_USER_DATA {
        return Err(Refusal::new(
            "InvalidParameterValue",
            format!("User data is limited to {MAX_USER_DATA} bytes"),
        ));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The key pair's public half, as moto has it; empty where no key pair is asked for.
async fn public_key(cloud: &Cloud, call: &Call) -> Result<String, Refusal> {
    let Some(name) = call.params.get("KeyName") else {
        return Ok(String::new());
    };
    let asked = Params::from([("KeyName.1", name), ("IncludePublicKey", "true")]);
    let found = cloud.moto.ask(&call.place, "DescribeKeyPairs", asked).await?;
    let keys = xml::items(&found, "keySet");
    let key = keys
        .first()
        .map(|key| xml::text(key, "publicKey"))
        .unwrap_or_default();
    if key.starts_with("ssh-ed25519") {
        return Err(Refusal::new(
            "Unsupported",
            "ED25519 key pairs are not supported with Windows AMIs. Choose a different key pair type and try again.",
        ));
    }
    Ok(key)
}

async fn check_image(cloud: &Cloud, params: &Params) -> Result<(), Refusal> {
    let image = params.get("ImageId").unwrap_or_default();
    match cloud.rack.image_seen(image).await {
        Some((state, _)) if state != ImageState::Available => Err(Refusal::new(
            "InvalidAMIID.Unavailable",
            format!("The image ID '[{image}]' is not available"),
        )),
        _ => Ok(()),
    }
}

fn disk(params: &Params) -> u32 {
    let sizes = params.indexes("BlockDeviceMapping").into_iter();
    let size = |index| {
        params
            .get(&format!("BlockDeviceMapping.{index}.Ebs.VolumeSize"))?
            .parse()
            .ok()
    };
    sizes.filter_map(size).next().unwrap_or(DISK_GIB)
}

/// Groups of the instance, or of its interfaces where the request named those.
fn groups(item: &Element) -> Vec<String> {
    let interfaces = xml::items(item, "networkInterfaceSet").into_iter();
    let mut groups: Vec<String> = std::iter::once(item)
        .chain(interfaces)
        .flat_map(|holder| xml::items(holder, "groupSet"))
        .map(|group| xml::text(group, "groupId"))
        .collect();
    groups.sort();
    groups.dedup();
    groups
}
