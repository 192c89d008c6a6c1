# METADATA
# title: Simulation of the profile hosted-saas
# description: Whole questions and their answers where a provider runs the product for tenants who do not know one another.
package maestro.profiles["hosted-saas"].simulation_test

import data.maestro.fixtures_test as f
import data.maestro.simulation_test as simulation

restricted := {"adapter": {"data_sensitivity": "restricted"}}

high := {"adapter": {"adapter_risk_level": "high"}}

partner := {"adapter": {"publisher": "partner"}}

prerelease := {"adapter": {"version": "1.1.0-rc.1"}}

dev := {"scope": {"environment": "dev"}}

speaking_to(host) := object.union(f.install, {"adapter": {"permissions": {"hosts": [host]}}})

set_to(settings) := f.tenant(object.union({"profile": "hosted-saas", "regions": ["eu-central-1", "eu-west-1"]}, settings))

plain := set_to({})

wanting(settings) := object.union(object.remove(f.allow, ["configuration"]), {"configuration": settings})

token(days) := object.union(f.act, {"action": "token.create", "subject": {"type": "token", "name": "build server"}, "configuration": {"roles": ["tenant_developer"], "lifetimeDays": days}})

test_an_instance if simulation.gives(f.install, plain, "allow", set())

test_a_tenant_without_regions if simulation.gives(f.install, f.tenant({"profile": "hosted-saas"}), "deny", {"hosted-saas-regions-missing"})

test_another_region if simulation.gives(object.union(f.install, {"configuration": {"region": "us-east-1"}}), plain, "deny", {"region-not-allowed"})

test_no_region if simulation.gives(object.remove(f.install, ["configuration"]), plain, "deny", {"region-unknown"})

test_of_a_partner if simulation.gives(object.union(f.install, partner), plain, "deny", {"hosted-saas-publisher-not-listed"})

test_of_a_partner_elsewhere_too if simulation.gives(object.union(object.union(f.install, partner), dev), plain, "deny", {"hosted-saas-publisher-not-listed"})

test_of_a_partner_who_is_listed if simulation.gives(object.union(f.install, partner), set_to({"allowedPublishers": ["maestro", "partner"]}), "allow", set())

test_of_a_partner_who_is_listed_for_the_installation if simulation.gives(object.union(f.install, partner), object.union(plain, {"platform": {"allowedPublishers": ["partner"]}}), "allow", set())

test_of_high_risk if simulation.gives(object.union(f.install, high), plain, "deny", {"risk-above-limit", "high-risk-needs-approval"})

test_of_high_risk_where_that_is_allowed if simulation.gives(object.union(f.install, high), set_to({"maxRisk": "high"}), "approval", {"high-risk-needs-approval"})

test_for_restricted_data if simulation.gives(object.union(f.install, restricted), plain, "allow", set())

test_for_restricted_data_outside_production if simulation.gives(object.union(object.union(f.install, restricted), dev), plain, "deny", {"hosted-saas-restricted-outside-production"})

test_a_pre_release_in_production if simulation.gives(object.union(f.install, prerelease), plain, "deny", {"hosted-saas-prerelease-in-production"})

test_a_pre_release_elsewhere if simulation.gives(object.union(object.union(f.install, prerelease), dev), plain, "allow", set())

test_the_node_itself if simulation.gives(speaking_to("127.0.0.1:9000"), plain, "deny", {"hosted-saas-private-host"})

test_the_provider_s_network if simulation.gives(speaking_to("10.1.2.3"), plain, "deny", {"hosted-saas-private-host"})

test_more_of_the_provider_s_network if simulation.gives(speaking_to("172.20.0.9:443"), plain, "deny", {"hosted-saas-private-host"})

test_the_cloud_s_metadata if simulation.gives(speaking_to("169.254.169.254"), plain, "deny", {"hosted-saas-private-host"})

test_an_address_that_only_looks_like_it if simulation.gives(speaking_to("172.217.16.195"), plain, "allow", set())

test_configured_for_a_private_host if simulation.gives(object.union(f.configure, {"adapter": {"permissions": {"hosts": ["localhost"]}}}), plain, "deny", {"hosted-saas-private-host"})

