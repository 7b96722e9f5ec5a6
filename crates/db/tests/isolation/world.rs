//! A database in which every relation holds a row of the victim's.

use magfin_testkit::app::START_S;
use magfin_testkit::{TestApp, TestDb, Who};
use serde_json::json;
use uuid::Uuid;

/// Who is who. The victim is Will of firm A with one household; Evan has another team of the same firm.
#[derive(Debug)]
pub struct World {
    /// The victim's firm.
    pub firm: Uuid,
    /// The victim's household.
    pub household: Uuid,
    /// The victim's team.
    pub team: Uuid,
    /// The victim.
    pub will: Uuid,
    /// A colleague of another team, and a household of his own.
    pub evan: Uuid,
    /// His household.
    pub evans_household: Uuid,
    /// Compliance.
    pub cleo: Uuid,
    /// Read only, in the victim's team.
    pub rhea: Uuid,
    /// Client service, in the victim's team.
    pub sam: Uuid,
    /// The firm's admin.
    pub priya: Uuid,
    /// A note that the victim keeps to himself.
    pub private_note: Uuid,
    /// Another firm.
    pub other_firm: Uuid,
    /// Its advisor.
    pub other_advisor: Uuid,
    /// Its admin.
    pub other_admin: Uuid,
    /// The database.
    pub db: TestDb,
}

