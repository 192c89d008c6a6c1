package maestro.approval.decide_test

import data.maestro.approval.decide
import data.maestro.fixtures_test as f

by(principal) := f.by(f.decide, principal)

colleague := object.union(f.tenant_admin, {"id": "user:login/cleo", "person": "user:login/cleo"})

test_who_decides if {
	every principal in [f.platform_admin, f.reviewer, colleague] {
		decide.allow with input as by(principal)
		decide.deny == set() with input as by(principal)
	}
}

test_who_does_not if {
	every principal in [f.developer, f.auditor, f.stranger, f.publisher, object.union(f.reviewer, {"tenant": "acme"})] {
		f.ids(decide.deny) == {"not-entitled-to-decide"} with input as by(principal)
	}
}

test_not_ones_own if f.ids(decide.deny) == {"own-request"} with input as by(f.tenant_admin)

test_not_with_a_second_token if {
	f.ids(decide.deny) == {"own-request"} with input as by(object.union(f.tenant_admin, {"id": "token:2222", "kind": "token"}))
}

test_not_when_the_persons_differ_but_the_id_is_the_same if {
	f.ids(decide.deny) == {"own-request"} with input as by(object.union(f.tenant_admin, {"person": "user:login/x"}))
}

test_not_when_nobody_knows_who if {
	f.ids(decide.deny) == {"person-unknown"} with input as by(object.remove(colleague, ["person"]))
	f.ids(decide.deny) == {"person-unknown"} with input as json.remove(f.decide, ["/request/requestedByPerson"])
}

test_not_without_a_reason if {
	f.ids(decide.deny) == {"decision-without-reason"} with input as object.union(f.decide, {"request": {"reason": " "}})
	f.ids(decide.deny) == {"decision-without-reason"} with input as json.remove(f.decide, ["/request/reason"])
}

test_silence_is_not_consent if {
	every path in ["/request/id", "/request/entryPoint", "/request/action", "/request/requestedBy", "/request/verdict", "/request"] {
		"request-not-described" in f.ids(decide.deny) with input as json.remove(f.decide, [path])
	}
}
