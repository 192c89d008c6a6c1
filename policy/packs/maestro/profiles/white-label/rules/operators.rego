# METADATA
# title: Rules about operators
# description: What the partner's own people do to their customers' instances.
package maestro.profiles["white-label"].rules.operators

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Operators change a customer's production in twos
# description: Whoever is of no tenant changes a tenant's production with a second person.
# custom:
#   id: white-label-operator-in-production
#   remediation: Ask an admin of the tenant, or another operator, to approve the request, then repeat the act with its approval id.
#   severity: high
#   mode: enforce
require_approval contains reason if {
	facts.production
	facts.dual_control
	not input.principal.tenant
	message := sprintf("%s is not of %s, and %s is production", [access.who, input.scope.tenant, facts.place])
	reason := reasons.of(rego.metadata.rule(), message, {"principal": input.principal.id, "roles": input.principal.roles, "dualControl": true, "where": facts.place})
}

# METADATA
# title: Operators do not reach restricted data
# description: Instances that are meant for restricted data are called by their tenant only.
# custom:
#   id: white-label-operator-call
#   remediation: Use a token of the tenant, made by its admin.
#   severity: high
#   mode: enforce
deny contains reason if {
	input.adapter.data_sensitivity == "restricted"
	not input.principal.tenant
	input.principal.kind != "system"
	message := sprintf("%s is not of %s, and %s is meant for restricted data", [access.who, input.scope.tenant, input.subject.name])
	reason := reasons.of(rego.metadata.rule(), message, {"principal": input.principal.id, "roles": input.principal.roles, "instance": input.subject.name, "data_sensitivity": "restricted", "where": facts.place})
}
