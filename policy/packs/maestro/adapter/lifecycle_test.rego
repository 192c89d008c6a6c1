package maestro.adapter.lifecycle_test

import data.maestro.adapter.call
import data.maestro.adapter.configure
import data.maestro.adapter.install
import data.maestro.adapter.rollback
import data.maestro.adapter.start
import data.maestro.adapter.stop
import data.maestro.adapter.submit
import data.maestro.adapter.uninstall
import data.maestro.adapter.upgrade
import data.maestro.fixtures_test as f

of(adapter) := object.union(f.install, {"adapter": adapter})

in_region(region) := object.union(f.install, {"configuration": {"region": region}})

everyone_else := [f.developer, f.auditor, f.reviewer, f.service, f.publisher, f.stranger, f.nobody, f.system("drop-folder")]

test_admins_do_everything_on_instances if {
	every principal in [f.platform_admin, f.tenant_admin] {
		install.allow with input as f.by(f.install, principal)
		configure.allow with input as f.by(f.configure, principal)
		upgrade.allow with input as f.by(f.upgrade, principal)
		rollback.allow with input as f.by(f.rollback, principal)
		start.allow with input as f.by(f.start, principal)
		stop.allow with input as f.by(f.stop, principal)
		uninstall.allow with input as f.by(f.uninstall, principal)
	}
}

test_nothing_is_against_it if {
	f.ids(install.deny) == set() with input as f.install
	f.ids(configure.deny) == set() with input as f.configure
	f.ids(upgrade.deny) == set() with input as f.upgrade
	f.ids(rollback.deny) == set() with input as f.rollback
	f.ids(start.deny) == set() with input as f.start
	f.ids(stop.deny) == set() with input as f.stop
	f.ids(uninstall.deny) == set() with input as f.uninstall
	f.ids(call.deny) == set() with input as f.call
	f.ids(submit.deny) == set() with input as f.submit
}

test_others_do_nothing_on_instances if {
	every principal in everyone_else {
		f.ids(install.deny) == {"not-entitled-to-install"} with input as f.by(f.install, principal)
		f.ids(configure.deny) == {"not-entitled-to-configure"} with input as f.by(f.configure, principal)
		f.ids(upgrade.deny) == {"not-entitled-to-upgrade"} with input as f.by(f.upgrade, principal)
		f.ids(rollback.deny) == {"not-entitled-to-roll-back"} with input as f.by(f.rollback, principal)
		f.ids(start.deny) == {"not-entitled-to-start"} with input as f.by(f.start, principal)
		f.ids(stop.deny) == {"not-entitled-to-stop"} with input as f.by(f.stop, principal)
		f.ids(uninstall.deny) == {"not-entitled-to-uninstall"} with input as f.by(f.uninstall, principal)
	}
}

test_nothing_is_allowed_without_an_input if {
	not install.allow with input as {}
	not call.allow with input as {}
	not submit.allow with input as {}
}

test_who_submits if {
	every principal in [f.platform_admin, f.publisher, f.system("drop-folder")] {
		submit.allow with input as f.by(f.submit, principal)
		f.ids(submit.deny) == set() with input as f.by(f.submit, principal)
	}
	every principal in [f.tenant_admin, f.developer, f.reviewer, f.system("upgrade"), object.union(f.publisher, {"tenant": "acme"})] {
		f.ids(submit.deny) == {"not-entitled-to-submit"} with input as f.by(f.submit, principal)
	}
}

test_who_calls if {
	every principal in [f.platform_admin, f.tenant_admin, f.developer, f.service, f.system("identity")] {
		call.allow with input as f.by(f.call, principal)
	}
	every principal in [f.auditor, f.stranger, f.nobody] {
		f.ids(call.deny) == {"not-entitled-to-call"} with input as f.by(f.call, principal)
	}
}

test_submitting_minds_the_publisher if {
	f.ids(submit.deny) == {"publisher-not-allowed"} with input as f.submit with data.settings as {"platform": {"allowedPublishers": ["partner"]}}
}

test_submitting_does_not_mind_the_risk if {
	f.ids(submit.deny) == set() with input as object.union(f.submit, {"adapter": {"adapter_risk_level": "high"}}) with data.settings as {"platform": {"maxRisk": "low"}}
}

test_risk_above_the_limit if {
	f.ids(install.deny) == {"risk-above-limit"} with input as f.install with data.settings as f.tenant({"maxRisk": "low"})
	f.ids(start.deny) == {"risk-above-limit"} with input as f.start with data.settings as f.tenant({"maxRisk": "low"})
	f.ids(install.deny) == set() with input as f.install with data.settings as f.tenant({"maxRisk": "medium"})
}

