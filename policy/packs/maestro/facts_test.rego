package maestro.facts_test

import data.maestro.facts
import data.maestro.fixtures_test as f

everything := {"profile": "white-label", "maxRisk": "low", "dualControl": true, "allowedAdapterTypes": ["storage"], "allowedPublishers": ["partner"], "regions": ["us-east-1"], "productionEnvironments": ["live"]}

seen := {"profile": facts.profile, "maxRisk": facts.max_risk, "dualControl": facts.dual_control, "allowedAdapterTypes": facts.allowed_adapter_types, "allowedPublishers": facts.allowed_publishers, "regions": facts.regions, "productionEnvironments": facts.production_environments}

test_tenant_goes_first if {
	seen == everything with input as f.install with data.settings as {"tenants": {"acme": everything}, "platform": {"profile": "hosted-saas", "maxRisk": "high", "dualControl": false, "allowedAdapterTypes": [], "allowedPublishers": [], "regions": ["eu-central-1"], "productionEnvironments": []}}
}

test_then_the_installation if seen == everything with input as f.install with data.settings as {"platform": everything}

test_settings_of_other_tenants_do_not_count if {
	facts.max_risk == "high" with input as f.install with data.settings as {"tenants": {"globex": everything}}
}

test_a_no_is_an_answer if {
	facts.dual_control == false with input as f.install with data.settings as {"platform": {"dualControl": true}, "tenants": {"acme": {"dualControl": false}}}
}

test_then_the_profile if {
	facts.max_risk == "medium" with input as f.install with data.settings as f.tenant({"profile": "hosted-saas"})
	facts.dual_control with input as f.install with data.settings as f.tenant({"profile": "hosted-saas"})
}

test_without_a_profile_the_strictest if {
	facts.max_risk == "low" with input as f.install with data.settings as f.tenant({"profile": "gone"})
	facts.dual_control with input as f.install with data.settings as f.tenant({"profile": "gone"})
}

test_then_what_the_nodes_were_started_with if {
	facts.profile == "hosted-saas" with input as f.install with data.settings as of_the_node({})
	facts.max_risk == "medium" with input as f.install with data.settings as of_the_node({})
	facts.profile == "white-label" with input as f.install with data.settings as of_the_node({"profile": "white-label"})
}

test_two_persons_only_once_somebody_chose_the_profile if {
	facts.dual_control == false with input as f.install with data.settings as of_the_node({})
	facts.dual_control with input as f.install with data.settings as of_the_node({"profile": "hosted-saas"})
	facts.dual_control with input as f.install with data.settings as of_the_node({"dualControl": true})
	facts.dual_control with input as f.install with data.settings as object.union(of_the_node({}), f.tenant({"profile": "hosted-saas"}))
}

of_the_node(platform) := {"node": {"profile": "hosted-saas"}, "platform": platform}

test_without_settings_internal if facts.profile == "internal" with input as f.install with data.settings as {}

test_production if {
	facts.production with input as f.install
	not facts.production with input as object.union(f.install, {"scope": {"environment": "dev"}})
	facts.production with input as object.union(f.install, {"scope": {"environment": "eu"}}) with data.settings as f.tenant({"productionEnvironments": ["eu"]})
}

test_region_as_configured if facts.region == "eu-central-1" with input as f.install

test_region_of_the_node if {
	facts.region == "eu-west-3" with input as on_the_node with data.settings as {"platform": {"region": "eu-west-3"}}
	not facts.region with input as on_the_node with data.settings as {}
}

on_the_node := object.union(object.remove(f.install, ["configuration"]), {"adapter": {"permissions": {"hosts": []}}})

test_place if {
	facts.place == "acme/prod" with input as f.install
	facts.place == "acme" with input as f.of_tenant(f.install)
	facts.place == "the installation" with input as f.installed(f.install)
	facts.owner == "acme" with input as f.install
	facts.owner == "the installation" with input as f.installed(f.install)
}
