package maestro.act_test

import data.maestro.act
import data.maestro.fixtures_test as f

done(action, principal) := object.union(f.by(f.act, principal), {"action": action})

of_installation(action, principal) := f.installed(done(action, principal))

watched := {"platform": {"dualControl": true}}

test_admins_act if {
	act.allow with input as f.act
	act.allow with input as of_installation("tenant.create", f.platform_admin)
	f.ids(act.deny) == set() with input as f.act
}

test_others_do_not if {
	every principal in [f.developer, f.auditor, f.reviewer, f.service, f.publisher, f.stranger, f.nobody] {
		f.ids(act.deny) == {"not-entitled-to-act"} with input as done("secret.put", principal)
	}
	f.ids(act.deny) == {"not-entitled-to-act"} with input as of_installation("tenant.create", f.tenant_admin)
}

test_everybody_begins_and_ends_sessions if {
	every principal in [f.developer, f.auditor, f.nobody] {
		every action in ["session.begin", "session.end"] {
			act.allow with input as f.of_tenant(done(action, principal))
			act.allow with input as of_installation(action, principal)
		}
	}
	not act.allow with input as f.of_tenant(done("session.end", f.stranger))
	not act.allow with input as of_installation("session.begin", f.system("drop-folder"))
}

test_the_server_does_its_own if {
	act.allow with input as of_installation("token.create", f.system("bootstrap"))
	act.allow with input as of_installation("signing-key.introduce", f.system("provenance"))
	act.allow with input as of_installation("master-key.record", f.system("secrets"))
	act.allow with input as done("instance.hand-over-secrets", f.system("upgrade"))
	not act.allow with input as of_installation("tenant.create", f.system("bootstrap"))
}

test_nothing_is_allowed_without_an_input if not act.allow with input as {}

test_weighty_acts_take_two if {
	every action in ["tenant.offboard", "publisher-key.trust"] {
		f.ids(act.require_approval) == {"weighty-act-needs-approval"} with input as of_installation(action, f.platform_admin) with data.settings as watched
		act.require_approval == set() with input as of_installation(action, f.platform_admin) with data.settings as {}
	}
}

test_deleting_production_takes_two if {
	f.ids(act.require_approval) == {"environment-delete-needs-approval"} with input as deleting("prod") with data.settings as watched
	act.require_approval == set() with input as deleting("dev") with data.settings as watched
	act.require_approval == set() with input as deleting("prod") with data.settings as {}
}

deleting(environment) := object.union(done("environment.delete", f.tenant_admin), {"subject": {"type": "environment", "name": environment}})

test_changing_the_policy_takes_two if {
	f.ids(act.require_approval) == {"policy-change-needs-approval"} with input as of_installation("policy-pack.push", f.platform_admin) with data.settings as watched
	act.require_approval == set() with input as of_installation("policy-pack.push", f.platform_admin) with data.settings as {}
	act.require_approval == set() with input as f.of_tenant(done("policy-pack.push", f.tenant_admin)) with data.settings as watched
}

test_making_a_second_person_takes_two if {
	every role in ["platform_admin", "tenant_admin", "reviewer"] {
		f.ids(act.require_approval) == {"grant-needs-approval"} with input as granting([role]) with data.settings as watched
	}
	f.ids(act.require_approval) == {"grant-needs-approval"} with input as of_installation("token.create", f.platform_admin) with data.settings as watched
	act.require_approval == set() with input as granting(["tenant_developer", "service"]) with data.settings as watched
	act.require_approval == set() with input as granting(["platform_admin"]) with data.settings as {}
	act.require_approval == set() with data.settings as watched with input as object.union(of_installation("token.create", f.system("bootstrap")), {"configuration": {"roles": ["platform_admin"]}})
}

test_so_does_a_provider_that_gives_out_approving_roles if {
	every action in ["identity-provider.create", "identity-provider.change"] {
		every role in ["platform_admin", "tenant_admin", "reviewer"] {
			f.ids(act.require_approval) == {"grant-needs-approval"} with input as providing(action, [role]) with data.settings as watched
		}
		f.ids(act.require_approval) == {"grant-needs-approval"} with input as of_installation(action, f.platform_admin) with data.settings as watched
		act.require_approval == set() with input as providing(action, ["tenant_developer", "service"]) with data.settings as watched
		act.require_approval == set() with input as providing(action, ["platform_admin"]) with data.settings as {}
	}
}

providing(action, roles) := object.union(of_installation(action, f.platform_admin), {"configuration": {"roles": roles}})

granting(roles) := object.union(of_installation("token.create", f.platform_admin), {"configuration": {"roles": roles}})

test_silence_is_not_consent if {
	f.ids(act.deny) == {"act-not-described"} with input as json.remove(f.act, ["/action"])
	f.ids(act.deny) == {"act-not-described"} with input as json.remove(f.act, ["/subject"])
}