impl World {
    /// Fills a database and leaves it, so that it can be copied.
    pub async fn make() -> Self {
        let t = TestApp::start().await;
        let victims = t.household(&t.a, Who::Will, "will").await;
        let evans = t.household(&t.a, Who::Evan, "evan").await;
        let others = t.household(&t.b, Who::Will, "will").await;
        let private = json!({"body": "For me alone", "privacy": "private"});
        let private = t.browser(&t.a, Who::Will).await.post(&format!("/api/households/{}/notes", victims.id), &private).await.expect(201);
        let private_note: Uuid = private["id"].as_str().unwrap().parse().unwrap();
        for (firm, who, home) in [(&t.a, Who::Will, &victims), (&t.a, Who::Evan, &evans), (&t.b, Who::Will, &others)] {
            t.sign_in(firm, who).await;
            t.api_key(firm, who, None).await;
            let (f, u) = (firm.id.0, firm.user(who).0);
            t.db.execute(format!(
                "insert into idempotency_keys (firm_id, user_id, key, request_hash, entity) values ('{f}', '{u}', 'k', '\\x00', 'notes');
                 insert into imports (firm_id, kind, user_id, label) values ('{f}', 'legacy', '{u}', 'a run');
                 insert into import_refs select '{f}', 'household', '{u}', '{h}', '\\x00', id from imports where user_id = '{u}';
                 insert into jobs (firm_id, kind, user_id) values ('{f}', 'test.job', '{u}');
                 insert into events (firm_id, user_id, kind, household_id) values ('{f}', '{u}', 'test.event', '{h}');
                 insert into profiles (firm_id, user_id, signature) values ('{f}', '{u}', 'Kind regards');
                 insert into invites (firm_id, user_id, token_hash, created_by, created_at, expires_at)
                   values ('{f}', '{u}', decode(repeat('07', 32), 'hex'), '{u}', now(), now());
                 insert into tiers (firm_id, name, position) values ('{f}', '{u}', 1);
                 insert into presence values ('{f}', '{u}', '{u}', '{h}', 'notes', now(), now() + interval '30 s');
                 insert into uploads (firm_id, id, user_id, kind, label, fingerprint, size, part_size, expires_at)
                   values ('{f}', '{u}', '{u}', 'folder', 'a book', decode(repeat('00', 32), 'hex'), 1, 65536, now());
                 insert into upload_blocks values ('{f}', '{u}', 0, 0, '{u}', '\\x00');
                 insert into upload_rows values ('{f}', '{u}', 0, '{u}', 'notes', 'refused', 'empty', '\\x00');
                 insert into saved_views (firm_id, user_id, name, scope, query) values ('{f}', '{u}', 'a view', 'private', '{{}}');
                 insert into drafts (firm_id, user_id, household_id, note_id, body, written_in, turn, updated_at)
                   values ('{f}', '{u}', '{h}', '{n}', 'a draft', '{u}', 1, now());
                 insert into notifications (firm_id, user_id, from_id, kind, household_id, entity, entity_id, at)
                   values ('{f}', '{u}', '{u}', 'mention', '{h}', 'notes', '{n}', now());
                 insert into household_keys (firm_id, id, household_id, wrapped_by, wrapped, created_at) values ('{f}', '{u}', '{h}', 'file/1', '\\x00', now());
                 insert into brain_files (firm_id, id, household_id, path, version) values ('{f}', '{u}', '{h}', 'facts.md', 1);
                 insert into brain_versions (firm_id, id, file_id, household_id, version, bytes, key_id, wrapped_key, sealed_sha256, user_id, source, request_id, at)
                   values ('{f}', '{u}', '{u}', '{h}', 1, 1, '{u}', decode(repeat('00', 40), 'hex'), decode(repeat('00', 32), 'hex'), '{u}', 'ui', 'r', now());
                 insert into retention_classes (firm_id, id, record, years, basis, proposed_by, proposed_at) values ('{f}', '{u}', 'former', 5, 'a rule', '{u}', now());
                 insert into legal_holds (firm_id, id, household_id, reason, placed_by, placed_at) values ('{f}', '{u}', '{h}', 'a dispute', '{u}', now());
                 insert into erasures (firm_id, id, household_id, reason, requested_by, requested_at) values ('{f}', '{u}', '{h}', 'a wish', '{u}', now());
                 insert into feedback (firm_id, user_id, text, page, created_at) values ('{f}', '{u}', 'slow', '/tasks', now())",
                h = home.id,
                n = home.row("notes")
            ))
            .await;
        }
        // A mention of the author in it, whose body is made to name him.
        t.db.execute(format!(
            "alter table notes disable trigger user;
             update notes set body = '@[Will](user:{u})' where id = '{private_note}';
             update notes set body = '@[Will](user:' || author_id || ')' where author_id is not null and privacy = 'team';
             alter table notes enable trigger user;
             insert into notifications (firm_id, user_id, from_id, kind, household_id, entity, entity_id, at)
               values ('{f}', '{u}', '{u}', 'mention', '{h}', 'notes', '{private_note}', now())",
            f = t.a.id,
            u = t.a.user(Who::Will),
            h = victims.id
        ))
        .await;
        t.db.execute(format!(
            "insert into login_flows values (decode(repeat('00', 32), 'hex'), '{{}}', to_timestamp({START_S}));
             insert into rate_limits values ('{}', now()) on conflict do nothing",
            t.a.user(Who::Will)
        ))
        .await;
        for (firm, home) in [(&t.a, &victims), (&t.b, &others)] {
            t.log(firm).await;
            // A log of a few leaves has no whole tile and no witness.
            t.db.execute(format!(
                "insert into audit_tiles select '{f}', 0, count(*), decode(repeat('00', 32), 'hex'), decode(repeat('00', 8192), 'hex') from audit_tiles;
                 insert into audit_cosignatures select '{f}', 1, '{h}', 'a line', now()",
                f = firm.id,
                h = home.id
            ))
            .await;
        }
        t.app.db.close().await;
        let TestApp { a, b, db, .. } = t;
        Self {
            firm: a.id.0,
            household: victims.id.0,
            team: a.team("will").0,
            will: a.user(Who::Will).0,
            evan: a.user(Who::Evan).0,
            evans_household: evans.id.0,
            cleo: a.user(Who::Cleo).0,
            rhea: a.user(Who::Rhea).0,
            sam: a.user(Who::Sam).0,
            priya: a.user(Who::Priya).0,
            private_note,
            other_firm: b.id.0,
            other_advisor: b.user(Who::Will).0,
            other_admin: b.user(Who::Priya).0,
            db,
        }
    }

    /// The same world in a database of its own.
    pub async fn copy(&self) -> Self {
        Self { db: self.db.copy().await, ..*self }
    }
}
