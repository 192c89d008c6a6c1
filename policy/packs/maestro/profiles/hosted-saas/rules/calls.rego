# METADATA
# title: Rules about calls
# description: Who reaches restricted data.
package maestro.profiles["hosted-saas"].rules.calls

import data.maestro.access
import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: Developers do not reach restricted data in production
# description: In production, instances that are meant for restricted data are called by programs and admins.
# custom:
#   id: hosted-saas-developer-call
#   remediation: Use a token with the role service, made by an admin of the tenant.
#   severity: high
#   mode: enforce
deny contains reason if {
	input.adapter.data_sensitivity == "restricted"
	"tenant_developer" in input.principal.roles
	facts.production
	not privileged
	message := sprintf("%s calls as a developer, and %s is meant for restricted data in production", [access.who, input.subject.name])
	reason := reasons.of(rego.metadata.rule(), message, {"principal": input.principal.id, "roles": input.principal.roles, "instance": input.subject.name, "data_sensitivity": "restricted", "where": facts.place})
}

# METADATA
# scope: document
# title: More than a developer
# description: The principal is an admin or a program too.
privileged if access.manages

privileged if "service" in input.principal.roles
