# METADATA
# title: Delete an instance, or uninstall a definition
# description: Who may delete an instance, and who may uninstall a definition, which is the installation's.
package maestro.adapter.uninstall

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons
import data.maestro.rules.place

# METADATA
# title: Admins delete instances
# description: Allowed to platform admins, and tenant admins in their own tenant.
# entrypoint: true
default allow := false

allow if access.manages

# METADATA
# title: Not entitled to delete instances
# description: Only for platform admins, and tenant admins in their own tenant.
# custom:
#   id: not-entitled-to-uninstall
#   remediation: Ask an admin of the tenant to do it.
#   severity: high
#   mode: enforce
deny contains reason if {
	not allow
	message := sprintf("%s may not delete instances in %s", [access.who, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, access.shown)
}

# METADATA
# title: Deleting in production needs two people
# description: Under dual control, an instance of a production environment is deleted by two people.
# custom:
#   id: production-delete-needs-approval
#   remediation: Ask another admin to approve the request, then repeat the act with its approval id. To make the instance harmless at once, stop it.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	facts.production
	facts.dual_control
	message := sprintf("%s is in production in %s, and deleting it takes the approval of a second person", [input.subject.name, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"instance": input.subject.name, "dualControl": true, "where": facts.place})
}

# METADATA
# title: The shared rules
# description: Who and where; nothing of the adapter, so that what is broken can go. A definition is in no place.
deny contains reason if {
	not of_a_definition
	some reason in place.deny
}

# METADATA
# title: A definition is uninstalled
# description: What is done to a definition takes effect in no tenant, and says what it is and who does it.
of_a_definition if {
	input.action == "adapter-definition.uninstall"
	not input.scope.tenant
	input.principal.id
	input.principal.kind
	input.subject.name
}

# METADATA
# title: The refusals of the profile
# description: What the profile refuses beyond that.
deny contains reason if some reason in data.maestro.profiles[facts.profile].adapter.uninstall.deny

# METADATA
# title: The approvals of the profile
# description: What waits for a second person in this profile beyond that.
require_approval contains reason if some reason in data.maestro.profiles[facts.profile].adapter.uninstall.require_approval