test_a_risk_that_is_no_word_of_ours if {
	f.ids(install.deny) == {"risk-unknown"} with input as of({"adapter_risk_level": "tiny"})
}

test_a_limit_that_is_no_word_of_ours_lets_nothing_through if {
	f.ids(install.deny) == {"risk-above-limit"} with input as f.install with data.settings as f.tenant({"maxRisk": "extreme"})
}

test_type_not_allowed if {
	identity_only := f.tenant({"allowedAdapterTypes": ["identity"]})
	f.ids(install.deny) == {"adapter-type-not-allowed"} with input as f.install with data.settings as identity_only
	f.ids(call.deny) == {"adapter-type-not-allowed"} with input as f.call with data.settings as identity_only
	f.ids(install.deny) == {"adapter-type-not-allowed"} with input as f.install with data.settings as f.tenant({"allowedAdapterTypes": []})
	f.ids(install.deny) == set() with input as f.install with data.settings as f.tenant({"allowedAdapterTypes": ["identity", "storage"]})
}

test_publisher_not_allowed if {
	f.ids(install.deny) == {"publisher-not-allowed"} with input as f.install with data.settings as f.tenant({"allowedPublishers": ["partner"]})
}

test_region_not_allowed if {
	europe := f.tenant({"regions": ["eu-central-1", "eu-west-1"]})
	f.ids(install.deny) == {"region-not-allowed"} with input as in_region("us-east-1") with data.settings as europe
	f.ids(configure.deny) == {"region-not-allowed"} with input as object.union(f.configure, {"configuration": {"region": "us-east-1"}}) with data.settings as europe
	f.ids(install.deny) == set() with input as in_region("eu-west-1") with data.settings as europe
}

test_region_unknown if {
	europe := f.tenant({"regions": ["eu-central-1"]})
	f.ids(install.deny) == {"region-unknown"} with input as object.remove(f.install, ["configuration"]) with data.settings as europe
	f.ids(install.deny) == set() with input as object.union(object.remove(f.install, ["configuration"]), {"adapter": {"type": "identity"}}) with data.settings as europe
	f.ids(install.deny) == set() with input as object.remove(f.install, ["configuration"]) with data.settings as {}
}

test_profile_unknown if {
	gone := f.tenant({"profile": "gone", "maxRisk": "high"})
	f.ids(install.deny) == {"profile-unknown"} with input as f.install with data.settings as gone
	f.ids(call.deny) == {"profile-unknown"} with input as f.call with data.settings as gone
	f.ids(stop.deny) == set() with input as f.stop with data.settings as gone
}

test_an_adapter_asks_for_an_approval if {
	f.ids(install.require_approval) == {"adapter-requires-approval"} with input as of({"requires_approval": true})
	f.ids(install.require_approval) == set() with input as f.install
}

test_high_risk_under_dual_control if {
	high := of({"adapter_risk_level": "high"})
	f.ids(install.require_approval) == {"high-risk-needs-approval"} with input as high with data.settings as f.tenant({"dualControl": true})
	f.ids(install.require_approval) == set() with input as high with data.settings as f.tenant({"dualControl": false})
	f.ids(configure.require_approval) == {"high-risk-needs-approval"} with input as object.union(f.configure, {"adapter": {"adapter_risk_level": "high"}}) with data.settings as f.tenant({"dualControl": true})
	f.ids(upgrade.require_approval) == {"high-risk-needs-approval"} with input as object.union(f.upgrade, {"adapter": {"adapter_risk_level": "high"}}) with data.settings as f.tenant({"dualControl": true})
	f.ids(rollback.require_approval) == {"high-risk-needs-approval"} with input as object.union(f.rollback, {"adapter": {"adapter_risk_level": "high"}}) with data.settings as f.tenant({"dualControl": true})
}

test_deleting_in_production_under_dual_control if {
	f.ids(uninstall.require_approval) == {"production-delete-needs-approval"} with input as f.uninstall with data.settings as f.tenant({"dualControl": true})
	f.ids(uninstall.require_approval) == set() with input as object.union(f.uninstall, {"scope": {"environment": "dev"}}) with data.settings as f.tenant({"dualControl": true})
	f.ids(uninstall.require_approval) == set() with input as f.uninstall with data.settings as {}
}

