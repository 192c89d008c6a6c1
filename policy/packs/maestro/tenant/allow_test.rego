package maestro.tenant.allow_test

import data.maestro.fixtures_test as f
import data.maestro.tenant.allow

wanting(settings) := object.union(object.remove(f.allow, ["configuration"]), {"configuration": settings})

watched(settings) := f.tenant(object.union({"dualControl": true}, settings))

needs_approval(reasons) if f.ids(reasons) == {"loosening-needs-approval"}

loosened(reasons) := {name | some reason in reasons; some name in reason.facts.loosened}

test_platform_admin if {
	allow.allow with input as f.allow
	f.ids(allow.deny) == set() with input as f.allow
}

test_nobody_else if {
	every principal in [f.tenant_admin, f.developer, f.reviewer, f.auditor, object.union(f.platform_admin, {"tenant": "acme"})] {
		f.ids(allow.deny) == {"not-entitled-to-change-settings"} with input as f.by(f.allow, principal)
	}
}

test_wanted_profile_unknown if {
	f.ids(allow.deny) == {"wanted-profile-unknown"} with input as wanting({"profile": "gone"})
	f.ids(allow.deny) == {"wanted-profile-unknown"} with input as f.allow with data.settings as {"platform": {"profile": "gone"}}
}

test_the_profile_of_the_nodes if {
	allow.wanted_profile == "hosted-saas" with input as wanting({}) with data.settings as {"node": {"profile": "hosted-saas"}}
	allow.wanted_dual_control == false with input as wanting({}) with data.settings as {"node": {"profile": "hosted-saas"}}
	allow.wanted_dual_control with input as wanting({"profile": "hosted-saas"}) with data.settings as {"node": {"profile": "hosted-saas"}}
	allow.wanted_dual_control with input as wanting({}) with data.settings as {"platform": {"profile": "hosted-saas"}}
}

test_without_dual_control_one_is_enough if {
	allow.require_approval == set() with input as wanting({"maxRisk": "high"}) with data.settings as f.tenant({"maxRisk": "low"})
}

test_narrowing_takes_one if {
	allow.require_approval == set() with input as wanting({"dualControl": true, "maxRisk": "low", "regions": ["eu-central-1"]}) with data.settings as watched({"maxRisk": "high", "regions": ["eu-central-1", "eu-west-1"]})
}

test_loosening_takes_two if {
	cases := [[{"maxRisk": "high"}, {"maxRisk": "low"}, "maxRisk"], [{"dualControl": false}, {}, "dualControl"], [{}, {}, "dualControl"], [{"profile": "white-label"}, {}, "profile"], [{"allowedAdapterTypes": ["storage", "identity"]}, {"allowedAdapterTypes": ["storage"]}, "allowedAdapterTypes"], [{}, {"allowedAdapterTypes": ["storage"]}, "allowedAdapterTypes"], [{"allowedPublishers": ["maestro", "partner"]}, {"allowedPublishers": ["maestro"]}, "allowedPublishers"], [{"regions": ["us-east-1"]}, {"regions": ["eu-central-1"]}, "regions"], [{"productionEnvironments": ["live"]}, {}, "productionEnvironments"]]
	every case in cases {
		reasons := allow.require_approval with input as wanting(case[0]) with data.settings as watched(case[1])
		needs_approval(reasons)
		case[2] in loosened(reasons)
	}
}

test_falling_back_to_the_installation if {
	allow.require_approval == set() with input as wanting({}) with data.settings as {"platform": {"dualControl": true, "maxRisk": "low", "regions": ["eu-central-1"], "productionEnvironments": ["live"]}}
	allow.require_approval == set() with input as wanting({"dualControl": true}) with data.settings as watched({})
}

test_silence_is_not_consent if {
	every path in ["/principal/id", "/scope", "/configuration"] {
		"settings-not-described" in f.ids(allow.deny) with input as json.remove(f.allow, [path])
	}
}
