package maestro.secret.read_test

import data.maestro.fixtures_test as f
import data.maestro.secret.read

named(name) := object.union(f.secret, {"secret": {"name": name}})

test_own_secret_for_each_purpose if {
	every purpose in ["check", "open", "rotate"] {
		read.allow with input as object.union(f.secret, {"secret": {"purpose": purpose}})
		read.deny == set() with input as object.union(f.secret, {"secret": {"purpose": purpose}})
	}
}

test_shared_secret if read.deny == set() with input as named("shared/database")

test_secret_of_another_instance if {
	f.ids(read.deny) == {"secret-of-other-instance"} with input as named("instance/other/key")
	f.ids(read.deny) == {"secret-of-other-instance"} with input as named("instance/files2/key")
}

test_other_purpose if {
	f.ids(read.deny) == {"secret-purpose-unknown"} with input as object.union(f.secret, {"secret": {"purpose": "curiosity"}})
	f.ids(read.deny) == {"secret-purpose-unknown"} with input as json.remove(f.secret, ["/secret/purpose"])
}

test_other_scope if {
	f.ids(read.deny) == {"secret-of-other-scope"} with input as object.union(f.secret, {"principal": {"environment": "dev"}})
	f.ids(read.deny) == {"secret-of-other-scope"} with input as object.union(f.secret, {"principal": {"tenant": "globex"}})
}

test_nobody_else if {
	every principal in [f.tenant_admin, f.platform_admin, f.developer, f.service] {
		not read.allow with input as f.by(f.secret, principal)
		"not-entitled-to-read-secrets" in f.ids(read.deny) with input as f.by(f.secret, principal)
	}
}

test_nothing_is_allowed_without_an_input if not read.allow with input as {}

test_silence_is_not_consent if {
	"secret-not-described" in f.ids(read.deny) with input as object.remove(f.secret, ["secret"])
	"secret-not-described" in f.ids(read.deny) with input as json.remove(f.secret, ["/secret/instance"])
}

test_a_profile_has_a_say if {
	minding := {"strict": {"secret": {"read": {"deny": {{"rule": "no", "mode": "enforce"}}, "require_approval": {{"rule": "two", "mode": "enforce"}}}}}}
	f.ids(read.deny) == {"no"} with input as f.secret with data.settings as {"platform": {"profile": "strict"}} with data.maestro.profiles as minding
	f.ids(read.require_approval) == {"two"} with input as f.secret with data.settings as {"platform": {"profile": "strict"}} with data.maestro.profiles as minding
}
