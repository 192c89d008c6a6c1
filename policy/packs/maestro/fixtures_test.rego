# METADATA
# title: Fixtures
# description: Questions that tests start from. Each is allowed as it stands, in every profile.
package maestro.fixtures_test

platform_admin := {"id": "token:8c0cf9b40fa3f1b5", "kind": "token", "person": "token:8c0cf9b40fa3f1b5", "roles": ["platform_admin"]}

tenant_admin := {"id": "user:login/ada", "kind": "user", "person": "user:login/ada", "roles": ["tenant_admin"], "tenant": "acme"}

other_tenant_admin := {"id": "user:login/cleo", "kind": "user", "person": "user:login/cleo", "roles": ["tenant_admin"], "tenant": "acme"}

developer := {"id": "user:login/bob", "kind": "user", "person": "user:login/bob", "roles": ["tenant_developer"], "tenant": "acme"}

auditor := {"id": "user:login/eve", "kind": "user", "person": "user:login/eve", "roles": ["auditor"]}

reviewer := {"id": "user:login/rita", "kind": "user", "person": "user:login/rita", "roles": ["reviewer"]}

publisher := {"id": "token:5a5a5a5a5a5a5a5a", "kind": "token", "person": "user:login/paul", "roles": ["publisher"]}

service := {"id": "token:1b1b1b1b1b1b1b1b", "kind": "token", "person": "user:login/ada", "roles": ["service"]}

stranger := {"id": "user:login/zoe", "kind": "user", "person": "user:login/zoe", "roles": ["tenant_admin"], "tenant": "globex"}

nobody := {"id": "user:login/new", "kind": "user", "person": "user:login/new", "roles": []}

system(name) := {"id": sprintf("system:%s", [name]), "kind": "system", "roles": []}

adapter := {"name": "storage-s3", "version": "1.0.0", "type": "storage", "publisher": "maestro", "digest": "sha256:6c99bc384f60cfd398d6b9b61f31c53319bc530424bf0c57dc442400f74d420f", "adapter_risk_level": "medium", "data_sensitivity": "confidential", "requires_approval": false, "permissions": {"hosts": ["s3.eu-central-1.amazonaws.com"], "imports": [], "files": false}}

question(entry_point, action, principal, more) := object.union({"entryPoint": entry_point, "action": action, "principal": principal, "scope": {"tenant": "acme", "environment": "prod"}, "subject": {"type": "adapter-instance", "name": "files"}, "time": "2026-11-26T23:00:00Z", "correlationId": "bd4d694810bfaec406947b2783b2dce8"}, more)

configuration := {"endpoint": "https://s3.eu-central-1.amazonaws.com", "region": "eu-central-1", "bucket": "acme-files"}

install := question("adapter/install", "instance.create", tenant_admin, {"adapter": adapter, "configuration": configuration})

configure := question("adapter/configure", "instance.configure", tenant_admin, {"adapter": adapter, "configuration": configuration})

upgrade := question("adapter/upgrade", "instance.upgrade", tenant_admin, {"adapter": object.union(adapter, {"version": "1.1.0"}), "configuration": configuration, "current": {"version": "1.0.0", "adapter_risk_level": "medium"}})

rollback := question("adapter/rollback", "instance.rollback", tenant_admin, {"adapter": object.union(adapter, {"version": "0.9.0"}), "configuration": configuration, "current": {"version": "1.0.0", "adapter_risk_level": "medium"}})

start := question("adapter/start", "instance.start", tenant_admin, {"adapter": adapter, "configuration": configuration})

stop := question("adapter/stop", "instance.stop", tenant_admin, {"adapter": adapter, "configuration": configuration})

uninstall := question("adapter/uninstall", "instance.delete", tenant_admin, {"adapter": adapter, "configuration": configuration})

uninstall_definition := installed(question("adapter/uninstall", "adapter-definition.uninstall", platform_admin, {"adapter": adapter, "subject": {"type": "adapter-definition", "name": "storage-s3@1.0.0"}}))

call := question("adapter/call", "instance.call", developer, {"adapter": adapter, "operation": "put_object"})

submit := installed(question("adapter/submit", "adapter-definition.install", publisher, {"adapter": adapter, "subject": {"type": "adapter-definition", "name": "storage-s3@1.0.0"}}))

secret := question("secret/read", "secret.read", object.union(system("adapters"), {"tenant": "acme", "environment": "prod"}), {"subject": {"type": "secret", "name": "instance/files/secretAccessKey"}, "secret": {"name": "instance/files/secretAccessKey", "purpose": "open", "instance": "files"}})

allow := of_tenant(question("tenant/allow", "policy-settings.put", platform_admin, {"subject": {"type": "tenant", "name": "acme"}, "configuration": {"regions": ["eu-central-1"]}}))

residency := question("data/residency", "data.store", developer, {"adapter": adapter, "configuration": configuration, "data": {"region": "eu-central-1", "kind": "evidence"}})

decide := question("approval/decide", "approval.approve", reviewer, {"subject": {"type": "approval", "name": "0197a1b2"}, "request": {"id": "0197a1b2", "entryPoint": "adapter/install", "action": "instance.create", "requestedBy": "user:login/ada", "requestedByPerson": "user:login/ada", "verdict": "approve", "reason": "read the evidence"}})

act := question("act", "secret.put", tenant_admin, {"subject": {"type": "secret", "name": "shared/database"}})

# the same question, asked by somebody else
by(asked, principal) := object.union(object.remove(asked, ["principal"]), {"principal": principal})

# the same question about the installation, or about all of the tenant
installed(asked) := object.union(object.remove(asked, ["scope"]), {"scope": {}})

of_tenant(asked) := object.union(object.remove(asked, ["scope"]), {"scope": {"tenant": "acme"}})

# the ids of the reasons that a person gets to see
ids(reasons) := {reason.rule | some reason in reasons; reason.mode != "shadow"}

tenant(settings) := {"tenants": {"acme": settings}}