test_platform_admins_uninstall_definitions if {
	uninstall.allow with input as f.uninstall_definition
	f.ids(uninstall.deny) == set() with input as f.uninstall_definition
	f.ids(uninstall.require_approval) == set() with input as f.uninstall_definition
	every principal in array.concat(everyone_else, [f.tenant_admin]) {
		f.ids(uninstall.deny) == {"not-entitled-to-uninstall"} with input as f.by(f.uninstall_definition, principal)
	}
	"instance-not-described" in f.ids(uninstall.deny) with input as object.union(f.uninstall_definition, {"action": "instance.delete"})
	every path in ["/principal/id", "/principal/kind", "/subject"] {
		"instance-not-described" in f.ids(uninstall.deny) with input as json.remove(f.uninstall_definition, [path])
	}
}

test_upgrade_goes_up if {
	every version in ["1.0.0", "0.9.9", "1.0.0-rc.1"] {
		"upgrade-not-newer" in f.ids(upgrade.deny) with input as object.union(f.upgrade, {"adapter": {"version": version}})
	}
	f.ids(upgrade.deny) == set() with input as object.union(f.upgrade, {"adapter": {"version": "10.0.0"}})
}

test_rollback_goes_down if {
	every version in ["1.0.0", "1.0.1"] {
		f.ids(rollback.deny) == {"rollback-not-older"} with input as object.union(f.rollback, {"adapter": {"version": version}})
	}
}

test_a_higher_risk_is_pointed_out if {
	reasons := upgrade.deny with input as object.union(f.upgrade, {"current": {"adapter_risk_level": "low"}})
	[reason.mode | some reason in reasons] == ["warn"]
	f.ids(reasons) == {"upgrade-raises-risk"}
}

test_silence_is_not_consent if {
	required := ["/subject/name", "/adapter/name", "/adapter/version", "/adapter/type", "/adapter/publisher", "/adapter/adapter_risk_level", "/adapter/data_sensitivity", "/adapter/requires_approval", "/adapter/permissions"]
	every path in required {
		"adapter-not-described" in f.ids(install.deny) with input as json.remove(f.install, [path])
		"adapter-not-described" in f.ids(call.deny) with input as json.remove(f.call, [path])
		"adapter-not-described" in f.ids(submit.deny) with input as json.remove(f.submit, [path])
	}
	every path in ["/principal/id", "/principal/kind", "/scope", "/scope/tenant", "/scope/environment", "/subject"] {
		"instance-not-described" in f.ids(install.deny) with input as json.remove(f.install, [path])
		"instance-not-described" in f.ids(call.deny) with input as json.remove(f.call, [path])
		"instance-not-described" in f.ids(stop.deny) with input as json.remove(f.stop, [path])
		"instance-not-described" in f.ids(uninstall.deny) with input as json.remove(f.uninstall, [path])
	}
	f.ids(upgrade.deny) == {"upgrade-not-newer"} with input as object.remove(f.upgrade, ["current"])
	f.ids(rollback.deny) == {"rollback-not-older"} with input as object.remove(f.rollback, ["current"])
}

# a profile that minds everything
strict := {"strict": {"defaults": {"max_risk": "high", "dual_control": false}, "adapter": {name: minding | some name in ["install", "configure", "upgrade", "rollback", "start", "stop", "uninstall", "call", "submit"]}}}

minding := {"deny": {{"rule": "no", "mode": "enforce"}}, "require_approval": {{"rule": "two", "mode": "enforce"}}}

test_a_profile_has_a_say_in_everything if {
	set_to_strict := {"platform": {"profile": "strict"}}
	"no" in f.ids(install.deny) with input as f.install with data.settings as set_to_strict with data.maestro.profiles as strict
	"no" in f.ids(submit.deny) with input as f.submit with data.settings as set_to_strict with data.maestro.profiles as strict
	"two" in f.ids(submit.require_approval) with input as f.submit with data.settings as set_to_strict with data.maestro.profiles as strict
	"no" in f.ids(stop.deny) with input as f.stop with data.settings as set_to_strict with data.maestro.profiles as strict
	"two" in f.ids(stop.require_approval) with input as f.stop with data.settings as set_to_strict with data.maestro.profiles as strict
	"two" in f.ids(start.require_approval) with input as f.start with data.settings as set_to_strict with data.maestro.profiles as strict
	"no" in f.ids(uninstall.deny) with input as f.uninstall with data.settings as set_to_strict with data.maestro.profiles as strict
	"two" in f.ids(call.require_approval) with input as f.call with data.settings as set_to_strict with data.maestro.profiles as strict
	"two" in f.ids(rollback.require_approval) with input as f.rollback with data.settings as set_to_strict with data.maestro.profiles as strict
}
