# METADATA
# title: Any other act
# description: What the profile hosted-saas adds here.
package maestro.profiles["hosted-saas"].act

import data.maestro.facts
import data.maestro.reasons

# METADATA
# title: The token would live too long
# description: Tokens of a service's tenants are good for at most 90 days.
# custom:
#   id: hosted-saas-token-lifetime
#   remediation: Ask for at most 90 days, and rotate the token before it ends.
#   severity: medium
#   mode: enforce
deny contains reason if {
	input.action == "token.create"
	input.configuration.lifetimeDays > 90
	message := sprintf("%s would be good for %d days, and tokens of %s are good for 90 at most", [input.subject.name, input.configuration.lifetimeDays, facts.owner])
	reason := reasons.of(rego.metadata.rule(), message, {"subject": input.subject.name, "lifetimeDays": input.configuration.lifetimeDays, "longest": 90, "where": facts.owner})
}
