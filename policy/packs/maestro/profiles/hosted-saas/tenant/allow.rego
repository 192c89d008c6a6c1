# METADATA
# title: Change what a tenant may use
# description: What the profile hosted-saas adds here.
package maestro.profiles["hosted-saas"].tenant.allow

import data.maestro.reasons

# METADATA
# title: A tenant needs regions
# description: Before a tenant stores anything, it is settled where its data may be kept.
# custom:
#   id: hosted-saas-wanted-regions-missing
#   remediation: Add regions to the settings, for example eu-central-1.
#   severity: high
#   mode: enforce
deny contains reason if {
	not input.configuration.regions
	not data.settings.platform.regions
	message := sprintf("%s would have no regions, and the profile hosted-saas asks for them", [input.scope.tenant])
	reason := reasons.of(rego.metadata.rule(), message, {"tenant": input.scope.tenant, "profile": "hosted-saas"})
}

# METADATA
# title: Dual control stays on
# description: A tenant of a service is not taken out of dual control.
# custom:
#   id: hosted-saas-dual-control-off
#   remediation: Leave dualControl out of the settings, or set it to true.
#   severity: critical
#   mode: enforce
deny contains reason if {
	input.configuration.dualControl == false
	message := sprintf("%s would be without dual control, which the profile hosted-saas does not allow", [input.scope.tenant])
	reason := reasons.of(rego.metadata.rule(), message, {"tenant": input.scope.tenant, "dualControl": false, "profile": "hosted-saas"})
}

# METADATA
# title: Letting a tenant use adapters of high risk takes two people
# description: The provider answers for what its tenants run beside one another.
# custom:
#   id: hosted-saas-high-risk-tenant
#   remediation: Ask another platform admin to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	input.configuration.maxRisk == "high"
	message := sprintf("%s would be allowed adapters of risk high, which the profile hosted-saas does by two people", [input.scope.tenant])
	reason := reasons.of(rego.metadata.rule(), message, {"tenant": input.scope.tenant, "maxRisk": "high", "profile": "hosted-saas"})
}
