# METADATA
# title: Change what a tenant may use
# description: Who may change the policy settings of a tenant, and to what. The wanted settings stand in input.configuration.
package maestro.tenant.allow

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Platform admins set the limits of tenants
# description: Allowed to platform admins. A tenant restricts itself further with a pack of its own.
# entrypoint: true
default allow := false

allow if {
	"platform_admin" in input.principal.roles
	not input.principal.tenant
}

# METADATA
# title: Not entitled to change policy settings
# description: Only for platform admins.
# custom:
#   id: not-entitled-to-change-settings
#   remediation: Ask a platform admin. To restrict your own tenant further, push a policy pack of the tenant.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not change the policy settings of %s", [access.who, input.scope.tenant])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: The settings are not described
# description: A question about settings says who wants which settings for which tenant.
# custom:
#   id: settings-not-described
#   remediation: This is a fault of the server, nothing to mend from outside. Report it with the correlation id.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not described
	message := "the server did not tell the policy who wants which settings for which tenant"
	reason := reasons.of(rego.metadata.rule(), message, {"where": facts.place})
}

# METADATA
# title: All is there
# description: What rules refer to in conditions and sentences.
described if {
	input.principal.id
	input.scope.tenant
	is_object(input.configuration)
}

# METADATA
# title: The wanted profile
# description: As the wanted settings say, else as the installation's say, else as the nodes were started.
wanted_profile := input.configuration.profile
else := data.settings.platform.profile
else := data.settings.node.profile
else := "internal"

# METADATA
# title: Whether somebody chooses the profile
# description: It stands in the settings, rather than being what the nodes were started with.
chosen_profile if input.configuration.profile

chosen_profile if data.settings.platform.profile

# METADATA
# title: The wanted profile is not known
# description: A tenant can be set to a profile only when an active pack defines it.
# custom:
#   id: wanted-profile-unknown
#   remediation: Choose internal, white-label or hosted-saas, or push the pack that defines this one first.
#   severity: medium
#   mode: enforce
deny contains reason if {
	not data.maestro.profiles[wanted_profile].defaults
	message := sprintf("%s would have the profile %s, and no active pack defines it", [input.scope.tenant, wanted_profile])
	reason := reasons.of(rego.metadata.rule(), message, {"tenant": input.scope.tenant, "profile": wanted_profile})
}

# METADATA
# scope: document
# title: What would be loosened
# description: The settings that would allow more than before.
loosened contains "maxRisk" if {
	facts.risk_order[wanted_max_risk] > facts.risk_order[facts.max_risk]
}

loosened contains "dualControl" if {
	facts.dual_control
	not wanted_dual_control
}

loosened contains "profile" if wanted_profile != facts.profile

loosened contains "productionEnvironments" if {
	some environment in facts.production_environments
	not environment in wanted_production_environments
}

loosened contains name if {
	some name in ["allowedAdapterTypes", "allowedPublishers", "regions"]
	before := object.get(data.settings, ["tenants", input.scope.tenant, name], object.get(data.settings, ["platform", name], null))
	is_array(before)
	wider(before, object.get(input.configuration, name, object.get(data.settings, ["platform", name], null)))
}

# METADATA
# title: The highest risk that is wanted
# description: As the wanted settings say, else as would then hold.
wanted_max_risk := input.configuration.maxRisk
else := data.settings.platform.maxRisk
else := data.maestro.profiles[wanted_profile].defaults.max_risk

# METADATA
# title: Whether dual control is wanted
# description: As the wanted settings say, else as would then hold.
wanted_dual_control := input.configuration.dualControl
else := data.settings.platform.dualControl
else := false if not chosen_profile
else := data.maestro.profiles[wanted_profile].defaults.dual_control

# METADATA
# title: The production environments that are wanted
# description: As the wanted settings say, else as would then hold.
wanted_production_environments := input.configuration.productionEnvironments
else := data.settings.platform.productionEnvironments
else := facts.usual_production_environments

# METADATA
# scope: document
# title: Whether a list would become wider
# description: An absent list allows everything.
wider(_, after) if not is_array(after)

wider(before, after) if {
	some name in after
	not name in before
}

# METADATA
# title: Loosening limits needs two people
# description: Under dual control, what a tenant may do is widened by two people. Narrowing it takes one.
# custom:
#   id: loosening-needs-approval
#   remediation: Ask another platform admin to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	facts.dual_control
	count(loosened) > 0
	message := sprintf("this would change %s of %s, which takes the approval of a second person", [concat(", ", sort(loosened)), input.scope.tenant])
	reason := reasons.of(rego.metadata.rule(), message, {"tenant": input.scope.tenant, "loosened": loosened, "dualControl": true})
}

# METADATA
# title: The refusals of the profile
# description: What the wanted profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[wanted_profile].tenant.allow.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in the wanted profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[wanted_profile].tenant.allow.require_approval
