# METADATA
# title: Rules about who and where
# description: A rule that does not know who asks, or where, is silent, and silence must not be consent.
package maestro.rules.place

import data.maestro.reasons

# METADATA
# title: It is not said who, what or where
# description: A question about an instance says who asks, about which instance, of which tenant and environment.
# custom:
#   id: instance-not-described
#   remediation: This is a fault of the server, nothing to mend from outside. Report it with the correlation id.
#   severity: critical
#   mode: enforce
deny contains reason if {
	not described
	message := "the server did not tell the policy who asks, about which instance, and where it runs"
	reason := reasons.of(rego.metadata.rule(), message, {"asked": object.get(input, "entryPoint", "unknown")})
}

# METADATA
# title: All is there
# description: What rules refer to in conditions and sentences.
described if {
	input.principal.id
	input.principal.kind
	input.scope.tenant
	input.scope.environment
	input.subject.name
}
