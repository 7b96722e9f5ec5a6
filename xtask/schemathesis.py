"""Fuzzes every operation of a running demo. Started by schemathesis.sh.

Most addresses name a row. Invented ids only ever meet "not found", so a family with one row of each kind is made first
and its ids are what the generated requests aim at.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

URL, PROGRAM = os.environ["MAGFIN_URL"], os.environ["MAGFIN_BIN"]
# The firm admin of the sample firm: nobody may do more.
USER = "priya@quietharbor.example"
EXAMPLES, WORKERS = 25, 2

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
]
# Answered with a redirect to the identity provider, which the client follows: what comes back is not our answer. A stream
# of events has no end to wait for; its own tests read it.
ELSEWHERE = ["/api/auth/login", "/api/auth/callback", "/api/auth/provider-logout", "/api/live"]

# One row of each kind; a value that begins with `$` is the id of a row made before.
ROWS = {
    "people": {"first_name": "Fay", "last_name": "Zeller", "birth_date": "1960-02-29"},
    "entities": {"kind": "trust", "name": "Zeller Trust"},
    "entity-roles": {"entity_id": "$entities", "person_id": "$people", "role": "trustee"},
    "professionals": {"kind": "CPA", "name": "Ada Ledger"},
    "contact-points": {"kind": "phone", "value": "+1 505 555 0100"},
    "accounts": {"name": "Brokerage", "registration": "individual", "source": "manual"},
    "account-owners": {"account_id": "$accounts", "person_id": "$people"},
    "beneficiaries": {"account_id": "$accounts", "person_id": "$people", "designation": "primary"},
    "balances": {"account_id": "$accounts", "amount": "10.00", "currency": "USD", "as_of": "2026-06-01"},
    "liabilities": {"name": "Mortgage"},
    "insurance-policies": {"kind": "life"},
    "goals": {"title": "A boat"},
    "notes": {"body": "Met."},
    "tasks": {"title": "Call"},
    "open-loops": {"text": "An answer", "direction": "we_owe"},
}


def call(key: str, path: str, body: dict | None = None) -> dict:
    """One request as the firm admin."""
    request = urllib.request.Request(
        URL + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"authorization": f"Bearer {key}", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def family(key: str) -> dict[str, str]:
    """The ids of a new family and its rows, by noun."""
    team = call(key, "/api/me")["teams"][0]["id"]
    ids = {"households": call(key, "/api/households", {"name": "Fuzzed family", "type": "client", "team_id": team})["id"]}
    for noun, fields in ROWS.items():
        body = {k: ids[v[1:]] if v.startswith("$") else v for k, v in fields.items()}
        made = call(key, f"/api/households/{ids['households']}/{noun}", body)
        if noun == "people":
            ids["memberships"] = made["membership"]["id"]
            made = made["person"]
        ids[noun] = made["id"]
    ids["users"] = call(key, "/api/users", {"name": "Fuzzed user", "email": f"{ids['households']}@example.test", "role": "read_only"})["id"]
    ids["teams"] = call(key, "/api/teams", {"name": f"Fuzzed team {ids['households']}"})["id"]
    ids["tiers"] = call(key, "/api/tiers", {"name": f"Fuzzed {ids['households']}"[:40]})["id"]
    upload = {"kind": "archive", "label": "book.zip", "size": 1, "part_size": 65536, "fingerprint": "0" * 64}
    ids["uploads"] = call(key, "/api/uploads", upload)["id"]
    ids["note-templates"] = call(key, "/api/note-templates", {"name": f"Fuzzed {ids['notes']}", "body": "- "})["id"]
    ids["feedback"] = call(key, "/api/feedback", {"text": "Slow", "page": "/tasks"})["id"]
    return ids


def config(ids: dict[str, str]) -> str:
    """Aims operations at those rows; the key comes from the environment, so that no file and no command line shows it."""
    lines = [
        "[auth.openapi]",
        'api_key = { bearer = "${MAGFIN_API_KEY}" }',
        "[parameters]",
        f'household_id = "{ids["households"]}"',
    ]
    # The demo has no Clerk: that this says 503 is right, and the description names it.
    lines += ["[[operations]]", 'include-path = "/api/auth/clerk"', "checks = { not_a_server_error = { expected-statuses = ['2xx', '4xx', '503'] } }"]
    for noun, row in ids.items():
        lines += ["[[operations]]", f"include-path-regex = '^/api/{noun}/\\{{id\\}}'", f'parameters = {{ id = "{row}" }}']
    return "\n".join(lines) + "\n"


def main() -> int:
    made = subprocess.run([PROGRAM, "token", "create", "--user", USER, "--label", "fuzzer"], check=True, capture_output=True, text=True)
    key = made.stdout.strip()
    with tempfile.TemporaryDirectory() as work:
        settings, report = Path(work, "schemathesis.toml"), Path(work, "report.json")
        settings.write_text(config(family(key)))
        command = ["st", "--config-file", str(settings), "run", f"{URL}/api/openapi.json"]
        command += ["--phases", "coverage,fuzzing", "--checks", ",".join(CHECKS), "--continue-on-failure"]
        command += ["--max-examples", str(EXAMPLES), "--workers", str(WORKERS)]
        command += ["--generation-deterministic", "--request-timeout", "30"]
        command += ["--warnings", "off", "--report", "json", "--report-json-path", str(report)]
        for path in ELSEWHERE:
            command += ["--exclude-path", path]
        done = subprocess.run(command, env={**os.environ, "MAGFIN_API_KEY": key}, cwd=work)
        told = json.loads(report.read_text())
    return close(told, done.returncode)


def close(told: dict, code: int) -> int:
    """Counts by operation: one passes when none of its answers broke a rule. Prints the closing line."""
    tested = told["operations"]["tested"]
    failed = len({operation for failure in told["failures"] for operation in failure["operations"]})
    failed += told["operations"]["errored"]
    if failed == 0 and (code != 0 or tested == 0 or not told["complete"]):
        failed = 1  # It ended early, or failed for a reason that names no operation.
    print(f"\n{max(tested - failed, 0)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
