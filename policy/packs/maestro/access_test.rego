package maestro.access_test

import data.maestro.access
import data.maestro.fixtures_test as f

asked_by(principal) := f.by(f.act, principal)

confined(environment) := asked_by(object.union(f.tenant_admin, {"environment": environment}))

test_platform_admin_manages_everything if access.manages with input as asked_by(f.platform_admin)

test_tenant_admin_manages_their_tenant if access.manages with input as asked_by(f.tenant_admin)

test_tenant_admin_manages_no_other_tenant if not access.manages with input as asked_by(f.stranger)

test_tenant_admin_does_not_manage_the_installation if not access.manages with input as f.installed(f.act)

test_admin_of_an_environment_manages_it if access.manages with input as confined("prod")

test_admin_of_an_environment_manages_no_other if not access.manages with input as confined("dev")

test_admin_of_an_environment_does_not_manage_the_tenant if not access.manages with input as f.of_tenant(confined("prod"))

test_platform_admin_of_a_tenant_is_none if {
	not access.manages with input as asked_by(object.union(f.platform_admin, {"tenant": "globex"}))
}

test_a_tenant_that_is_null_is_not_the_installation if {
	not access.manages with input as asked_by(object.union(f.platform_admin, {"tenant": null}))
}

test_others_do_not_manage if {
	every principal in [f.developer, f.auditor, f.reviewer, f.publisher, f.service, f.nobody, f.system("adapters")] {
		not access.manages with input as asked_by(principal)
	}
}

test_who_calls if {
	every principal in [f.platform_admin, f.tenant_admin, f.developer, f.service, object.union(f.service, {"tenant": "acme"})] {
		access.calls with input as asked_by(principal)
	}
}

test_who_does_not_call if {
	every principal in [f.auditor, f.reviewer, f.publisher, f.stranger, f.nobody, object.union(f.service, {"tenant": "globex"})] {
		not access.calls with input as asked_by(principal)
	}
}

test_the_server_calls_for_logins if {
	access.calls with input as f.by(f.call, f.system("identity"))
	access.calls with input as f.by(f.call, f.system("residency"))
	access.calls with input as f.by(f.residency, f.system("residency"))
	not access.calls with input as f.by(f.residency, f.system("identity"))
	not access.calls with input as f.by(f.call, f.system("provenance"))
}

test_a_part_of_the_server_does_only_its_own if {
	access.acts_by_itself with input as f.by(f.submit, f.system("drop-folder"))
	not access.acts_by_itself with input as f.by(f.install, f.system("drop-folder"))
	access.acts_by_itself with input as object.union(f.by(f.act, f.system("upgrade")), {"action": "instance.hand-over-secrets"})
	not access.acts_by_itself with input as object.union(f.by(f.act, f.system("upgrade")), {"action": "token.create"})
	not access.acts_by_itself with input as f.by(f.act, f.system("unheard-of"))
}

test_nobody_passes_for_the_server if {
	not access.acts_by_itself with input as f.by(f.submit, {"id": "system:drop-folder", "kind": "user", "roles": []})
}

test_who_is_told_as_people_write_it if {
	access.who == "user:login/new (no role)" with input as asked_by(f.nobody)
	access.who == "user:login/ada (tenant_admin of acme)" with input as asked_by(f.tenant_admin)
	access.who == "user:login/ada (tenant_admin of acme/dev)" with input as confined("dev")
	access.who == "user:login/eve (auditor)" with input as asked_by(f.auditor)
}

test_confines if {
	access.confines == "the installation" with input as asked_by(f.auditor)
	access.confines == "acme" with input as asked_by(f.tenant_admin)
	access.confines == "acme/dev" with input as confined("dev")
}
