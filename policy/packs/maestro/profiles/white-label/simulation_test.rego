# METADATA
# title: Simulation of the profile white-label
# description: Whole questions and their answers where a partner runs the product for its customers, under its own name.
package maestro.profiles["white-label"].simulation_test

import data.maestro.fixtures_test as f
import data.maestro.simulation_test as simulation

restricted := {"adapter": {"data_sensitivity": "restricted"}}

partner := {"adapter": {"publisher": "partner"}}

prerelease := {"adapter": {"version": "1.1.0-rc.1"}}

dev := {"scope": {"environment": "dev"}}

operator(question) := f.by(question, f.platform_admin)

set_to(settings) := f.tenant(object.union({"profile": "white-label"}, settings))

plain := set_to({})

alone := set_to({"dualControl": false})

test_an_instance if simulation.gives(f.install, plain, "allow", set())

test_the_profile_is_the_installation_s if simulation.gives(f.install, {"platform": {"profile": "white-label"}}, "allow", set())

test_of_a_partner_in_production if simulation.gives(object.union(f.install, partner), plain, "deny", {"white-label-publisher-in-production"})

test_of_a_partner_elsewhere if simulation.gives(object.union(object.union(f.install, partner), dev), plain, "allow", set())

test_of_a_partner_who_is_listed if simulation.gives(object.union(f.install, partner), set_to({"allowedPublishers": ["maestro", "partner"]}), "allow", set())

test_of_a_partner_where_others_are_listed if simulation.gives(object.union(f.install, partner), set_to({"allowedPublishers": ["maestro"]}), "deny", {"publisher-not-allowed"})

test_of_high_risk if simulation.gives(object.union(f.install, {"adapter": {"adapter_risk_level": "high"}}), plain, "approval", {"high-risk-needs-approval"})

test_of_high_risk_without_dual_control if simulation.gives(object.union(f.install, {"adapter": {"adapter_risk_level": "high"}}), alone, "allow", set())

test_for_restricted_data if simulation.gives(object.union(f.install, restricted), plain, "approval", {"white-label-restricted-data"})

test_for_restricted_data_without_dual_control if simulation.gives(object.union(f.install, restricted), alone, "allow", set())

test_for_restricted_data_configured if simulation.gives(object.union(f.configure, restricted), plain, "approval", {"white-label-restricted-data"})

test_for_restricted_data_upgraded if simulation.gives(object.union(f.upgrade, restricted), plain, "approval", {"white-label-restricted-data"})

test_for_restricted_data_rolled_back if simulation.gives(object.union(f.rollback, restricted), plain, "approval", {"white-label-restricted-data"})

test_a_pre_release_in_production if simulation.gives(object.union(f.install, prerelease), plain, "deny", {"white-label-prerelease-in-production"})

test_an_upgrade_to_a_pre_release_in_production if simulation.gives(object.union(f.upgrade, prerelease), plain, "deny", {"white-label-prerelease-in-production"})

test_a_pre_release_elsewhere if simulation.gives(object.union(object.union(f.install, prerelease), dev), plain, "allow", set())

test_an_operator_in_a_customer_s_production if simulation.gives(operator(f.install), plain, "approval", {"white-label-operator-in-production"})

test_an_operator_in_a_customer_s_production_without_dual_control if simulation.gives(operator(f.install), alone, "allow", set())

test_an_operator_elsewhere if simulation.gives(object.union(operator(f.install), dev), plain, "allow", set())

test_an_operator_configures if simulation.gives(operator(f.configure), plain, "approval", {"white-label-operator-in-production"})

test_an_operator_deletes if simulation.gives(operator(f.uninstall), plain, "approval", {"white-label-operator-in-production", "production-delete-needs-approval"})

test_an_operator_stops if simulation.gives(operator(f.stop), plain, "allow", set())

test_an_operator_starts if simulation.gives(operator(f.start), plain, "allow", set())

test_an_operator_calls if simulation.gives(operator(f.call), plain, "allow", set())

test_an_operator_calls_for_restricted_data if simulation.gives(object.union(operator(f.call), restricted), plain, "deny", {"white-label-operator-call"})

test_a_developer_calls_for_restricted_data if simulation.gives(object.union(f.call, restricted), plain, "allow", set())

test_the_server_checks_a_login if simulation.gives(object.union(f.by(f.call, f.system("identity")), restricted), plain, "allow", set())

test_a_secret if simulation.gives(f.secret, plain, "allow", set())

test_settings if simulation.gives(object.union(f.allow, {"configuration": {"profile": "white-label"}}), plain, "allow", set())

test_settings_without_dual_control if simulation.gives(object.union(f.allow, {"configuration": {"profile": "white-label", "dualControl": false}}), plain, "approval", {"loosening-needs-approval"})

test_data_in_its_region if simulation.gives(f.residency, plain, "allow", set())

test_a_decision_by_a_colleague if simulation.gives(f.by(f.decide, f.other_tenant_admin), plain, "allow", set())

test_a_secret_put if simulation.gives(f.act, plain, "allow", set())

test_an_environment_of_production_deleted if simulation.gives(object.union(f.act, {"action": "environment.delete", "subject": {"type": "environment", "name": "prod"}}), plain, "approval", {"environment-delete-needs-approval"})
