# METADATA
# title: Simulation of the profile internal
# description: Whole questions and their answers where a company runs the product for itself.
package maestro.profiles.internal.simulation_test

import data.maestro.fixtures_test as f
import data.maestro.simulation_test as simulation

high := {"adapter": {"adapter_risk_level": "high"}}

restricted := {"adapter": {"adapter_risk_level": "high", "data_sensitivity": "restricted"}}

partner := {"adapter": {"publisher": "partner"}}

prerelease := {"adapter": {"version": "1.1.0-rc.1"}}

dev := {"scope": {"environment": "dev"}}

dual := f.tenant({"profile": "internal", "dualControl": true})

test_an_instance_nothing_set if simulation.gives(f.install, {}, "allow", set())

test_the_same_said_to_be_internal if simulation.gives(f.install, f.tenant({"profile": "internal"}), "allow", set())

test_by_a_platform_admin if simulation.gives(f.by(f.install, f.platform_admin), {}, "allow", set())

test_of_a_partner_only_in_the_shadow if simulation.gives(object.union(f.install, partner), {}, "allow", set())

test_of_a_partner_who_is_listed if simulation.gives(object.union(f.install, partner), f.tenant({"allowedPublishers": ["partner"]}), "allow", set())

test_of_high_risk if simulation.gives(object.union(f.install, high), {}, "allow", {"internal-high-risk-alone"})

test_of_high_risk_under_dual_control if simulation.gives(object.union(f.install, high), dual, "approval", {"high-risk-needs-approval"})

test_of_high_risk_above_the_limit if simulation.gives(object.union(f.install, high), f.tenant({"maxRisk": "medium"}), "deny", {"risk-above-limit", "internal-high-risk-alone"})

test_restricted_and_high if simulation.gives(object.union(f.install, restricted), {}, "approval", {"internal-restricted-high-risk", "internal-high-risk-alone"})

test_restricted_and_high_upgraded if simulation.gives(object.union(f.upgrade, restricted), dual, "approval", {"internal-restricted-high-risk", "high-risk-needs-approval", "upgrade-raises-risk"})

test_restricted_and_high_rolled_back if simulation.gives(object.union(f.rollback, restricted), dual, "approval", {"internal-restricted-high-risk", "high-risk-needs-approval"})

test_restricted_and_high_configured if simulation.gives(object.union(f.configure, restricted), dual, "approval", {"internal-restricted-high-risk", "high-risk-needs-approval"})

test_a_pre_release_in_production if simulation.gives(object.union(f.install, prerelease), {}, "allow", {"internal-prerelease-in-production"})

test_a_pre_release_elsewhere if simulation.gives(object.union(object.union(f.install, prerelease), dev), {}, "allow", set())

test_an_upgrade_to_a_pre_release if simulation.gives(object.union(f.upgrade, prerelease), {}, "allow", {"internal-prerelease-in-production"})

test_a_rollback_to_a_pre_release if simulation.gives(object.union(f.rollback, {"adapter": {"version": "0.9.0-rc.1"}}), {}, "allow", {"internal-prerelease-in-production"})

test_a_start_of_high_risk if simulation.gives(object.union(f.start, high), dual, "allow", set())

test_a_stop if simulation.gives(f.stop, dual, "allow", set())

test_a_deletion if simulation.gives(f.uninstall, {}, "allow", set())

test_a_deletion_in_production_under_dual_control if simulation.gives(f.uninstall, dual, "approval", {"production-delete-needs-approval"})

test_a_call_by_a_developer if simulation.gives(f.call, {}, "allow", set())

test_a_call_by_a_program if simulation.gives(object.union(f.call, {"principal": object.union(f.service, {"tenant": "acme"})}), {}, "allow", set())

test_a_call_by_a_stranger if simulation.gives(f.by(f.call, f.stranger), {}, "deny", {"not-entitled-to-call"})

test_a_submission if simulation.gives(f.submit, {}, "allow", set())

test_a_secret if simulation.gives(f.secret, {}, "allow", set())

test_settings if simulation.gives(f.allow, {}, "allow", set())

test_settings_under_dual_control if simulation.gives(f.allow, dual, "approval", {"loosening-needs-approval"})

test_data_in_its_region if simulation.gives(f.residency, {}, "allow", set())

test_a_decision_by_a_reviewer if simulation.gives(f.decide, {}, "allow", set())

test_a_secret_put if simulation.gives(f.act, {}, "allow", set())

test_trusting_a_publisher if simulation.gives(object.union(f.installed(f.by(f.act, f.platform_admin)), {"action": "publisher-key.trust"}), {}, "allow", set())
