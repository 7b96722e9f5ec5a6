//! KMS as moto speaks it, and who administers it in a test.

use magfin_clients::keys::KmsKey;
use serde_json::{Value, json};

use crate::common::moto::{self, Moto};

/// A key that no server has.
pub const SOME_KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

pub struct Peer(Moto);

pub async fn start() -> Option<Peer> {
    Some(Peer(moto::start().await?))
}

pub fn config(endpoint: &str, key: &str) -> KmsKey {
    KmsKey {
        region: "us-east-1".to_owned(),
        key: key.to_owned(),
        endpoint: Some(endpoint.parse().unwrap()),
        access_key: "test".to_owned(),
        secret_key: "test".to_owned().into(),
    }
}

impl Peer {
    pub fn config(&self, key: &str) -> KmsKey {
        config(&self.0.endpoint, key)
    }

    /// A new key's ARN.
    pub async fn key(&self) -> String {
        let made = self.administer("CreateKey", &json!({})).await;
        made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
    }

    pub async fn disable(&self, arn: &str) {
        self.administer("DisableKey", &json!({"KeyId": arn.rsplit('/').next().unwrap()})).await;
    }

    async fn administer(&self, action: &str, body: &Value) -> Value {
        let request = self.0.client.post(&self.0.endpoint).header("x-amz-target", format!("TrentService.{action}"));
        let request = request.header("authorization", scope("kms")).header("content-type", "application/x-amz-json-1.1");
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{action}: {}", answer.status());
        let text = answer.text().await.unwrap();
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    /// From here on every request must be signed. Gives the id and secret of one who may use every key.
    pub async fn ask_for_signatures(&self) -> (String, String) {
        self.identity("Action=CreateUser&UserName=magfin").await;
        let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C\
                      %22Action%22%3A%22kms%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
        self.identity(&format!("Action=PutUserPolicy&UserName=magfin&PolicyName=kms&PolicyDocument={policy}")).await;
        let made = self.identity("Action=CreateAccessKey&UserName=magfin").await;
        let part = |name: &str| made.split_once(&format!("<{name}>")).unwrap().1.split('<').next().unwrap().to_owned();
        let reset = format!("{}/moto-api/reset-auth", self.0.endpoint);
        assert!(self.0.client.post(reset).body("0").send().await.unwrap().status().is_success());
        (part("AccessKeyId"), part("SecretAccessKey"))
    }

    async fn identity(&self, form: &str) -> String {
        let request = self.0.client.post(&self.0.endpoint).header("authorization", scope("iam"));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(format!("{form}&Version=2010-05-08"));
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{form}: {}", answer.status());
        answer.text().await.unwrap()
    }
}

/// It asks for no signature, but wants to know the service.
fn scope(service: &str) -> String {
    format!("AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0")
}