test_upgraded_to_a_partner_s if simulation.gives(object.union(f.upgrade, partner), plain, "deny", {"hosted-saas-publisher-not-listed"})

test_rolled_back_to_a_pre_release if simulation.gives(object.union(f.rollback, {"adapter": {"version": "0.9.0-rc.1"}}), plain, "deny", {"hosted-saas-prerelease-in-production"})

test_started_after_its_publisher_was_taken_off_the_list if simulation.gives(object.union(f.start, partner), plain, "deny", {"hosted-saas-publisher-not-listed"})

test_stopped_all_the_same if simulation.gives(object.union(f.stop, partner), plain, "allow", set())

test_a_deletion_in_production if simulation.gives(f.uninstall, plain, "approval", {"production-delete-needs-approval"})

test_a_deletion_elsewhere if simulation.gives(object.union(f.uninstall, dev), plain, "allow", set())

test_a_developer_calls if simulation.gives(f.call, plain, "allow", set())

test_a_developer_calls_for_restricted_data if simulation.gives(object.union(f.call, restricted), plain, "deny", {"hosted-saas-developer-call"})

test_the_same_elsewhere if simulation.gives(object.union(object.union(f.call, restricted), dev), plain, "allow", set())

test_a_developer_who_is_an_admin_too if simulation.gives(object.union(object.union(f.call, restricted), {"principal": {"roles": ["tenant_admin", "tenant_developer"]}}), plain, "allow", set())

test_a_developer_who_is_a_program_too if simulation.gives(object.union(object.union(f.call, restricted), {"principal": {"roles": ["tenant_developer", "service"]}}), plain, "allow", set())

test_a_program_calls_for_restricted_data if simulation.gives(object.union(object.union(f.call, restricted), {"principal": {"roles": ["service"]}}), plain, "allow", set())

test_a_secret if simulation.gives(f.secret, plain, "allow", set())

test_an_adapter_approved_by_the_provider if simulation.gives(f.decide, plain, "allow", set())

test_an_adapter_approved_by_the_tenant if simulation.gives(f.by(f.decide, f.other_tenant_admin), plain, "deny", {"hosted-saas-approver-of-tenant"})

test_an_adapter_rejected_by_the_tenant if simulation.gives(object.union(f.by(f.decide, f.other_tenant_admin), {"request": {"verdict": "reject"}}), plain, "allow", set())

test_a_deletion_approved_by_the_tenant if simulation.gives(object.union(f.by(f.decide, f.other_tenant_admin), {"request": {"entryPoint": "adapter/uninstall", "action": "instance.delete"}}), plain, "allow", set())

test_the_first_settings if simulation.gives(wanting({"profile": "hosted-saas", "regions": ["eu-central-1"]}), {}, "allow", set())

test_settings_without_regions if simulation.gives(wanting({"profile": "hosted-saas"}), {}, "deny", {"hosted-saas-wanted-regions-missing"})

test_settings_with_the_installation_s_regions if simulation.gives(wanting({"profile": "hosted-saas"}), {"platform": {"regions": ["eu-central-1"]}}, "allow", set())

test_settings_without_dual_control if simulation.gives(wanting({"profile": "hosted-saas", "regions": ["eu-central-1"], "dualControl": false}), {}, "deny", {"hosted-saas-dual-control-off"})

test_settings_with_high_risk if simulation.gives(wanting({"profile": "hosted-saas", "regions": ["eu-central-1"], "maxRisk": "high"}), {}, "approval", {"hosted-saas-high-risk-tenant"})

test_settings_with_high_risk_later if simulation.gives(wanting({"profile": "hosted-saas", "regions": ["eu-central-1"], "maxRisk": "high"}), plain, "approval", {"hosted-saas-high-risk-tenant", "loosening-needs-approval"})

test_a_token_for_90_days if simulation.gives(token(90), plain, "allow", set())

test_a_token_for_a_year if simulation.gives(token(365), plain, "deny", {"hosted-saas-token-lifetime"})

test_an_adapter_submitted_by_a_partner if simulation.gives(object.union(f.submit, partner), {"platform": {"profile": "hosted-saas"}}, "allow", set())
